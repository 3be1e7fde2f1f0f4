import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { powerLawPhi } from '../../src/pricing/factors.ts';
import { HOUSE_GRID, stress } from '../../src/risk/stress.ts';
import { portfolioSchema, stressPlan } from '../../src/scenario/portfolio.ts';

const MINIMAL = {
  name: 'one call',
  spot: 100,
  surface: [{ days: 30, atmVol: 0.5, rho: -0.2, eta: 0.9 }],
  positions: [{ kind: 'option', right: 'call', strike: 105, days: 30, quantity: -2 }],
};
const FOLDER = new URL('../../scenarios/portfolios/', import.meta.url);

describe('a portfolio file', () => {
  test('has defaults for all but the market and the positions', () => {
    const document = portfolioSchema.parse(MINIMAL);
    expect(document.rate).toBe(0);
    expect(document.grid).toEqual(HOUSE_GRID);
    expect(document.regimeShifts).toEqual([]);
    expect(portfolioSchema.parse({ ...MINIMAL, grid: { days: [0] } }).grid).toEqual({ ...HOUSE_GRID, days: [0] });
    expect(portfolioSchema.parse({ ...MINIMAL, regimeShifts: [{ name: 'up', level: 0.3 }] }).regimeShifts).toEqual([
      { name: 'up', spot: 0, level: 0.3, slope: 0, skew: 0, curvature: 0 },
    ]);
  });

  test('becomes years and slices', () => {
    const surface = [
      { days: 30, atmVol: 0.5, rho: -0.2, eta: 0.9 },
      { days: 73, forward: 102, atmVol: 0.6, rho: -0.1, psi: 0.2 },
      { days: 365, carry: 0.03, atmVol: 0.6, rho: 0, eta: 1 },
    ];
    const { expiries } = stressPlan(portfolioSchema.parse({ ...MINIMAL, surface })).surface;
    const theta = (0.25 * 30) / 365;
    expect(expiries[0]?.slice.theta).toBeCloseTo(theta, 15);
    expect(expiries[0]?.slice.psi).toBeCloseTo(theta * powerLawPhi(theta, 0.9), 15);
    expect(expiries.map((expiry) => expiry.years)).toEqual([30 / 365, 0.2, 1]);
    expect(expiries.map((expiry) => 100 * Math.exp(expiry.carry * expiry.years))[1]).toBeCloseTo(102, 12);
    expect([expiries[0]?.carry, expiries[1]?.slice.psi, expiries[2]?.carry]).toEqual([0, 0.2, 0.03]);
    expect(stressPlan(portfolioSchema.parse(MINIMAL)).portfolio.positions).toEqual([
      { kind: 'option', right: 'call', strike: 105, years: 30 / 365, quantity: -2 },
    ]);
  });

  const smile = MINIMAL.surface[0];
  test.each<[what: string, change: object, path: string, message: RegExp]>([
    ['an unknown field', { colour: 'red' }, '', /colour/],
    ['a spot of 0', { spot: 0 }, 'spot', />0/],
    ['no smile', { surface: [] }, 'surface', /1/],
    ['expiries out of order', { surface: [{ ...smile, days: 60 }, smile] }, 'surface', /in order/],
    ['an expiry twice', { surface: [smile, smile] }, 'surface', /each once/],
    ['forward and carry', { surface: [{ ...smile, forward: 101, carry: 0.1 }] }, 'surface.0.carry', /not both/],
    ['eta and psi', { surface: [{ ...smile, psi: 0.1 }] }, 'surface.0.eta', /exactly one/],
    ['neither eta nor psi', { surface: [{ days: 30, atmVol: 0.5, rho: -0.2 }] }, 'surface.0.eta', /exactly one/],
    ['a vol in percent', { surface: [{ ...smile, atmVol: 50 }] }, 'surface.0.atmVol', /<=10/],
    ['rho of -1', { surface: [{ ...smile, rho: -1 }] }, 'surface.0.rho', /-0.98/],
    ['no position', { positions: [] }, 'positions', /1/],
    ['an unknown kind', { positions: [{ kind: 'swap', quantity: 1 }] }, 'positions.0.kind', /./],
    ['an underlying with a strike', { positions: [{ kind: 'underlying', quantity: 1, strike: 3 }] }, 'positions.0', /strike/],
    ['a quantity of 0', { positions: [{ kind: 'underlying', quantity: 0 }] }, 'positions.0.quantity', /must not be 0/],
    ['an expiry in the past', { positions: [{ ...MINIMAL.positions[0], days: -1 }] }, 'positions.0.days', />0/],
    ['a spot shock of -100 %', { grid: { spotShocks: [-1] } }, 'grid.spotShocks.0', />-1/],
    ['a shock twice', { grid: { volShocks: [0, 0] } }, 'grid.volShocks', /repeat/],
    ['a shift without a name', { regimeShifts: [{ level: 1 }] }, 'regimeShifts.0.name', /string/],
    ['two shifts of one name', { regimeShifts: [{ name: 'a' }, { name: 'a' }] }, 'regimeShifts', /differ/],
  ])('refuses %s', (_, change, path, message) => {
    const result = portfolioSchema.safeParse({ ...MINIMAL, ...change });
    expect(result.success).toBe(false);
    const found = result.error?.issues.map((issue) => [issue.path.join('.'), issue.message] as const) ?? [];
    expect(found.map(([at]) => at)).toContain(path);
    expect(found.find(([at]) => at === path)?.[1]).toMatch(message);
  });
});

describe.each(readdirSync(FOLDER))('scenarios/portfolios/%s', (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');

  test('opens with its question, is accepted, and its surface needs no repair', () => {
    expect(text).toMatch(/^# Question: [^\n]+\?\n/);
    const result = stress(stressPlan(portfolioSchema.parse(parse(text))));
    expect(result.base.repairs).toBe(0);
    expect(result.grid.filter((cell) => cell.repairs > 0)).toEqual([]);
    expect(result.regimes.length).toBeGreaterThan(0);
    // Delta-hedged, as both say: within half a percent of one unit per position.
    expect(Math.abs(result.base.greeks.delta)).toBeLessThan(0.01);
  });
});
