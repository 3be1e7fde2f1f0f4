import type { RegimeSpec } from '../../processes/world-spec.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ObservationModel } from '../observation-model.ts';

/** A change of the law of a market from one step on, in all its regimes. */
export interface ShiftKind {
  readonly name: string;
  readonly about: string;
  readonly regime: (before: RegimeSpec) => RegimeSpec;
  readonly view: (before: ObservationModel) => ObservationModel;
}

const same = <T>(before: T): T => before;

/** What changes, and by how much: fixed before any forecaster was tried on it. `none` is the control: the same script without a change. */
export const SHIFT_KINDS: readonly ShiftKind[] = [
  { name: 'none', about: 'nothing changes', regime: same, view: same },
  {
    name: 'vol-of-vol',
    about: 'slow factors move 2.5 times as far',
    regime: (before) => ({ ...before, surface: { ...before.surface, dailySd: before.surface.dailySd.map((sd) => 2.5 * sd) } }),
    view: same,
  },
  {
    name: 'reversion',
    about: 'pressure decays four times as fast',
    regime: (before) => ({
      ...before,
      demand: { ...before.demand, pressureHalfLifeMinutes: before.demand.pressureHalfLifeMinutes / 4 },
    }),
    view: same,
  },
  {
    name: 'flow-sign',
    about: 'buying lowers what it used to lift',
    regime: (before) => ({ ...before, demand: { ...before.demand, impact: -before.demand.impact } }),
    view: same,
  },
  {
    name: 'noise',
    about: 'wide spreads: errors of the view are three times as large',
    regime: same,
    view: (before) => ({ ...before, noiseSd: before.noiseSd.map((sd) => 3 * sd) }),
  },
  {
    name: 'stale',
    about: 'the view follows a third as fast',
    regime: same,
    view: (before) => ({
      ...before,
      lag: before.lag.map(slower),
      persistence: before.persistence.map(slower),
      noiseSd: before.noiseSd.map((sd) => sd / 3),
    }),
  },
];

/** What stays of an error when a third as much of it is corrected per step. */
const slower = (kept: number): number => 1 - (1 - kept) / 3;

/**
 * The scenario with a second set of regimes under the new law, entered at a forecast step at the regime in which the scenario starts: chains before and
 * after are the same, and no way leads back.
 */
export function shiftedScenario(scenario: Scenario, kind: ShiftKind, atStep: number): Scenario {
  const { world, forecast } = scenario;
  const n = world.regimes.length;
  const rate = (from: number, to: number): number =>
    Math.floor(from / n) === Math.floor(to / n) ? (world.transitionsPerDay[from % n]?.[to % n] ?? 0) : 0;
  const indices = Array.from({ length: 2 * n }, (_, i) => i);
  const shift = {
    atSeconds: atStep * forecast.stepSeconds,
    overSeconds: 0,
    regime: n + world.startRegime,
    spotLogReturn: 0,
    spotVolLogChange: 0,
    factors: [0, 0, 0, 0],
  };
  return {
    ...scenario,
    world: {
      ...world,
      regimes: [...world.regimes, ...world.regimes.map(kind.regime)],
      transitionsPerDay: indices.map((from) => indices.map((to) => rate(from, to))),
      timeline: [...world.timeline, shift],
    },
  };
}
