import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { type Streams, streams } from '../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import type { ActivitySpec } from '../../src/processes/activity.ts';
import { WORLD_PRESETS } from '../../src/processes/presets.ts';
import { expectedMeanVariance } from '../../src/processes/spot.ts';
import { World } from '../../src/processes/world.ts';
import type { TimelineShift, WorldSpec } from '../../src/processes/world-spec.ts';
import { correlation, expectMean, meanOf } from '../support/moments.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';
import { NO_ACTIVITY, STILL, stillWorld, worldSpec } from '../support/world-fixture.ts';

const CHAIN = smallChain();
const TERMS = plainTerms(CHAIN);
const worldOf = (spec: WorldSpec, chance: Streams = streams('1')): World => new World(spec, CHAIN, TERMS, chance);

const square = (value: number): number => value * value;

/** All that can be seen of a world, step by step. */
function path(world: World, steps: number): unknown[] {
  const seen: unknown[] = [];
  for (let s = 0; s < steps; s += 1) {
    const factors = Array.from({ length: FACTOR_COUNT }, (_, f) => [world.factor(f), world.pressure(f)]);
    const candidates = world.candidates().map(({ option, ...rest }) => ({ ...rest, option: option.id }));
    seen.push([world.step, world.activity(), world.spot(), world.variance(), world.regime(), world.demandMemory(), factors, candidates]);
    world.advance();
  }
  return seen;
}

const EVENTFUL = worldSpec({
  activity: { ...NO_ACTIVITY, sd: 0.7 },
  regimeSpeed: 20_000,
  timeline: [{ atSeconds: 30, overSeconds: 10, regime: 2, spotLogReturn: -0.05, spotVolLogChange: 0, factors: [0.2, 0, 0, 0] }],
});

describe('the path of a world', () => {
  test('depends on the seed, and on nothing else', () => {
    const first = path(worldOf(EVENTFUL), 300);
    expect(path(worldOf(EVENTFUL), 300)).toEqual(first);
    expect(path(worldOf(EVENTFUL, streams('2')), 300)).not.toEqual(first);
    expect(new Set(first.map((row) => (row as number[])[4])).size).toBeGreaterThan(1);
  });

  test('is the same however far it is computed ahead', () => {
    const near = path(worldOf(EVENTFUL), 400);
    for (const lookaheadSteps of [1, 7, 600]) expect(path(worldOf({ ...EVENTFUL, lookaheadSteps }), 400)).toEqual(near);
  });

  test('does not move when other streams of the seed are used', () => {
    const chance = streams('1');
    const busy: Streams = {
      stream: (name) => {
        for (const other of ['agents/a/errors', 'agents/b/errors', 'train/1']) chance.stream(other).uniform();
        return chance.stream(name);
      },
    };
    expect(path(worldOf(EVENTFUL, busy), 100)).toEqual(path(worldOf(EVENTFUL), 100));
  });

  test('what is known ahead is what comes', () => {
    const world = worldOf({ ...EVENTFUL, lookaheadSteps: 25 });
    const ahead = new Float64Array(FACTOR_COUNT);
    for (let s = 0; s < 50; s += 1) {
      world.factorsInto(ahead, 25);
      const expected = [
        world.activity(25),
        world.spot(25),
        world.variance(25),
        world.regime(25),
        world.demandMemory(25),
        world.regimeName(25),
      ];
      const pressures = Array.from(ahead, (_, f) => world.pressure(f, 25));
      const later = Float64Array.from(ahead);
      for (let n = 0; n < 25; n += 1) world.advance();
      world.factorsInto(ahead);
      expect(ahead).toEqual(later);
      expect([world.activity(), world.spot(), world.variance(), world.regime(), world.demandMemory(), world.regimeName()]).toEqual(
        expected,
      );
      expect(Array.from(ahead, (_, f) => world.pressure(f))).toEqual(pressures);
    }
  });

  test('is not known any further, nor backwards', () => {
    const world = worldOf({ ...EVENTFUL, lookaheadSteps: 3 });
    world.advance();
    expect(Number.isFinite(world.spot(3))).toBe(true);
    for (const ahead of [4, -1]) expect(() => world.spot(ahead)).toThrow(InvariantError);
  });

  test('opens at the values of its parameters', () => {
    const world = worldOf(worldSpec());
    expect([world.step, world.spot(), world.variance(), world.regimeName()]).toEqual([0, 70_000, 0.48 * 0.48, 'normal']);
    expect(Array.from({ length: FACTOR_COUNT }, (_, f) => world.factor(f))).toEqual([...worldSpec().factors]);
  });
});

describe('the timeline', () => {
  const millis = fc.constantFrom(10, 20, 30, 100, 250, 300, 700, 1000, 1500);
  const shift = fc.record({
    at: fc.integer({ min: 1, max: 6000 }),
    over: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4000 })),
    spotLogReturn: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    factors: fc.tuple(...[0.2, 0.1, 0.2, 0.2].map((size) => fc.double({ min: -size, max: size, noNaN: true }))),
  });

  test('moves spot and factors by exactly what it says, whatever the grid', () => {
    fc.assert(
      fc.property(millis, fc.array(shift, { minLength: 1, maxLength: 2 }), (stepMillis, shifts) => {
        const timeline = shifts.map(
          ({ at, over, ...moves }): TimelineShift => ({
            ...moves,
            atSeconds: at / 1000,
            overSeconds: over / 1000,
            regime: undefined,
            spotVolLogChange: 0,
          }),
        );
        const world = worldOf(stillWorld({ stepMillis, timeline, flow: { ...worldSpec().flow, ratePerHour: 0 } }));
        const end = Math.max(...shifts.map(({ at, over }) => at + Math.max(over, stepMillis)));
        while (world.step * stepMillis < end) world.advance();
        const total = timeline.reduce((sum, each) => sum + each.spotLogReturn, 0);
        expect(Math.abs(Math.log(world.spot() / 70_000) - total)).toBeLessThan(1e-12);
        for (let f = 0; f < FACTOR_COUNT; f += 1) {
          const moved = timeline.reduce((sum, each) => sum + (each.factors[f] ?? 0), stillWorld().factors[f] ?? 0);
          expect(Math.abs(world.factor(f) - moved)).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is spread evenly', () => {
    const timeline = [{ atSeconds: 2, overSeconds: 4, regime: undefined, spotLogReturn: 0.04, spotVolLogChange: 0, factors: [0, 0, 0, 0] }];
    const world = worldOf(stillWorld({ timeline }));
    const moves: number[] = [];
    for (let s = 0; s < 8; s += 1) {
      moves.push(Number(Math.log(world.spot() / 70_000).toFixed(12)));
      world.advance();
    }
    expect(moves).toEqual([0, 0, 0, 0.01, 0.02, 0.03, 0.04, 0.04]);
  });

  test("moves the spot's own vol by what it says, and spot and surface by nothing", () => {
    const shift = { atSeconds: 2, overSeconds: 4, regime: undefined, spotLogReturn: 0, spotVolLogChange: 0.7, factors: [0, 0, 0, 0] };
    // Nothing but the script moves the variance, and it moves no draw.
    const frozen = { ...STILL, spot: { ...STILL.spot, kappa: 0 } };
    const spec = stillWorld({ startVol: 0.3, regimes: [frozen, frozen] });
    const plain = worldOf(spec);
    const world = worldOf({ ...spec, timeline: [shift] });
    const vols: number[] = [];
    for (let s = 0; s < 8; s += 1) {
      vols.push(Math.log(Math.sqrt(world.variance()) / 0.3));
      for (let f = 0; f < FACTOR_COUNT; f += 1) expect(world.factor(f)).toBe(plain.factor(f));
      if (s <= 3) expect(world.spot()).toBe(plain.spot());
      world.advance();
      plain.advance();
    }
    expect(vols.map((vol) => Number(vol.toFixed(12)))).toEqual([0, 0, 0, 0.175, 0.35, 0.525, 0.7, 0.7]);
    expect(world.spot()).not.toBe(plain.spot());
  });

  test('a jump of implied vol stays where the spot has become as lively, and fades over weeks where it has not', () => {
    const hour = 3600;
    const { regimes } = worldSpec();
    const quiet = regimes.map((regime) => ({
      ...regime,
      spot: { ...regime.spot, volOfVol: 0, jumpsPerYear: 0 },
      surface: { ...regime.surface, dailySd: [0, 0, 0, 0] },
      demand: { ...regime.demand, impact: 0 },
    }));
    const level = (spotVolLogChange: number): number => {
      const jump = { atSeconds: 1, overSeconds: 0, regime: undefined, spotLogReturn: 0, spotVolLogChange, factors: [0.7, 0, 0, 0] };
      const flow = { ...worldSpec().flow, ratePerHour: 0 };
      const world = worldOf(
        worldSpec({
          stepMillis: 60_000,
          regimes: quiet,
          startVol: 0.47,
          factors: [Math.log(0.47) + 0.03, 0, 0, 0],
          timeline: [jump],
          flow,
        }),
      );
      const before = world.factor(0);
      while (world.step * 60 < 24 * hour) world.advance();
      return world.factor(0) - before;
    };
    // A day of a half-life of 25: of a gap of 0.7, 1.9 hundredths.
    expect(level(0)).toBeCloseTo(0.7 * Math.exp(-Math.LN2 / 25), 3);
    // The mean rises with the expected variance of 30 days, four fifths of which is the present one.
    expect(level(0.7)).toBeGreaterThan(level(0) + 0.01);
    expect(level(0.7)).toBeLessThan(0.7);
  });

  test('sets the regime from the first step on that is not before its time', () => {
    fc.assert(
      fc.property(millis, fc.integer({ min: 1, max: 6000 }), (stepMillis, at) => {
        const timeline = [
          { atSeconds: at / 1000, overSeconds: 0, regime: 1, spotLogReturn: 0, spotVolLogChange: 0, factors: [0, 0, 0, 0] },
        ];
        const world = worldOf(stillWorld({ stepMillis, timeline, flow: { ...worldSpec().flow, ratePerHour: 0 } }));
        const first = Math.ceil(at / stepMillis);
        while (world.step < first - 1) world.advance();
        expect(world.regimeName()).toBe('still');
        world.advance();
        expect([world.regimeName(), world.step]).toEqual(['other', first]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a jump', () => {
  const shift = (changes: Partial<TimelineShift>): TimelineShift => ({
    atSeconds: 10,
    overSeconds: 0,
    regime: undefined,
    spotLogReturn: 0,
    spotVolLogChange: 0,
    factors: [0, 0, 0, 0],
    ...changes,
  });
  const jumpsOf = (world: World, steps: number): number[] =>
    Array.from({ length: steps }, () => {
      world.advance();
      return world.jumped() ? world.step : -1;
    }).filter((step) => step >= 0);

  test.each([
    ['of the spot at once', shift({ spotLogReturn: -0.05 }), [11]],
    ['of the surface at once', shift({ factors: [0, 0, 0, 0.1] }), [11]],
    ['between two steps counts for both', shift({ atSeconds: 9.5, spotLogReturn: -0.05 }), [10, 11]],
    ['is no move over some time', shift({ overSeconds: 5, spotLogReturn: -0.05 }), []],
    ['is no change of regime, nor of the spot’s own vol', shift({ regime: 1, spotVolLogChange: 0.4 }), []],
  ])('in the timeline %s', (_name, entry, expected) => {
    expect(jumpsOf(worldOf(stillWorld({ timeline: [entry] })), 20)).toEqual(expected);
  });

  test('of the spot’s process is told of the very steps that it falls into, known ahead or not', () => {
    const spot = { ...STILL.spot, jumpsPerYear: 31_536_000 / 50, jumpMean: 0.01, jumpSd: 0.001 };
    const regimes = [{ ...STILL, spot }];
    const jumps = jumpsOf(worldOf(stillWorld({ regimes })), 1000);
    expect(jumps.length).toBeGreaterThan(5);
    const world = worldOf(stillWorld({ regimes, lookaheadSteps: 30 }));
    for (let step = 0; step < 900; step += 1) {
      // Nothing else moves but the compensator of the jumps, which is small against them.
      const moved = step > 0 && Math.log(world.spot(1) / world.spot()) > 0.005;
      if (step > 0) expect(world.jumped(1)).toBe(moved);
      expect(world.jumped()).toBe(jumps.includes(world.step));
      world.advance();
    }
  });
});

describe('activity', () => {
  /** Busy in the first half of a two-minute day, four times as much as in the second. */
  const day: ActivitySpec = {
    ...NO_ACTIVITY,
    shape: [
      [0, 4],
      [0.5, 4],
      [0.500001, 1],
      [1, 1],
    ],
    dayHours: 1 / 30,
  };
  const quiet = { ...WORLD_PRESETS.btc.regimes[1], spot: { ...WORLD_PRESETS.btc.regimes[1].spot, jumpsPerYear: 0 } };

  test('of a step is that of the customers who come in it and of the moves by its end', () => {
    const spec = worldSpec({ activity: day, regimes: [quiet], startRegime: 0, flow: { ...worldSpec().flow, ratePerHour: 0 } });
    const world = worldOf(spec);
    const squares: [busy: number[], calm: number[]] = [[], []];
    const levels: [busy: number[], calm: number[]] = [[], []];
    for (let s = 0; s < 7200; s += 1) {
      const busy = s % 120 < 60;
      expect(world.activity()).toBeCloseTo(busy ? 1.6 : 0.4, 4);
      const [spot, level] = [Math.log(world.spot()), world.factor(0)];
      world.advance();
      const which = busy ? 0 : 1;
      squares[which].push(square(Math.log(world.spot()) - spot));
      levels[which].push(square(world.factor(0) - level));
    }
    const perYear = 1 / 31_536_000;
    for (const [i, activity] of [1.6, 0.4].entries()) {
      expectMean(squares[i as 0 | 1], activity * 0.48 * 0.48 * perYear, 'squared return');
      expectMean(levels[i as 0 | 1], (activity * square(quiet.surface.dailySd[0] ?? 0)) / 86_400, 'squared move of the level');
    }
  });

  test('leaves the sum of a day as it was, and the clustering to be seen', () => {
    const flow = { ...worldSpec().flow, ratePerHour: 0 };
    const settings = { regimes: [quiet], startRegime: 0, flow, stepMillis: 10_000 };
    const realised = (activity: ActivitySpec, seed: string): { total: number; kurtosis: number } => {
      const world = worldOf(worldSpec({ ...settings, activity }), streams(seed));
      let [squares, fourths] = [0, 0];
      for (let s = 0; s < 720; s += 1) {
        const before = Math.log(world.spot());
        world.advance();
        const move = Math.log(world.spot()) - before;
        squares += move * move;
        fourths += move * move * move * move;
      }
      return { total: squares, kurtosis: (720 * fourths) / (squares * squares) - 3 };
    };
    const seeds = Array.from({ length: 150 }, (_, i) => `${i}`);
    const active = seeds.map((seed) => realised({ ...NO_ACTIVITY, sd: 0.9, halfLifeMinutes: 8 }, seed));
    const expected = (0.48 * 0.48 * 7200) / 31_536_000;
    expectMean(
      active.map(({ total }) => total),
      expected,
      'variance of two hours',
    );
    expect(meanOf(active.map(({ kurtosis }) => kurtosis)).mean).toBeGreaterThan(1);
    const plain = seeds.slice(0, 50).map((seed) => realised(NO_ACTIVITY, seed).kurtosis);
    expect(Math.abs(meanOf(plain).mean)).toBeLessThan(0.2);
  });

  test('of none of it, is exactly 1', () => {
    const world = worldOf(worldSpec());
    for (let s = 0; s < 50; s += 1, world.advance()) expect(world.activity()).toBe(1);
  });
});

describe('demand pressure', () => {
  test('each observed factor is its slow part plus pressure, which wishes push along', () => {
    const impact = {
      ...STILL,
      demand: { ...STILL.demand, impact: 0.01 },
      surface: { ...STILL.surface, dailySd: [1e-9, 1e-9, 1e-9, 1e-9] },
    };
    const world = worldOf(stillWorld({ regimes: [impact] }));
    let pushed = 0;
    for (let s = 0; s < 600; s += 1) {
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const slow = world.factor(f) - world.pressure(f);
        expect(Math.abs(slow - (stillWorld().factors[f] ?? 0))).toBeLessThan(1e-8);
      }
      const [before, wishes] = [world.pressure(0), world.candidates()];
      const keep = Math.exp((-Math.LN2 * 1) / 600);
      const net = wishes.reduce((sum, wish) => sum + (wish.side === 'buy' ? wish.contracts : -wish.contracts), 0);
      world.advance();
      const moved = world.pressure(0) / keep - before;
      if (wishes.length === 1) {
        pushed += 1;
        expect(Math.sign(moved)).toBe(Math.sign(net));
      }
      if (wishes.length === 0) expect(Math.abs(moved)).toBeLessThan(1e-18);
    }
    expect(pushed).toBeGreaterThan(50);
  });
});

describe('nothing to forecast', () => {
  /** Correlations of each factor's change over a minute with its pressure and with the memory of demand before. */
  function forecastability(spec: WorldSpec, steps: number): { readonly pressure: number[]; readonly memory: number[] } {
    const world = worldOf(spec);
    const columns = Array.from({ length: FACTOR_COUNT }, () => ({ change: [] as number[], pressure: [] as number[] }));
    const memory: number[] = [];
    for (let s = 0; s < steps; s += 1) {
      memory.push(world.demandMemory());
      const start = columns.map((column, f) => {
        column.pressure.push(world.pressure(f));
        return world.factor(f);
      });
      for (let n = 0; n < 60; n += 1) world.advance();
      columns.forEach((column, f) => {
        column.change.push(world.factor(f) - (start[f] ?? 0));
      });
    }
    return {
      pressure: columns.map(({ change, pressure }) => correlation(change, pressure)),
      memory: columns.map(({ change }) => correlation(change, memory)),
    };
  }
  const normal = WORLD_PRESETS.btc.regimes[1];
  const control = { ...normal, demand: { ...normal.demand, impact: 0, continuation: 0 } };
  const steps = 900;

  test('without pressure and mean reversion, changes know nothing of demand', () => {
    const { memory, pressure } = forecastability(worldSpec({ regimes: [control], startRegime: 0, meanReversion: false }), steps);
    for (const value of memory) expect(Math.abs(value)).toBeLessThan(4 / Math.sqrt(steps));
    // There is no pressure at all.
    for (const value of pressure) expect(value).toBeNaN();
  });

  test('the same look finds it where there is pressure', () => {
    const strong = { ...normal, demand: { ...normal.demand, impact: 0.05, branching: 0, continuation: 0, pressureHalfLifeMinutes: 3 } };
    // Hedgers go on coming after a fall: without them the pressure only decays.
    const flow = { ...worldSpec().flow, hedgerShare: 0 };
    const { pressure } = forecastability(worldSpec({ regimes: [strong], startRegime: 0, meanReversion: false, flow }), steps);
    for (const value of pressure) expect(value).toBeLessThan(-0.2);
  });
});

describe('long-run means', () => {
  const fast = worldSpec({
    halfLifeDays: [0.001, 0.001, 0.001, 0.001],
    startRegime: 0,
    regimes: [
      {
        ...STILL,
        surface: { ...STILL.surface, premium: 0.1, slope: 0.03, skew: -0.3, curvature: -0.2 },
        spot: { ...STILL.spot, theta: 0.16 },
      },
    ],
    startVol: 0.4,
  });

  test('the level goes to half the log of the expected variance plus the premium', () => {
    const world = worldOf(fast);
    for (let s = 0; s < 3600; s += 1) world.advance();
    const spot = fast.regimes[0]?.spot;
    if (spot === undefined) throw new Error('no regime');
    const variance = expectedMeanVariance(spot, world.variance(), 30 / 365, 1);
    expect(world.factor(0)).toBeCloseTo(0.5 * Math.log(variance) + 0.1, 6);
    expect([1, 2, 3].map((f) => Number(world.factor(f).toFixed(6)))).toEqual([0.03, -0.3, -0.2]);
  });

  test('paths over time shift level and variance, and their last value holds on', () => {
    const world = worldOf({ ...fast, levelPath: Float64Array.of(0, 0, 0.25), thetaPath: Float64Array.of(1, 1, 4) });
    const plain = worldOf(fast);
    for (let s = 0; s < 3600; s += 1) {
      world.advance();
      plain.advance();
    }
    expect(world.variance()).toBeGreaterThan(plain.variance());
    const spot = fast.regimes[0]?.spot;
    if (spot === undefined) throw new Error('no regime');
    const variance = expectedMeanVariance(spot, world.variance(), 30 / 365, 4);
    expect(world.factor(0)).toBeCloseTo(0.5 * Math.log(variance) + 0.1 + 0.25, 4);
  });

  test('factors stay inside what a surface can have', () => {
    const wild = { ...STILL, surface: { ...STILL.surface, dailySd: [400, 400, 400, 400] } };
    const world = worldOf(stillWorld({ regimes: [wild] }));
    for (let s = 0; s < 200; s += 1) {
      world.advance();
      expect(world.factor(0)).toBeGreaterThanOrEqual(Math.log(0.03));
      expect(world.factor(0)).toBeLessThanOrEqual(Math.log(4));
      expect(Math.abs(world.factor(2))).toBeLessThanOrEqual(0.95);
    }
  });
});
