import { expect, test } from 'vitest';
import { quoteValue } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { curvaturePerYear, imbalancePerYear, settledShare } from '../../../../src/agents/maker/quoting/quoted-liquidity.ts';
import { quotingView, TEST_FEE } from '../../../support/quoting-view.ts';

const view = quotingView({ terms: { size: 2 }, buyers: 0.7, isQuoted: (i) => i !== 3 });
const N = view.chain.options.length;
/** Gain per year and side from quoting at the best distance, λ V h(x/V), for a rate of one side. */
const gain = (series: number, cost: number, rate: number): number => {
  const vega = view.theo.vega[series] ?? 0;
  return rate * vega * quoteValue(cost / vega, view.beta[series] ?? 0);
};

test('curvature is z H″ at the rate of each side, imbalance z (H_b′ − H_a′), bids and offers each at the cost that a lean leaves them', () => {
  for (const clip of [0, 15]) {
    for (const lean of [0, 8, -30]) {
      for (let i = 0; i < N; i += 1) {
        if (i === 3) continue;
        const step = 0.05;
        const [bid, offer] = [TEST_FEE + clip - lean, TEST_FEE + clip + lean];
        const second = (at: number, rate: number): number =>
          (gain(i, at + step, rate) - 2 * gain(i, at, rate) + gain(i, at - step, rate)) / (step * step);
        // Of 2e5 candidates 70 % buy, and meet the offer.
        expect(curvaturePerYear(view, i, clip, lean) / (second(bid, 0.6e5) + second(offer, 1.4e5))).toBeCloseTo(1, 4);
        const slope = (at: number, rate: number): number => (gain(i, at + step, rate) - gain(i, at - step, rate)) / (2 * step);
        const wanted = 2 * (slope(bid, 0.6e5) - slope(offer, 1.4e5));
        expect(Math.abs(imbalancePerYear(view, i, clip, lean) - wanted)).toBeLessThan(1e-4 * 2e5);
      }
    }
  }
});

test('what is not quoted has neither', () => {
  expect([curvaturePerYear(view, 3, 0), imbalancePerYear(view, 3, 0)]).toEqual([0, 0]);
});

test('buyers and sellers alike have no imbalance', () => {
  expect(imbalancePerYear(quotingView(), 5, 0)).toBe(0);
});

test('clips and liquidity settle: the share is that at the cost of clips, which are dearer by its root, and leans', () => {
  for (const size of [0.1, 2, 5]) {
    const first = Float64Array.from({ length: N }, (_, i) => (i === 3 ? 0 : size * (1 + 0.3 * Math.sin(i))));
    const leans = Float64Array.from({ length: N }, (_, i) => 3 * Math.cos(i));
    const share = settledShare(view, first, leans);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    let [with_, without] = [0, 0];
    for (let i = 0; i < N; i += 1) {
      with_ += curvaturePerYear(view, i, (first[i] ?? 0) / Math.sqrt(share), leans[i]) * (first[i] ?? 0);
      without += curvaturePerYear(view, i, 0) * (first[i] ?? 0);
    }
    expect(Math.abs(with_ / without / share - 1)).toBeLessThan(0.002);
  }
});

test('clips that cost nothing change nothing', () => {
  expect(settledShare(view, new Float64Array(N), new Float64Array(N))).toBe(1);
});

test('clips that cost many times what customers give leave a tenth', () => {
  expect(settledShare(view, new Float64Array(N).fill(4000), new Float64Array(N))).toBe(0.1);
});
