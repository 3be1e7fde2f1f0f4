import { describe, expect, test } from 'vitest';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { InputError } from '../../src/core/assert.ts';
import type { TimelineShift } from '../../src/processes/world-spec.ts';
import { EVENT_PATHS, eventPath, HISTORICAL_EVENTS } from '../../src/risk/historical-events.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { simulation, TINY } from '../support/tiny.ts';

/** `scenarios/tiny.yaml`, long enough for any event, with this timeline. */
const scenario = (entries: readonly string[], ...changes: readonly string[]) =>
  parseScenario(
    'tiny.yaml',
    TINY,
    BUILT_IN_AGENTS,
    [
      'duration=100 h',
      'world.stepMillis=10000',
      'flow.rate=60',
      'agents.insider.horizonSeconds=60',
      `world.timeline=[${entries.join(', ')}]`,
      ...changes,
    ].map(readOverride),
  );
const shifts = (...entries: readonly string[]): readonly TimelineShift[] => scenario(entries).world.timeline;

function faults(...entries: readonly string[]): string[] {
  try {
    scenario(entries, 'duration=3 h');
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

const sum = (all: readonly TimelineShift[], part: (shift: TimelineShift) => number): number =>
  all.reduce((total, shift) => total + part(shift), 0);
const ofFactor = (all: readonly TimelineShift[], factor: number): number => sum(all, (shift) => shift.factors[factor] ?? 0);

describe('an event in the timeline', () => {
  test.each([...EVENT_PATHS])('$key moves spot and vol as much as it did, one piece after the other', ({ key, name, path }) => {
    const all = shifts(`{ at: 30 min, event: ${key} }`);
    const shock = HISTORICAL_EVENTS.find((event) => event.name === name);
    expect(sum(all, (shift) => shift.spotLogReturn)).toBeCloseTo(Math.log1p(shock?.spotMove ?? 0), 12);
    expect(ofFactor(all, 0)).toBeCloseTo(Math.log((shock?.volAfter ?? 1) / (shock?.volBefore ?? 1)), 12);
    expect(sum(all, (shift) => shift.spotVolLogChange)).toBeCloseTo(ofFactor(all, 0), 12);
    expect(all.length).toBe(path.length - 1);
    all.forEach((shift, i) => {
      const end = all[i + 1]?.atSeconds ?? 1800 + (path.at(-1)?.[0] ?? 0) * 60;
      expect(shift.atSeconds + shift.overSeconds).toBeCloseTo(end, 6);
    });
    expect(all[0]?.atSeconds).toBe(1800);
  });

  test('scale multiplies its moves, and compress divides its time', () => {
    const plain = shifts('{ at: 60, event: spx-2018-02-05 }');
    const all = shifts('{ at: 60, event: spx-2018-02-05, scale: 2, compress: 3 }');
    expect(all.length).toBe(plain.length);
    all.forEach((shift, i) => {
      const one = plain[i];
      expect(shift.spotLogReturn).toBeCloseTo(2 * (one?.spotLogReturn ?? 0), 12);
      expect(shift.spotVolLogChange).toBeCloseTo(2 * (one?.spotVolLogChange ?? 0), 12);
      for (let f = 0; f < 4; f += 1) expect(shift.factors[f]).toBeCloseTo(2 * (one?.factors[f] ?? 0), 12);
      expect(shift.overSeconds).toBeCloseTo((one?.overSeconds ?? 0) / 3, 9);
      expect(shift.atSeconds - 60).toBeCloseTo(((one?.atSeconds ?? 0) - 60) / 3, 9);
    });
  });

  test('can be cut: its two parts are the whole, wherever the cut is', () => {
    const whole = shifts('{ at: 60, event: btc-2022-11-08 }');
    for (const cut of ['1000 min', '1020 min', '61 s']) {
      const first = shifts(`{ at: 60, event: btc-2022-11-08, to: ${cut} }`);
      const second = shifts(`{ at: 60, event: btc-2022-11-08, from: ${cut} }`);
      for (const part of [
        (s: TimelineShift) => s.spotLogReturn,
        (s: TimelineShift) => s.factors[0] ?? 0,
        (s: TimelineShift) => s.overSeconds,
      ]) {
        expect(sum(first, part) + sum(second, part)).toBeCloseTo(sum(whole, part), 9);
      }
      expect(second[0]?.atSeconds).toBe(60);
    }
  });

  test('takes its slope in proportion to the vol that it meets, and its skew as it was', () => {
    // 19.7 points against a VIX of 17.3, met by 50 %.
    const all = shifts('{ at: 60, event: spx-2018-02-05 }');
    expect(ofFactor(all, 1)).toBeCloseTo((-0.197 / 0.173) * 0.5, 12);
    expect(ofFactor(all, 2)).toBeCloseTo(-0.11, 12);
    expect(ofFactor(all, 3)).toBe(0);
    // Halved by the script before, but not by what comes after.
    const later = shifts('{ at: 30, level: -0.6931471805599453 }', '{ at: 60, event: spx-2018-02-05 }', '{ at: 20 h, level: 1 }').slice(
      1,
      -1,
    );
    expect(ofFactor(later, 1)).toBeCloseTo((-0.197 / 0.173) * 0.25, 12);
    // From the middle, where the VIX stood at 33: the rest of the slope against that.
    const rest = shifts('{ at: 60, event: spx-2018-02-05, from: 390 min }');
    const share = Math.log(37.3 / 33) / Math.log(37.3 / 17.3);
    expect(ofFactor(rest, 1)).toBeCloseTo(((-0.197 * share) / 0.33) * 0.5, 12);
  });

  test('may set a regime, once, at its start', () => {
    const all = shifts('{ at: 60, event: spx-2018-02-05, regime: stressed }');
    expect(all.map(({ regime }) => regime)).toEqual([2, ...all.slice(1).map(() => undefined)]);
  });

  test('moves the world along its path', () => {
    const still = ['{ drift: 0, kappa: 0.01, longRunVol: 0.01 %, volOfVol: 0, jumpsPerYear: 0 }'];
    const quiet = scenario(
      ['{ at: 60, event: btc-2021-05-19 }'],
      'duration=14 h',
      `world.regimes.normal={ spot: ${still[0]}, surface: { dailySd: [0, 0, 0, 0] } }`,
      'world.start={ vol: 0.01 % }',
      'world.switching=false',
      'world.meanReversion=false',
      'world.pressure=false',
      'flow.rate=0',
      'agents={ maker: { kind: maker, forecaster: rw } }',
      'subject=maker',
    );
    const sim = simulation(quiet);
    for (const [minutes, spotMove, vol] of eventPath('btc-2021-05-19')?.path ?? []) {
      sim.advance(60 + minutes * 60);
      expect(sim.world.spot() / 70_000 - 1).toBeCloseTo(spotMove, 4);
      expect(Math.exp(sim.world.factor(0)) / 0.5).toBeCloseTo(vol / 117, 6);
    }
  });
});

describe('an entry is refused', () => {
  test('with an event that is not in the library, with the one that was meant', () => {
    const [issue] = faults('{ at: 60, event: spx-2018-02-06 }');
    expect(issue).toMatch(/^world\.timeline\[0\]\.event found "spx-2018-02-06", expected one of .*; did you mean `spx-2018-02-05`\?/);
  });

  test.each([
    [
      '{ at: 60, event: spx-2018-02-05 }',
      /\.event spx-2018-02-05 would end at 24360 s, expected its end within the duration of 10800 s; cut it .* `compress` of at least 2\.27$/,
    ],
    ['{ at: 60, event: spx-2018-02-05, to: 406 min }', /\.to found 24360 s, expected at most 24300 s, the length of spx-2018-02-05$/],
    ['{ at: 60, event: spx-2018-02-05, from: 405 min }', /\.from found 24300 s, expected less than 24300 s, where the event ends$/],
    ['{ at: 60, event: spx-2018-02-05, from: 2 h, to: 1 h }', /\.from found 7200 s, expected less than 3600 s/],
    ['{ at: 60, event: spx-2018-02-05, compress: 10, level: 0.1 }', /\.level an event brings its own moves/],
    ['{ at: 60, event: spx-2018-02-05, compress: 10, over: 60 }', /\.over an event brings its own moves/],
    ['{ at: 60, event: spx-2018-02-05, compress: 0 }', /\.compress .*above 0/],
    ['{ at: 60, event: spx-2018-02-05, compress: 10, scale: -1 }', /\.scale .*above 0/],
    ['{ at: 60, level: 0.1, scale: 2 }', /\.scale belongs to an entry with an `event`/],
    ['{ at: 60, from: 60 }', /\.from belongs to an entry with an `event`/],
  ])('%s', (entry, message) => {
    const found = faults(entry);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(message);
  });

  test('the compress that the message asks for is enough', () => {
    expect(faults('{ at: 60, event: spx-2018-02-05, compress: 2.27 }')).toEqual([]);
  });
});

test('spotVol makes the spot livelier from then on', () => {
  const moves = (entry: string): number => {
    const sim = simulation(
      scenario(
        [entry],
        'duration=20 h',
        'flow.rate=0',
        'agents={ maker: { kind: maker, forecaster: rw } }',
        'subject=maker',
        'world.switching=false',
      ),
    );
    let squares = 0;
    for (let hour = 2; hour <= 20; hour += 1 / 12) {
      const before = sim.world.spot();
      sim.advance(hour * 3600);
      if (hour > 2) squares += Math.log(sim.world.spot() / before) * Math.log(sim.world.spot() / before);
    }
    return Math.sqrt(squares);
  };
  const plain = moves('{ at: 1 h, level: 0 }');
  // Livelier by e^0.7, up to how the noise of the variance goes with its level.
  expect(Math.abs(moves('{ at: 1 h, level: 0, spotVol: 0.7 }') / plain / Math.exp(0.7) - 1)).toBeLessThan(0.05);
});
