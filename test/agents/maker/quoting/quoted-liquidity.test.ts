import { expect, test } from 'vitest';
import { quoteValue } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { curvaturePerYear, imbalancePerYear, settleClips } from '../../../../src/agents/maker/quoting/quoted-liquidity.ts';
import { quotingView, TEST_FEE } from '../../../support/quoting-view.ts';

const view = quotingView({ terms: { size: 2 }, buyers: 0.7, isQuoted: (i) => i !== 3 });
const N = view.chain.options.length;
/** Gain per year and side from quoting at the best distance, λ V h(x/V), for a rate of one side. */
const gain = (series: number, cost: number, rate: number): number => {
  const vega = view.theo.vega[series] ?? 0;
  return rate * vega * quoteValue(cost / vega, view.beta[series] ?? 0);
};

test('curvature is z H″ at the mean rate, imbalance z (H_b′ − H_a′) at the rates of both sides', () => {
  for (const clip of [0, 15]) {
    for (let i = 0; i < N; i += 1) {
      if (i === 3) continue;
      const at = TEST_FEE + clip;
      const step = 0.05;
      const second = (gain(i, at + step, 1e5) - 2 * gain(i, at, 1e5) + gain(i, at - step, 1e5)) / (step * step);
      expect(curvaturePerYear(view, i, clip) / (2 * second)).toBeCloseTo(1, 4);
      const slope = (rate: number): number => (gain(i, at + step, rate) - gain(i, at - step, rate)) / (2 * step);
      // Of 2e5 candidates 70 % buy, and meet the offer.
      expect(imbalancePerYear(view, i, clip) / (2 * (slope(0.6e5) - slope(1.4e5)))).toBeCloseTo(1, 4);
    }
  }
});

test('what is not quoted has neither', () => {
  expect([curvaturePerYear(view, 3, 0), imbalancePerYear(view, 3, 0)]).toEqual([0, 0]);
});

test('buyers and sellers alike have no imbalance', () => {
  expect(imbalancePerYear(quotingView(), 5, 0)).toBe(0);
});

test('clips and liquidity settle: the share is that at the cost of the clips, which are dearer by its root', () => {
  for (const size of [0.1, 2, 5]) {
    const first = Float64Array.from({ length: N }, (_, i) => (i === 3 ? 0 : size * (1 + 0.3 * Math.sin(i))));
    const clips = first.slice();
    const share = settleClips(view, clips);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    let [with_, without] = [0, 0];
    for (let i = 0; i < N; i += 1) {
      expect(clips[i]).toBeCloseTo((first[i] ?? 0) / Math.sqrt(share), 9);
      with_ += curvaturePerYear(view, i, clips[i] ?? 0) * (first[i] ?? 0);
      without += curvaturePerYear(view, i, 0) * (first[i] ?? 0);
    }
    expect(Math.abs(with_ / without / share - 1)).toBeLessThan(0.002);
  }
});

test('clips that cost nothing change nothing', () => {
  const clips = new Float64Array(N);
  expect(settleClips(view, clips)).toBe(1);
  expect([...clips].every((clip) => clip === 0)).toBe(true);
});

test('clips that cost many times what customers give leave a tenth', () => {
  expect(settleClips(view, new Float64Array(N).fill(4000))).toBe(0.1);
});
