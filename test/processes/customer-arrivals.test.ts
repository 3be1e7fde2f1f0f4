import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { screenHalfSpread, strikeWeight, tenorWeight } from '../../src/pricing/flow-shape.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { type Candidate, CustomerArrivals } from '../../src/processes/customer-arrivals.ts';
import { carriedDirection } from '../../src/processes/demand-direction.ts';
import type { DemandParameters, FlowSpec } from '../../src/processes/world-spec.ts';
import { expectMean, meanOf } from '../support/moments.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';
import { worldSpec } from '../support/world-fixture.ts';

const CHAIN = smallChain();
const SPOT = 70_000;
/** The preset's customers without hedgers and packages: every order is of one series. */
const FLOW: FlowSpec = { ...worldSpec().flow, hedgerShare: 0, packageShare: 0 };
const EVEN: DemandParameters = { activity: 1, branching: 0, continuation: 0, pressureHalfLifeMinutes: 10, impact: 0, putTilt: 0 };
const VARIANCE = 0.25;

function fairAt(nowYears: number): TheoChain {
  const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  theo.move([Math.log(0.5), 0.05, -0.15, -0.05], SPOT, nowYears);
  return theo;
}

/** Candidates of `steps` steps of one second under a surface that stands still. */
function gathered(
  steps: number,
  ratePerHour: number,
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
    arrivals.step(theo, nowYears, 1, { ratePerHour, variance: VARIANCE }, demand, (candidate) => all.push(candidate));
    counts[s] = all.length - before;
  }
  return { counts, all };
}

describe('arrivals', () => {
  test('are Poisson at the rate asked for, times the activity, where orders draw no others', () => {
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

  test('come at the rate asked for whatever they draw, and their counts over long times have 1/(1 − n)² times the variance of Poisson', () => {
    // Hawkes 1971: stationary rate μ/(1 − n); here the rate is given, and first orders come at (1 − n) times it.
    const branching = 0.6;
    const seconds = 3600;
    const runs = Float64Array.from({ length: 150 }, (_, n) => {
      const theo = fairAt(0);
      const arrivals = new CustomerArrivals(CHAIN, FLOW, streams(`cluster ${n}`));
      let count = 0;
      // Two hours are many of the longest delays; the second is counted.
      for (const take of [() => {}, () => (count += 1)]) {
        for (let s = 0; s < seconds; s += 30)
          arrivals.step(theo, 0, 30, { ratePerHour: 600, variance: VARIANCE }, { ...EVEN, branching }, take);
      }
      return count;
    });
    expectMean(runs, 600, 'orders');
    const spread = runs.map((count) => ((count - 600) * (count - 600)) / 600);
    expectMean(spread, 1 / ((1 - branching) * (1 - branching)), 'Fano factor');
  });

  test('draw parts of one interest, and reactions in its expiry', () => {
    // One order at a time: a rate so low that clusters do not overlap.
    const spec = { ...FLOW, delays: [{ share: 1, meanSeconds: 0.01 }] };
    const { all } = gathered(200_000, 36, { ...EVEN, branching: 0.5 }, spec);
    const clusters: Candidate[][] = [];
    let last = -1;
    // A gap in the order of drawing shows in the taste only; series of one expiry stay together.
    for (const candidate of all) {
      if (last !== candidate.option.expiry || clusters.length === 0) clusters.push([]);
      clusters.at(-1)?.push(candidate);
      last = candidate.option.expiry;
    }
    const followers = all.slice(1).flatMap((candidate, i) => {
      const before = all[i];
      return before !== undefined && before.reservationVol === candidate.reservationVol ? [{ before, candidate }] : [];
    });
    for (const { before, candidate } of followers) {
      expect(candidate.option.id).toBe(before.option.id);
      expect(candidate.side).toBe(before.side);
      expect(candidate.contracts).not.toBe(before.contracts);
    }
    // Each order draws n · split others of its own interest; those drawn last do not follow directly.
    expect(followers.length / all.length).toBeGreaterThan(0.3);
    expect(followers.length / all.length).toBeLessThan(0.5 * spec.splitShare);
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

  test('have the sizes asked for, cut at the maximum', () => {
    expect(Math.max(...all.map((candidate) => candidate.contracts))).toBe(FLOW.sizeMaximum);
    // The preset's mixture, below 1 and 5 contracts.
    for (const [limit, share] of [
      [1, 0.8036],
      [5, 0.9403],
    ] as const) {
      expectMean(
        all.map((candidate) => (candidate.contracts < limit ? 1 : 0)),
        share,
        `below ${limit}`,
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

  test('a fall of the spot brings hedgers, who buy puts below it; a rise makes them sell', () => {
    const flow = { ...worldSpec().flow, packageShare: 0 };
    const after = (spotMove: number): Candidate[] => {
      const theo = fairAt(0);
      const arrivals = new CustomerArrivals(CHAIN, flow, streams('0'));
      const all: Candidate[] = [];
      for (let s = 0; s < 4000; s += 1) {
        if (s === 1) theo.move([Math.log(0.5), 0.05, -0.15, -0.05], SPOT * (1 + spotMove), 0);
        // Each second once more the same fall: the trend stands.
        arrivals.step(theo, 0, 1, { ratePerHour: 3600, variance: VARIANCE }, EVEN, (candidate) => s > 1 && s < 120 && all.push(candidate));
      }
      return all;
    };
    const isPut = (candidate: Candidate): boolean => candidate.option.right === 'put' && candidate.option.strike < SPOT * 0.99;
    const boughtShare = (all: readonly Candidate[]): number => {
      const puts = all.filter(isPut);
      return puts.filter((candidate) => candidate.side === 'buy').length / puts.length;
    };
    const [calm, fallen, risen] = [after(0), after(-0.01), after(0.01)];
    expect(fallen.length).toBeGreaterThan(1.3 * calm.length);
    expect(fallen.filter(isPut).length / fallen.length).toBeGreaterThan(1.4 * (calm.filter(isPut).length / calm.length));
    expect(boughtShare(fallen)).toBeGreaterThan(0.75);
    expect(boughtShare(risen)).toBeLessThan(boughtShare(calm) - 0.05);
  });

  test('packages are two legs of one size, one right behind the other', () => {
    const { all: pairs } = gathered(5000, 3600, EVEN, { ...FLOW, packageShare: 0.5 });
    const seconds = pairs.flatMap((candidate, i) => {
      const first = pairs[i - 1];
      return candidate.follows && first !== undefined ? [{ first, second: candidate }] : [];
    });
    // Some have no second leg: a vertical at the last strike, a risk reversal at the money.
    expect(seconds.length / (pairs.length - seconds.length)).toBeGreaterThan(0.4);
    expect(seconds.length / (pairs.length - seconds.length)).toBeLessThan(0.5);
    for (const { first, second } of seconds) {
      expect(first.follows).toBe(false);
      expect(second.contracts).toBe(first.contracts);
      expect(second.within).toBe(first.within);
      expect(second.option.id).not.toBe(first.option.id);
      const straddle = second.option.strike === first.option.strike && second.option.expiry === first.option.expiry;
      expect(second.side === first.side).toBe(straddle);
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
  function memories(continuation: number, runs: number, branching = 0): Float64Array {
    const theo = fairAt(0);
    return Float64Array.from({ length: runs }, (_, n) => {
      const arrivals = new CustomerArrivals(CHAIN, FLOW, streams(`memory ${n}`));
      for (let s = 0; s < 360; s += 1)
        arrivals.step(theo, 0, 10, { ratePerHour: 900, variance: VARIANCE }, { ...EVEN, branching, continuation }, () => {});
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

  test('is as strong where orders draw others: continuation is the branching ratio of all demand', () => {
    // Clusters of parts: variance of net demand without memory is that of compound Poisson with mean products of signs carried on.
    const branching = 0.5;
    const mean = (continuation: number): number => meanOf(memories(continuation, 300, branching).map((value) => value * value)).mean;
    const [none, reverting] = [mean(0), mean(-0.6)];
    expect(none).toBeGreaterThan(1.5);
    expect(reverting / none).toBeGreaterThan(0.45);
    expect(reverting / none).toBeLessThan(0.85);
    expect(carriedDirection(FLOW)).toBeCloseTo(0.96, 12);
  });

  test('halves in its half-life when nobody comes', () => {
    const arrivals = new CustomerArrivals(CHAIN, FLOW, streams('0'));
    const theo = fairAt(0);
    arrivals.step(theo, 0, 1, { ratePerHour: 36_000, variance: VARIANCE }, EVEN, () => {});
    const before = arrivals.memory;
    expect(before).not.toBe(0);
    for (let minute = 0; minute < FLOW.memoryMinutes; minute += 1) {
      arrivals.step(theo, 0, 60, { ratePerHour: 0, variance: VARIANCE }, EVEN, () => {});
    }
    expect(arrivals.memory / before).toBeCloseTo(0.5, 12);
  });
});
