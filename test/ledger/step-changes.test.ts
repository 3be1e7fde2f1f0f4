import { describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { CAUSES } from '../../src/ledger/causes.ts';
import { STEP_PARTS, StepChanges, type StepMarks } from '../../src/ledger/step-changes.ts';
import { FACTOR_COUNT, FACTORS } from '../../src/pricing/factors.ts';
import { TheoChain, type ValuationTerms } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain([
  { days: 7, strikes: [64_000, 67_000, 70_000, 73_000, 76_000], carry: 0.04 },
  { days: 30, strikes: [58_000, 64_000, 70_000, 76_000, 84_000], carry: 0.08 },
  { days: 90, strikes: [50_000, 60_000, 70_000, 82_000, 96_000], carry: -0.02 },
]);
const TERMS: ValuationTerms = {
  rate: 0.05,
  tenors: plainTerms(CHAIN).tenors.map((tenor, i) => ({ ...tenor, levelRatio: 1 + 0.02 * i, rhoOffset: 0.03 * i, etaRatio: 1 - 0.04 * i })),
};
const N = CHAIN.options.length;
/** Spot, days since the opening, then the factors. */
type State = readonly [spot: number, days: number, ...factors: number[]];
const START: State = [70_000, 1, Math.log(0.5), 0.05, -0.2, -0.05];

function marks([spot, days, ...factors]: State, jumped = false): StepMarks {
  const theo = new TheoChain(CHAIN, TERMS);
  theo.move(factors, spot, days / 365);
  theo.valueAll();
  return { theo, factors: Float64Array.from(factors), nowYears: days / 365, perpetual: spot, jumped };
}

/** A part of the change of each series. */
function changes(from: State, to: State, jumped = false): (part: (typeof STEP_PARTS)[number]) => Float64Array {
  const steps = new StepChanges(CHAIN, TERMS);
  steps.keep(marks(from));
  steps.move(marks(to, jumped));
  return (part) => steps.parts.slice(STEP_PARTS.indexOf(part) * N, (STEP_PARTS.indexOf(part) + 1) * N);
}

/** Part of the way from one state to another. */
const toward = (from: State, to: State, share: number): State => from.map((a, i) => a + share * ((to[i] ?? 0) - a)) as unknown as State;
const shifted = (state: State, by: readonly number[]): State => state.map((a, i) => a + (by[i] ?? 0)) as unknown as State;

test('the parts of a step stand among the causes in their order', () => {
  expect(CAUSES.filter((cause) => (STEP_PARTS as readonly string[]).includes(cause))).toEqual(STEP_PARTS);
  expect(STEP_PARTS.slice(STEP_PARTS.indexOf('level'), STEP_PARTS.indexOf('level') + FACTOR_COUNT)).toEqual(FACTORS);
});

describe('a step', () => {
  const end = shifted(START, [250, 0.3, 0.02, 0.004, -0.01, 0.02]);

  test('is divided without a rest: the parts sum to the change of the value', () => {
    for (const jumped of [false, true]) {
      const part = changes(START, end, jumped);
      const [before, after] = [marks(START).theo.price, marks(end).theo.price];
      for (let i = 0; i < N; i += 1) {
        const sum = STEP_PARTS.reduce((all, name) => all + (part(name)[i] ?? 0), 0);
        expect(sum).toBeCloseTo((after[i] ?? 0) - (before[i] ?? 0), 9);
      }
    }
  });

  test('passes time last, in full: theta is the value before it has passed and after', () => {
    const theta = changes(START, end)('theta');
    const stopped = marks([end[0], START[1], ...end.slice(2)]).theo.price;
    const after = marks(end).theo.price;
    for (let i = 0; i < N; i += 1) expect(theta[i]).toBeCloseTo((after[i] ?? 0) - (stopped[i] ?? 0), 8);
  });

  test('has deltas and exposures of its start, and a jump takes all but the time', () => {
    const [part, jump] = [changes(START, end), changes(START, end, true)];
    const { theo } = marks(START);
    for (let i = 0; i < N; i += 1) {
      expect(part('delta')[i]).toBeCloseTo((theo.delta[i] ?? 0) * 250, 8);
      [0.02, 0.004, -0.01, 0.02].forEach((move, f) => {
        expect(part(FACTORS[f] ?? 'level')[i]).toBeCloseTo((theo.exposures[i * FACTOR_COUNT + f] ?? 0) * move, 8);
      });
      expect(part('jump')[i]).toBe(0);
      const others = STEP_PARTS.filter((name) => name !== 'theta' && name !== 'jump');
      expect(jump('jump')[i]).toBeCloseTo(
        others.reduce((all, name) => all + (part(name)[i] ?? 0), 0),
        8,
      );
      for (const name of others) expect(jump(name)[i], name).toBe(0);
    }
  });

  test('across an expiry ends at the intrinsic value, and finds nothing to divide behind it', () => {
    const before: State = [70_000, 6.999_99, ...START.slice(2)];
    const part = changes(before, [70_010, 7, ...START.slice(2)]);
    const call = CHAIN.options.findIndex((option) => option.expiry === 0 && option.strike === 67_000 && option.right === 'call');
    const sum = STEP_PARTS.reduce((all, name) => all + (part(name)[call] ?? 0), 0);
    expect(sum).toBeCloseTo(3010 - (marks(before).theo.price[call] ?? 0), 8);
    const over = changes([70_010, 7, ...START.slice(2)], [70_020, 7.1, -0.6, 0.05, -0.2, -0.05]);
    for (const name of STEP_PARTS) if (name !== 'residual') expect(over(name)[call], name).toBeCloseTo(0, 12);
  });
});

describe('the residual is of the third order', () => {
  /** Short strangles and a long calendar, in units by series. */
  const portfolio = CHAIN.options.map(({ expiry, strike, right }) => {
    if (expiry === 0) return strike === (right === 'call' ? 73_000 : 67_000) ? -8 : 0;
    if (expiry === 1) return strike === (right === 'call' ? 76_000 : 58_000) ? -5 : 0;
    return strike === 70_000 ? 4 : 0;
  });
  const residual = (from: State, to: State): number =>
    changes(from, to)('residual').reduce((sum, part, i) => sum + part * (portfolio[i] ?? 0), 0);

  /** A path of all state variables, in steps of about a quarter of a per cent of the spot and of a per cent of the vol. */
  function path(steps: number): State[] {
    const rng = streams('residual').stream('path');
    const states: State[] = [START];
    for (let step = 0; step < steps; step += 1) {
      const last = states[step] ?? START;
      const sizes = [180, 0, 0.012, 0.003, 0.012, 0.015];
      const move = sizes.map((size) => size * (2 * rng.uniform() - 1) * 1.7);
      states.push(shifted(last, [move[0] ?? 0, 0.01, ...move.slice(2)]));
    }
    return states;
  }

  test('on a path of the chain it falls to an eighth when all moves halve, time and all', () => {
    const states = path(200);
    const size = (share: number): number =>
      states.slice(1).reduce((sum, to, i) => sum + Math.abs(residual(states[i] ?? START, toward(states[i] ?? START, to, share))), 0);
    const [whole, half, quarter] = [size(1), size(0.5), size(0.25)];
    for (const ratio of [whole / half, half / quarter]) {
      expect(ratio).toBeGreaterThan(6);
      expect(ratio).toBeLessThan(10.5);
    }
  });

  test.each([
    ['the spot', [1, 0, 0, 0, 0, 0]],
    ['the level', [0, 0, 1, 0, 0, 0]],
    ['the slope', [0, 0, 0, 1, 0, 0]],
    ['the skew', [0, 0, 0, 0, 1, 0]],
    ['the curvature', [0, 0, 0, 0, 0, 1]],
    ['spot and level', [1, 0, -1, 0, 0, 0]],
    ['level and skew', [0, 0, 1, 0, 1, 0]],
    ['spot, skew and curvature', [-1, 0, 0, 0, 1, 1]],
  ])('and so it does when only %s moves, series by series', (_name, direction) => {
    const scale = [200, 0, 0.02, 0.02, 0.03, 0.03];
    const at = (size: number): Float64Array =>
      changes(
        START,
        shifted(
          START,
          direction.map((d, i) => size * d * (scale[i] ?? 0)),
        ),
      )('residual');
    const [one, half] = [at(1), at(0.5)];
    const most = half.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    let judged = 0;
    for (let i = 0; i < N; i += 1) {
      // Where the third order happens to vanish, the fourth is seen.
      if (Math.abs(half[i] ?? 0) < 0.02 * most) continue;
      judged += 1;
      expect((one[i] ?? 0) / (half[i] ?? 1), CHAIN.options[i]?.symbol).toBeGreaterThan(6);
      expect((one[i] ?? 0) / (half[i] ?? 1), CHAIN.options[i]?.symbol).toBeLessThan(10.5);
    }
    expect(judged).toBeGreaterThan(N / 4);
    expect(most).toBeGreaterThan(1e-6);
  });

  test('time alone leaves nothing', () => {
    const part = changes(START, shifted(START, [0, 2.5, 0, 0, 0, 0]));
    for (let i = 0; i < N; i += 1) expect(Math.abs(part('residual')[i] ?? 1)).toBeLessThan(1e-9);
  });
});
