import { describe, expect, test } from 'vitest';
import type { HedgeInspection } from '../../../../src/agents/inspection.ts';
import { lots, nanos, ticks } from '../../../../src/core/units.ts';
import type { Simulation } from '../../../../src/sim/simulation.ts';
import { kindOf, simulation, tinyScenario } from '../../../support/tiny.ts';

/** Bids 2,000 dollars above the best offer for a call, after a minute, again and again. */
const fool = kindOf('fool', ({ chain }) => {
  const call = chain.options.find(({ right, strike }) => right === 'call' && strike === 70_000);
  return {
    onOpen: (desk) => {
      if (call === undefined) throw new Error('no such call');
      desk.watchQuietly(call.id);
      desk.wakeAt(nanos(60e9));
    },
    onWake: (desk) => {
      if (call === undefined) return;
      const { ask } = desk.bbo(call.id);
      // It buys what is offered, and rests with the rest of its wish.
      if (ask !== undefined) {
        desk.submit({ instrument: call.id, side: 'buy', type: 'limit', price: ticks(ask + 400), lots: lots(500) });
      }
    },
  };
});

/** All hedges that the subject tells of within so many seconds of a run, one look a second. */
function hedges(
  changes: readonly string[],
  seed: string,
  seconds: number,
  verify = false,
): { readonly told: HedgeInspection[]; readonly sim: Simulation } {
  const sim = simulation(tinyScenario(changes, [fool]), seed, verify);
  const told: HedgeInspection[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    sim.advance(second);
    const last = sim.subject.agent.inspect?.().lastHedge;
    if (last !== undefined && last !== told.at(-1)) told.push(last);
  }
  return { told, sim };
}

describe('a maker in a market', () => {
  test('tells of its hedges: without a wish for others, of those of delta alone', () => {
    const { told, sim } = hedges(['agents.maker.limits.delta=0.2'], '1', 60);
    expect(told.length).toBeGreaterThan(0);
    const lines = sim.records.recorder.log.map(({ text }) => text).filter((text) => text.startsWith('hedge: '));
    expect(lines.length).toBeGreaterThanOrEqual(told.length);
    expect(lines[0]).toMatch(/^hedge: (buy|sell) [\d.]+ BTC-PERP: delta -?[\d.]+ (outside|beyond)/);
    for (const { kind, instrument } of told) {
      expect(['band', 'limit']).toContain(kind);
      expect(instrument).toBe(0);
    }
  });

  test('finds a price that contradicts the others, and no other', () => {
    // Its quotes fill the limits of this scenario: they leave no room for more.
    const taking = ['agents.maker.arbitrage={ edgeDollars: 20 }', 'agents.maker.limits.vega=4000'];
    const found = hedges([...taking, 'agents.fool={ kind: fool }'], '1', 65, true).told.filter(({ kind }) => kind === 'arbitrage');
    expect(found.length).toBeGreaterThan(0);
    for (const { atSeconds, reason } of found) {
      expect(atSeconds).toBeGreaterThanOrEqual(60);
      expect(reason).toMatch(/70000/);
    }
    for (const seed of ['1', '2']) {
      const without = hedges(taking, seed, 120).told;
      expect(without.filter(({ kind }) => kind === 'arbitrage')).toEqual([]);
    }
  });

  test('takes none while it only reduces what it holds', () => {
    const taking = [
      'agents.maker.arbitrage={ edgeDollars: 20 }',
      'agents.maker.limits={ vega: 4000, marginDollars: 1 }',
      'agents.fool={ kind: fool }',
    ];
    const { told, sim } = hedges(taking, '1', 65);
    expect(sim.subject.agent.inspect?.().state).toMatch(/margin/);
    expect(told.filter(({ kind }) => kind === 'arbitrage')).toEqual([]);
  });

  test('hedges its vega with options where risk is dear enough, and keeps to its limits', () => {
    const changes = ['agents.maker.riskAversion=0.5', 'agents.maker.optionHedge={ horizonMinutes: 600, size: 1 }'];
    const { told, sim } = hedges(changes, '1', 60, true);
    const ofVega = told.filter(({ kind }) => kind === 'vega');
    expect(ofVega.length).toBeGreaterThan(0);
    for (const { reason } of ofVega) expect(reason).toMatch(/^saves [\d.]+ \$ of risk per contract over 600 min/);
    for (const { name, value, limit } of sim.subject.agent.inspect?.().limits ?? []) {
      // Held delta has no limit that quotes keep: it is hedged.
      if (name !== 'delta') expect(value).toBeLessThanOrEqual(limit * (1 + 1e-9));
    }
  });
});
