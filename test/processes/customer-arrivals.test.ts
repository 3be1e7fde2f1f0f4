import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { screenHalfSpread, strikeWeight, tenorWeight } from '../../src/pricing/flow-shape.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { type Candidate, CustomerArrivals } from '../../src/processes/customer-arrivals.ts';
import type { DemandParameters, FlowSpec } from '../../src/processes/world-spec.ts';
import { expectMean, meanOf } from '../support/moments.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';
import { worldSpec } from '../support/world-fixture.ts';

const CHAIN = smallChain();
const SPOT = 70_000;
const SECOND = 1 / (365 * 86_400);
const FLOW = worldSpec().flow;
const EVEN: DemandParameters = { activity: 1, continuation: 0, pressureHalfLifeMinutes: 10, impact: 0, putTilt: 0 };

function fairAt(nowYears: number): TheoChain {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  theo.move([Math.log(0.5), 0.05, -0.15, -0.05], SPOT, nowYears);
  return theo;
}

/** Candidates of `steps` steps of one second under a surface that stands still. */
function gathered(
  steps: number,
  rate: number,
  demand = EVEN,
  flow: FlowSpec = FLOW,
  nowYears = 0,
): { counts: Float64Array; all: Candidate[] } {
  const theo = fairAt(nowYears);
  const arrivals = new CustomerArrivals(CHAIN, flow, streams('0'));
  const all: Candidate[] = [];
  const counts = new Float64Array(steps);
  for (let s = 0; s < steps; s += 1) {
    const before = all.length;
    arrivals.step(theo, nowYears, SECOND, rate, demand, (candidate) => all.push(candidate));
    counts[s] = all.length - before;
  }
  return { counts, all };
}

describe('arrivals', () => {
  test('are Poisson at the rate asked for, times the activity', () => {
    for (const activity of [1, 3]) {
      const { counts } = gathered(20_000, 3600, { ...EVEN, activity });
      expectMean(counts, activity, 'per second');
      expectMean(
        counts.map((count) => (count - activity) * (count - activity)),
        activity,
        'variance',
      );
    }
    expect(gathered(100, 0).all).toEqual([]);
  });

  const { all } = gathered(15_000, 3600);

  test('fall anywhere within their step', () => {
    expectMean(
      all.map((candidate) => candidate.within),
      0.5,
      'within',
    );
    expectMean(
      all.map((candidate) => candidate.within * candidate.within),
      1 / 3,
      'within²',
    );
    expect(Math.min(...all.map((candidate) => candidate.within))).toBeGreaterThan(0);
    expect(Math.max(...all.map((candidate) => candidate.within))).toBeLessThan(1);
  });

  test('are spread over expiries and strikes by the usual shape of demand', () => {
    const theo = fairAt(0);
    const tenors = CHAIN.expiries.map((expiry) => tenorWeight(expiry.years * 365));
    const total = tenors.reduce((sum, weight) => sum + weight, 0);
    for (const expiry of CHAIN.expiries) {
      const sd = theo.surface.vol(expiry.index, 0) * Math.sqrt(expiry.years);
      const mine = CHAIN.options.filter((option) => option.expiry === expiry.index);
      const weights = mine.map((option) => {
        const k = Math.log(option.strike / (theo.forward[expiry.index] ?? 0));
        return strikeWeight(k / sd, option.right === 'call' ? k >= 0 : k <= 0);
      });
      const sum = weights.reduce((a, b) => a + b, 0);
      mine.forEach((option, i) => {
        const share = ((weights[i] ?? 0) / sum) * ((tenors[expiry.index] ?? 0) / total);
        expectMean(
          all.map((candidate) => (candidate.option.id === option.id ? 1 : 0)),
          share,
          option.symbol,
        );
      });
    }
  });

  test('have lognormal sizes, cut at the maximum', () => {
    const logs = all.map((candidate) => Math.log(candidate.contracts));
    const cut = Math.log(FLOW.sizeMaximum);
    expect(Math.max(...logs)).toBeCloseTo(cut, 12);
    expectMean(
      logs.map((log) => (log > FLOW.sizeLogMean ? 1 : 0)),
      0.5,
      'above the median',
    );
    // P(log > mean + sd) and P(log > mean + 2 sd), both below the cut.
    for (const [sds, share] of [
      [1, 0.158_655],
      [2, 0.022_75],
      [-1, 0.841_345],
    ] as const) {
      expectMean(
        logs.map((log) => (log > FLOW.sizeLogMean + sds * FLOW.sizeLogSd ? 1 : 0)),
        share,
        `${sds} deviations`,
      );
    }
  });

  test('accept a distance δ with probability 1/(1 + exp(α + βδ)), β = 1.156/y0', () => {
    const theo = fairAt(0);
    for (const candidate of all.slice(0, 500)) {
      const { expiry } = candidate.option;
      const y0 = screenHalfSpread(FLOW.reservationPerVol, theo.surface.vol(expiry, 0), theo.surface.yearsLeft(expiry) / (30 / 365));
      expect(candidate.screenHalfSpread).toBeCloseTo(y0, 14);
    }
    for (const share of [-2, -0.5, 0, 0.7, 1, 3]) {
      expectMean(
        all.map((candidate) => (candidate.reservationVol >= share * candidate.screenHalfSpread ? 1 : 0)),
        1 / (1 + Math.exp(FLOW.reservationAlpha + 1.156 * share)),
        `at ${share} y0`,
      );
    }
  });

  test('buy and sell alike without tilt and memory', () => {
    expectMean(
      all.map((candidate) => (candidate.side === 'buy' ? 1 : 0)),
      0.5,
      'buyers',
    );
  });

  test('a put tilt makes buyers of those who come for puts below the spot, and of nobody else', () => {
    const { all: tilted } = gathered(15_000, 3600, { ...EVEN, putTilt: 0.3 });
    const isWing = (candidate: Candidate): boolean => candidate.option.right === 'put' && candidate.option.strike < SPOT;
    const buys = (list: readonly Candidate[]): number[] => list.map((candidate) => (candidate.side === 'buy' ? 1 : 0));
    expectMean(buys(tilted.filter(isWing)), 0.5 * (1 + Math.tanh(0.3)), 'puts');
    expectMean(buys(tilted.filter((candidate) => !isWing(candidate))), 0.5, 'others');
  });

  test('take five draws each, whatever comes of them, expired series included', () => {
    for (const nowYears of [0, 8 / 365, 100 / 365]) {
      const draws = { counts: 0, marks: 0 };
      const inner = streams('0');
      const arrivals = new CustomerArrivals(CHAIN, FLOW, {
        stream: (path) => {
          const rng = inner.stream(path);
          const name = path.endsWith('counts') ? 'counts' : 'marks';
          return {
            uniform: () => {
              draws[name] += 1;
              return rng.uniform();
            },
          };
        },
      });
      const theo = fairAt(0);
      // Weights are those of the opening: some of the chosen series may be over by now.
      arrivals.step(theo, 0, SECOND, 0, EVEN, () => {});
      theo.move([Math.log(0.5), 0.05, -0.15, -0.05], SPOT, nowYears);
      let taken = 0;
      for (let s = 0; s < 20; s += 1) {
        arrivals.step(theo, nowYears, SECOND, 36_000, { ...EVEN, putTilt: 0.5, continuation: 0.8 }, () => {
          taken += 1;
        });
      }
      const counts = streams('0').stream('flow/counts');
      let arrived = 0;
      const other = new CustomerArrivals(CHAIN, FLOW, { stream: (path) => (path.endsWith('counts') ? counts : streams('1').stream(path)) });
      for (let s = 0; s < 21; s += 1) {
        other.step(fairAt(0), 0, SECOND, s === 0 ? 0 : 36_000, EVEN, () => {
          arrived += 1;
        });
      }
      expect(draws.counts).toBe(21);
      expect(draws.marks).toBe(5 * arrived);
      expect(taken).toBeLessThanOrEqual(arrived);
      if (nowYears === 0) expect(taken).toBe(arrived);
    }
  });

  test('none comes for an expiry that is over', () => {
    for (const [days, first] of [
      [8, 1],
      [31, 2],
    ] as const) {
      const expiries = new Set(gathered(500, 36_000, EVEN, FLOW, days / 365).all.map((candidate) => candidate.option.expiry));
      expect(Math.min(...expiries)).toBe(first);
    }
    expect(gathered(50, 36_000, EVEN, FLOW, 91 / 365).all).toEqual([]);
  });
});

describe('the memory of net demand', () => {
  /** Values of the memory at the ends of independent hours, six half-lives long. */
  function memories(continuation: number, runs: number): Float64Array {
    const theo = fairAt(0);
    return Float64Array.from({ length: runs }, (_, n) => {
      const arrivals = new CustomerArrivals(CHAIN, FLOW, streams(`memory ${n}`));
      for (let s = 0; s < 360; s += 1) arrivals.step(theo, 0, 10 * SECOND, 900, { ...EVEN, continuation }, () => {});
      return arrivals.memory;
    });
  }
  const variance = (values: Float64Array): { readonly mean: number; readonly error: number } => {
    const { mean, error } = meanOf(values.map((value) => value * value));
    return { mean, error };
  };

  test('has mean 0 and variance 1 where directions are independent', () => {
    const values = memories(0, 400);
    expectMean(values, 0, 'mean');
    // Up to the counts of one hour: 1 − e^−2·4.2 of the stationary variance.
    expectMean(
      values.map((value) => value * value),
      1,
      'variance',
    );
  });

  test('swings less where demand reverts, 1/(1 − b), and more where it runs on', () => {
    expectMean(
      memories(-0.6, 400).map((value) => value * value),
      1 / 1.6,
      'variance of reverting demand',
    );
    const running = variance(memories(0.8, 200));
    // Below 1/(1 − 0.8) = 5, as the tilt saturates, and the hour is not long against its memory.
    expect(running.mean - 4 * running.error).toBeGreaterThan(1.3);
    expect(running.mean).toBeLessThan(5);
  });

  test('halves in its half-life when nobody comes', () => {
    const arrivals = new CustomerArrivals(CHAIN, FLOW, streams('0'));
    const theo = fairAt(0);
    arrivals.step(theo, 0, SECOND, 36_000, EVEN, () => {});
    const before = arrivals.memory;
    expect(before).not.toBe(0);
    for (let minute = 0; minute < FLOW.memoryMinutes; minute += 1) arrivals.step(theo, 0, 60 * SECOND, 0, EVEN, () => {});
    expect(arrivals.memory / before).toBeCloseTo(0.5, 12);
  });
});
