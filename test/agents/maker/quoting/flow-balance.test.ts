import { describe, expect, test } from 'vitest';
import { balanceParams, FlowBalance } from '../../../../src/agents/maker/quoting/flow-balance.ts';

const SECONDS = 1 / 31_536_000;
const balance = (params: object = {}): FlowBalance =>
  new FlowBalance(3, balanceParams.parse({ halfLifeSeconds: 600, priorPrints: 50, ...params }));
const heard = (of: FlowBalance, expiry: number, buyers: number, sellers: number): void => {
  for (let n = 0; n < buyers; n += 1) of.hear(expiry, 'buy');
  for (let n = 0; n < sellers; n += 1) of.hear(expiry, 'sell');
};

describe('share of buyers', () => {
  test('is even before anything was heard, and where as many bought as sold', () => {
    const flow = balance();
    expect([0, 1, 2].map((expiry) => flow.share(expiry))).toEqual([0.5, 0.5, 0.5]);
    heard(flow, 0, 40, 40);
    expect([0, 1, 2].map((expiry) => flow.share(expiry))).toEqual([0.5, 0.5, 0.5]);
  });

  test('is shrunk to the chain’s, and that to even', () => {
    const flow = balance();
    heard(flow, 0, 30, 10);
    heard(flow, 1, 10, 20);
    const chain = (20 - 10) / (70 + 50);
    expect(flow.share(0)).toBeCloseTo(0.5 + (0.5 * (20 + 50 * chain)) / (40 + 50), 12);
    expect(flow.share(1)).toBeCloseTo(0.5 + (0.5 * (-10 + 50 * chain)) / (30 + 50), 12);
    expect(flow.share(2)).toBeCloseTo(0.5 + 0.5 * chain, 12);
  });

  test('goes to what is heard when much is, and never beyond', () => {
    const flow = balance();
    heard(flow, 0, 60_000, 40_000);
    expect(flow.share(0)).toBeCloseTo(0.6, 3);
    const all = balance({ priorPrints: 0 });
    heard(all, 1, 9, 0);
    expect(all.share(1)).toBe(1);
    // Nothing was heard of this one, and there is nothing to shrink to.
    expect(all.share(0)).toBe(0.5);
  });
});

test('a print loses half of its weight in a half-life', () => {
  const flow = balance();
  heard(flow, 0, 50, 0);
  flow.moveTo(600 * SECONDS);
  const chain = 25 / 75;
  expect(flow.share(0)).toBeCloseTo(0.5 + (0.5 * (25 + 50 * chain)) / 75, 9);
  expect(Math.exp(-flow.decay * 600 * SECONDS)).toBeCloseTo(0.5, 12);
  flow.moveTo(1e6 * SECONDS);
  expect(flow.share(0)).toBeCloseTo(0.5, 9);
});

test('forgets', () => {
  const flow = balance();
  heard(flow, 2, 50, 0);
  flow.forget();
  expect(flow.share(2)).toBe(0.5);
});
