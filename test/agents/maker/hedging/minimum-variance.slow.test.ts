import { describe, expect, test } from 'vitest';
import { HedgeDelta } from '../../../../src/agents/maker/hedging/hedge-delta.ts';
import { hedgingParams } from '../../../../src/agents/maker/hedging/hedging-params.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import type { Scenario } from '../../../../src/scenario/scenario.ts';
import { forecasterCatalog } from '../../../../src/sim/forecasters.ts';
import { Simulation } from '../../../../src/sim/simulation.ts';
import { studentInterval } from '../../../../src/study/bootstrap.ts';
import { bundledScenario } from '../../../support/bundled-scenario.ts';

const SEEDS = Array.from({ length: 16 }, (_, n) => String(101 + n));
const STEP_SECONDS = 30;
const SECONDS_PER_YEAR = 31_536_000;
/** A result is of so many forecast steps: five minutes. */
const STEPS = 10;
const DEFINITIONS = ['smile', 'black-scholes', 'minimum-variance'] as const;

/** The truth and what the maker tracks at the end of a forecast step. */
interface Look {
  readonly years: number;
  readonly spot: number;
  readonly truth: readonly number[];
  readonly tracked: readonly number[];
}

function looks(scenario: Scenario, seed: string): Look[] {
  const simulation = new Simulation(scenario, { seed, forecasters: forecasterCatalog(scenario.forecast, []) });
  const seen: Look[] = [];
  for (let seconds = STEP_SECONDS; seconds <= scenario.durationSeconds; seconds += STEP_SECONDS) {
    simulation.advance(seconds);
    const tracked = simulation.subject.agent.inspect?.().factors;
    const truth = Array.from({ length: FACTOR_COUNT }, (_, f) => simulation.world.factor(f));
    if (tracked !== undefined) seen.push({ years: seconds / SECONDS_PER_YEAR, spot: simulation.world.spot(), truth, tracked });
  }
  return seen;
}

/** Calls of each expiry with deltas near 0.8, 0.5 and 0.2. */
function picked(scenario: Scenario, at: Look): number[] {
  const theo = valued(scenario, at, at.truth);
  return scenario.chain.expiries.flatMap(({ index }) => {
    const calls = scenario.chain.options.filter(({ expiry, right }) => expiry === index && right === 'call');
    const distance = (id: number, wanted: number): number => Math.abs((theo.delta[id - 1] ?? 0) - wanted);
    return [0.8, 0.5, 0.2].map((wanted) => calls.reduce((a, b) => (distance(b.id, wanted) < distance(a.id, wanted) ? b : a)).id - 1);
  });
}

function valued({ chain, valuation }: Scenario, { spot, years }: Look, factors: readonly number[]): TheoChain {
  const theo = new TheoChain(chain, valuation);
  theo.move(factors, spot, years);
  theo.valueAll();
  return theo;
}

/**
 * Variance of what one option earns in five minutes when its delta is hedged anew at each step, by definition and series, in squared vol points.
 * Time decay and gamma are taken out: they are the same for all.
 */
function variances(scenario: Scenario, path: readonly Look[], series: readonly number[]): number[][] {
  const hedges = DEFINITIONS.map((delta) => new HedgeDelta(scenario.chain, hedgingParams.parse({ delta }), STEP_SECONDS));
  const squares = DEFINITIONS.map(() => series.map(() => 0));
  const sums = DEFINITIONS.map(() => series.map(() => 0));
  let windows = 0;
  for (let i = 0; i + 1 < path.length; i += 1) {
    const [now, next] = [path[i], path[i + 1]];
    if (now === undefined || next === undefined) continue;
    const own = valued(scenario, now, now.tracked);
    const [before, after] = [valued(scenario, now, now.truth), valued(scenario, next, next.truth)];
    const move = next.spot - now.spot;
    DEFINITIONS.forEach((_, d) => {
      hedges[d]?.step(own);
      series.forEach((option, s) => {
        const earned = (after.price[option] ?? 0) - (before.price[option] ?? 0) - (before.theta[option] ?? 0) * (next.years - now.years);
        const hedged = earned - 0.5 * (before.gamma[option] ?? 0) * move * move - (hedges[d]?.of(own, option) ?? 0) * move;
        const row = sums[d];
        if (row !== undefined) row[s] = (row[s] ?? 0) + hedged / ((before.vega[option] ?? 1) / 100);
      });
    });
    if ((i + 1) % STEPS !== 0) continue;
    windows += 1;
    sums.forEach((row, d) => {
      row.forEach((sum, s) => {
        const target = squares[d];
        if (target !== undefined) target[s] = (target[s] ?? 0) + sum * sum;
        row[s] = 0;
      });
    });
  }
  return squares.map((row) => row.map((square) => square / windows));
}

/** Mean log of the ratio of variances to those of the smile's delta, over the series, by definition and seed. */
function ratios(name: string): Record<(typeof DEFINITIONS)[number], number[]> {
  const scenario = bundledScenario(name, ['agents.maker.forecaster=rw']);
  const byDefinition = { smile: [] as number[], 'black-scholes': [] as number[], 'minimum-variance': [] as number[] };
  const bySeries = DEFINITIONS.map(() => [] as number[]);
  let picks: number[] | undefined;
  for (const seed of SEEDS) {
    const path = looks(scenario, seed);
    const first = path[0];
    if (first === undefined) throw new Error('the maker saw nothing');
    picks ??= picked(scenario, first);
    const found = variances(scenario, path, picks);
    DEFINITIONS.forEach((definition, d) => {
      const logs = (found[d] ?? []).map((variance, s) => Math.log(variance / (found[0]?.[s] ?? Number.NaN)));
      byDefinition[definition].push(logs.reduce((sum, log) => sum + log, 0) / logs.length);
      logs.forEach((log, s) => {
        const row = bySeries[d] ?? [];
        row[s] = (row[s] ?? 0) + log / SEEDS.length;
      });
    });
  }
  for (const [d, definition] of DEFINITIONS.entries()) {
    const [low, high] = studentInterval(byDefinition[definition], 0.95);
    const each = (bySeries[d] ?? []).map((log) => Math.exp(log).toFixed(2)).join(' ');
    console.log(
      `${name} ${definition.padEnd(16)} variance over the smile's [${Math.exp(low).toFixed(3)}, ${Math.exp(high).toFixed(3)}]  by expiry and delta ${each}`,
    );
  }
  return byDefinition;
}

const high = (logs: readonly number[]): number => Math.exp(studentInterval(logs, 0.95)[1]);

describe('hedging the delta of least variance', () => {
  test('leaves less of the variance in an index, whose vol goes with it', () => {
    expect(high(ratios('index-normal')['minimum-variance'])).toBeLessThan(1);
  });

  test('leaves less of it in bitcoin on an ordinary day', () => {
    expect(high(ratios('normal')['minimum-variance'])).toBeLessThan(1);
  });

  test('does little harm where little is to be learnt', () => {
    for (const name of ['calm', 'vol-regimes']) expect(high(ratios(name)['minimum-variance'])).toBeLessThan(1.05);
  });
});
