import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import type { ChainSnapshot } from '../../src/calibration/chain-snapshot.ts';
import { chosenExpiries } from '../../src/calibration/scenario-choice.ts';
import { calibratedScenario } from '../../src/calibration/scenario-text.ts';
import { type ExpiryFit, surfaceFit } from '../../src/calibration/surface-fit.ts';
import { readDeribitChain } from '../../src/data/deribit-chain.ts';
import { FactorSurface } from '../../src/pricing/factors.ts';
import { sliceVol } from '../../src/pricing/ssvi.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { DERIBIT_COLUMNS, deribitCsv, type KnownExpiry, quotedSurface } from '../support/deribit-csv.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/data/deribit-chain-snapshots/', import.meta.url));
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.csv')) : [];
if (files.length === 0) console.log('scenario-text: real chains skipped, ../shared/data/deribit-chain-snapshots is absent');

/** A surface of known vol with quotes around it. */
function synthetic(atmVol: number, days: readonly number[]): ChainSnapshot {
  const expiries = days.map((day): KnownExpiry => {
    const theta = (atmVol * atmVol * day) / 365;
    return { days: day, forward: 90_000 * Math.exp(0.04 * (day / 365)), slice: { theta, rho: -0.2, psi: Math.sqrt(0.8 * theta) } };
  });
  const noise = { seed: '1', widthVol: 0.01, noiseVol: 0.001, missing: 0.05, strikes: 25 };
  return readDeribitChain('dir/synthetic.csv', deribitCsv(quotedSurface(expiries, noise), DERIBIT_COLUMNS));
}

function roundTrip(snapshot: ChainSnapshot): { scenario: Scenario; text: string; worst: number; moved: number } {
  const fit = surfaceFit(snapshot);
  const made = calibratedScenario(snapshot, fit);
  if (made === undefined) throw new Error('no scenario');
  const scenario = parseScenario('made.yaml', made.text, BUILT_IN_AGENTS);
  const surface = new FactorSurface(scenario.valuation.tenors);
  surface.update(scenario.world.factors, 0);
  let worst = 0;
  let moved = 0;
  for (const [i, expiry] of scenario.chain.expiries.entries()) {
    const fitted = fit.expiries.find((one) => one.label === expiry.label);
    if (fitted === undefined) throw new Error(`no fit of ${expiry.label}`);
    moved = Math.max(moved, Math.abs((fit.spot * Math.exp(expiry.carry * expiry.years)) / fitted.forward - 1));
    for (const strike of expiry.strikes) {
      const k = Math.log(strike / fitted.forward);
      worst = Math.max(worst, Math.abs(surface.vol(i, k) - sliceVol(fitted, k, fitted.years)));
    }
  }
  return { scenario, text: made.text, worst, moved };
}

test('the scenario opens on the fitted surface, to 1e-6 of vol, and on its forwards', () => {
  const { scenario, text, worst, moved } = roundTrip(synthetic(0.5, [1, 3, 7, 14, 30, 60, 90, 180, 300, 500]));
  expect(worst).toBeLessThan(1e-6);
  expect(moved).toBeLessThan(1e-12);
  expect(scenario.chain.expiries.map((expiry) => Math.round(365 * expiry.years))).toHaveLength(6);
  expect(scenario.chain.expiries.every((expiry) => expiry.years * 365 >= 2 && expiry.years * 365 <= 366)).toBe(true);
  expect(scenario.chain.expiries.every((expiry) => expiry.strikes.length === 9)).toBe(true);
  expect(scenario.world.spot).toBe(90_000);
  expect(text).not.toMatch(/[^\x20-\x7e\n]/);
  expect(text.split('\n')[0]).toBe('# What does a maker that follows the forecast earn on the BTC surface of 2026-01-02, 08:00 UTC?');
});

test.each([
  [0.35, 'calm'],
  [0.5, 'normal'],
  [0.8, 'stressed'],
])('at a vol of %d the market is %s', (vol, regime) => {
  const { scenario, text } = roundTrip(synthetic(vol, [7, 30, 90]));
  expect(scenario.world.regimes[scenario.world.startRegime]?.name).toBe(regime);
  expect(text).toContain(`is a ${regime} market`);
});

test('strikes lie between deltas of .9 and .1, and expiries of one step of time are not taken twice before others', () => {
  const snapshot = synthetic(0.5, [2, 3, 30, 31, 32, 33, 34, 35, 36, 300]);
  const chosen = chosenExpiries(snapshot, surfaceFit(snapshot).expiries);
  const days = chosen.map((expiry) => Math.round(365 * expiry.years));
  expect(days).toHaveLength(6);
  expect(days).toEqual(expect.arrayContaining([300]));
  expect(days[0]).toBeLessThan(4);
  for (const { strikes, forward, atmVol, years } of chosen) {
    const stdev = atmVol * Math.sqrt(years);
    expect(strikes.length).toBeGreaterThan(4);
    expect(Math.log((strikes[0] ?? 0) / forward)).toBeGreaterThan(-1.8 * stdev);
    expect(Math.log((strikes.at(-1) ?? 0) / forward)).toBeLessThan(1.8 * stdev);
    expect([...strikes].sort((a, b) => a - b)).toEqual([...strikes]);
  }
});

test('slices on the edge of arbitrage survive the way through text', () => {
  const snapshot = synthetic(0.5, [7, 30, 90, 180]);
  const fit = surfaceFit(snapshot);
  // On both edges at once: total variance and ψ grow exactly as much as the change of ρ asks for.
  let edge = { theta: 0.01, rho: -0.5, psi: 0.1 };
  const expiries = fit.expiries.map((expiry, i): ExpiryFit => {
    const rho = -0.5 + 0.1 * i;
    const growth = Math.max((1 + edge.rho) / (1 + rho), (1 - edge.rho) / (1 - rho));
    edge = i === 0 ? edge : { theta: edge.theta * growth, rho, psi: edge.psi * growth };
    return { ...expiry, ...edge };
  });
  const made = calibratedScenario(snapshot, { ...fit, expiries });
  expect(() => parseScenario('edge.yaml', made?.text ?? '', BUILT_IN_AGENTS)).not.toThrow();
});

test('without an expiry between two days and a year there is no scenario', () => {
  const snapshot = synthetic(0.5, [1, 500]);
  expect(calibratedScenario(snapshot, surfaceFit(snapshot))).toBeUndefined();
});

test('a source with control characters stays inside its comment', () => {
  const snapshot = synthetic(0.5, [30]);
  const made = calibratedScenario({ ...snapshot, source: 'a\nname: evil\u001b[2J' }, surfaceFit(snapshot));
  expect(made?.text).toContain('# Made by volpit calibrate from a?name: evil?[2J, a snapshot');
  expect(parseScenario('x', made?.text ?? '', BUILT_IN_AGENTS).name).toBe('btc-20260102-0800');
});

test('in ether every size is that of bitcoin times the price ratio, every tick as much smaller', () => {
  const bitcoin = synthetic(0.5, [7, 30, 90]);
  const fit = surfaceFit(bitcoin);
  // The same smiles at a thirtieth of the price.
  const scaled = {
    ...fit,
    symbol: 'ETH',
    spot: fit.spot / 30,
    expiries: fit.expiries.map((expiry) => ({ ...expiry, forward: expiry.forward / 30 })),
  };
  const quotes = bitcoin.quotes.map((quote) => ({ ...quote, strike: quote.strike / 30 }));
  const made = calibratedScenario({ ...bitcoin, symbol: 'ETH', index: bitcoin.index / 30, quotes }, scaled);
  const ether = parseScenario('eth.yaml', made?.text ?? '', BUILT_IN_AGENTS);
  const base = roundTrip(bitcoin).scenario;
  expect(ether.chain.underlying.symbol).toBe('ETH-PERP');
  const k = 20;
  const params = (scenario: Scenario, name: string): Record<string, unknown> =>
    scenario.agents.find((agent) => agent.name === name)?.kind.params.parse(scenario.agents.find((agent) => agent.name === name)?.params) ??
    {};
  const size = (scenario: Scenario, agent: string, ...path: string[]): number =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], params(scenario, agent)) as number;
  for (const [agent, ...path] of [
    ['maker', 'size'],
    ['maker', 'hedger', 'bandMaximum'],
    ['maker', 'limits', 'positionPerSeries'],
    ['maker', 'limits', 'gamma'],
    ['maker', 'limits', 'delta'],
    ['insider', 'size'],
    ['insider', 'positionPerSeries'],
    ['liquidity', 'size'],
    ['rivals', 'size'],
  ] as [string, ...string[]][]) {
    expect([agent, ...path, size(ether, agent, ...path)]).toEqual([agent, ...path, k * size(base, agent, ...path)]);
  }
  expect(ether.world.flow.sizeScale).toBe(k * base.world.flow.sizeScale);
  expect(ether.world.flow.sizeMaximum).toBe(k * base.world.flow.sizeMaximum);
  for (const [i, regime] of ether.world.regimes.entries())
    expect(regime.demand.impact).toBeCloseTo((base.world.regimes[i]?.demand.impact ?? 0) / k, 8);
  expect(ether.chain.options[0]?.tickSize).toBe(0.2);
  expect(ether.chain.underlying.tickSize).toBe(0.05);
});

describe.skipIf(files.length === 0)('real chains of Deribit', () => {
  test.each(files.flatMap((file) => (['BTC', 'ETH'] as const).map((currency) => ({ file, currency }))))(
    '$currency of $file',
    ({ file, currency }) => {
      const snapshot = readDeribitChain(file, readFileSync(FOLDER + file, 'utf8'), { currency });
      const { scenario, worst, moved } = roundTrip(snapshot);
      expect(worst).toBeLessThan(1e-6);
      expect(moved).toBeLessThan(1e-12);
      expect(scenario.chain.expiries).toHaveLength(6);
    },
  );
});
