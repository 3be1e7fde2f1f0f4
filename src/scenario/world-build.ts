import { SECONDS_PER_YEAR } from '../core/units.ts';
import type { BasisParameters } from '../processes/basis.ts';
import { WORLD_PRESETS } from '../processes/presets.ts';
import { type ImpactParameters, type ImpactPreset, presetBpPer100Units } from '../processes/spot-impact.ts';
import type { FlowSpec, RegimeSpec, WorldSpec } from '../processes/world-spec.ts';
import { buildActivity } from './activity-schema.ts';
import { type ScalarOrExpression, tabulate } from './expression.ts';
import type { Path } from './shown.ts';
import { timelineShifts } from './timeline.ts';
import type { FlowDocument, WorldDocument } from './world-schema.ts';

const MILLIS_PER_HOUR = 3_600_000;
const ARRIVALS_PER_STEP_MAXIMUM = 200;
const JUMPS_PER_STEP_MAXIMUM = 0.1;
const STEPS_MAXIMUM = 20_000_000;

/** Hears of a fault at a path of the document. */
export type FaultSink = (path: Path, message: string) => void;

/** Makes the world's parameters from the preset and the document. Faults go to `fault`; the result then only serves to find more of them. */
export function buildWorld(
  world: WorldDocument,
  flow: FlowDocument,
  durationSeconds: number,
  lookaheadSeconds: number,
  fault: FaultSink,
): WorldSpec {
  const preset = WORLD_PRESETS[world.preset];
  const regimes = preset.regimes.map((regime): RegimeSpec => adjusted(regime, world));
  const names = regimes.map((regime) => regime.name);
  const regimeIndex = (name: string, path: Path): number => {
    const index = names.indexOf(name);
    if (index < 0) fault(path, `found "${name}", expected one of ${names.join(', ')}`);
    return Math.max(0, index);
  };
  for (const name of Object.keys(world.regimes)) regimeIndex(name, ['world', 'regimes', name]);
  const startRegime = regimeIndex(world.start.regime, ['world', 'start', 'regime']);
  const lookaheadSteps = Math.ceil((lookaheadSeconds * 1000) / world.stepMillis);
  const steps = Math.ceil((durationSeconds * 1000) / world.stepMillis) + lookaheadSteps + 2;
  const tooMany = steps > STEPS_MAXIMUM;
  if (tooMany)
    fault(
      ['world', 'stepMillis'],
      `the run would have ${steps} steps, expected at most ${STEPS_MAXIMUM}; take longer steps or a shorter duration`,
    );
  const table = (value: ScalarOrExpression, path: Path): Readonly<Float64Array> | number => {
    if ('constant' in value) return value.constant;
    // A refused run is not worth its tables: they would take long.
    const values = tabulate(value.expression, world.stepMillis / 1000, tooMany ? 1 : steps);
    if (values instanceof Float64Array) return values;
    fault(path, `"${value.expression.text}": ${values.message}`);
    return 0;
  };
  const path = (value: ScalarOrExpression, at: Path): Readonly<Float64Array> => {
    const made = table(value, at);
    return typeof made === 'number' ? Float64Array.of(made) : made;
  };
  const rate = flow.rate === undefined ? preset.flow.ratePerHour : table(flow.rate, ['flow', 'rate']);
  checkArrivals(rate, regimes, world, fault);
  checkJumps(regimes, world, fault);
  const basis = basisOf(world);
  return {
    stepMillis: world.stepMillis,
    spot: world.spot,
    startVol: world.start.vol ?? Math.sqrt(regimes[startRegime]?.spot.theta ?? 0.04),
    factors: [Math.log(world.surface.atmVol), world.surface.slope, world.surface.skew, world.surface.curvature],
    daysPerYear: preset.daysPerYear,
    regimes: world.pressure ? regimes : regimes.map((regime) => ({ ...regime, demand: { ...regime.demand, impact: 0 } })),
    startRegime,
    transitionsPerDay: preset.transitionsPerDay,
    regimeSpeed: world.switching ? world.regimeSpeed : 0,
    timeline: timelineShifts(world, durationSeconds, regimeIndex, fault),
    halfLifeDays: preset.halfLifeDays,
    meanReversion: world.meanReversion,
    levelPath: path(world.level, ['world', 'level']),
    thetaPath: path(world.theta, ['world', 'theta']),
    activity: buildActivity(preset.activity, world.activity, fault),
    flow: { ...flowSpec(preset.flow, flow), ratePerHour: rate },
    impact: impactOf(world, preset.impact),
    ...(basis === undefined ? {} : { basis }),
    lookaheadSteps,
  };
}

/** A step holds one jump at most: where two are likely, there would be too few of them. */
function checkJumps(regimes: readonly RegimeSpec[], world: WorldDocument, fault: FaultSink): void {
  const most = Math.floor((JUMPS_PER_STEP_MAXIMUM * 1000 * SECONDS_PER_YEAR) / world.stepMillis);
  for (const { name, spot } of regimes) {
    if (spot.jumpsPerYear <= most) continue;
    fault(
      ['world', 'regimes', name, 'spot', 'jumpsPerYear'],
      `found ${spot.jumpsPerYear}, expected at most ${most} with steps of ${world.stepMillis} ms`,
    );
  }
}

/** Arrivals are drawn per step by summing probabilities: their expected number must stay moderate. */
function checkArrivals(
  rate: number | Readonly<Float64Array>,
  regimes: readonly RegimeSpec[],
  world: WorldDocument,
  fault: FaultSink,
): void {
  const busiest = typeof rate === 'number' ? rate : rate.reduce((most, value) => Math.max(most, value), 0);
  const perStep = (busiest * Math.max(...regimes.map((regime) => regime.demand.activity)) * world.stepMillis) / MILLIS_PER_HOUR;
  if (perStep <= ARRIVALS_PER_STEP_MAXIMUM) return;
  fault(
    ['flow', 'rate'],
    `${perStep.toFixed(0)} customers would arrive in one step at the busiest, expected at most ${ARRIVALS_PER_STEP_MAXIMUM}; take a lower rate or shorter steps`,
  );
}

/** Undefined where the perpetual never leaves the index. */
function basisOf({ basis: { meanBp, sdBp, halfLifeMinutes } }: WorldDocument): BasisParameters | undefined {
  return meanBp === 0 && sdBp === 0 ? undefined : { mean: meanBp / 10_000, sd: sdBp / 10_000, halfLifeMinutes };
}

function flowSpec(preset: FlowSpec, { rate: _, ...changes }: FlowDocument): FlowSpec {
  return { ...preset, ...present(changes) };
}

function impactOf({ impact, spot }: WorldDocument, preset: ImpactPreset): ImpactParameters {
  return {
    bpPer100Units: impact.bpPer100Units ?? presetBpPer100Units(preset, spot),
    permanentShare: impact.permanentShare ?? preset.permanentShare,
    halfLifeMinutes: impact.halfLifeMinutes ?? preset.halfLifeMinutes,
  };
}

/** A regime of the preset with the document's changes. Absent fields keep the preset's value. */
function adjusted(regime: RegimeSpec, world: WorldDocument): RegimeSpec {
  const changes = world.regimes[regime.name];
  if (changes === undefined) return regime;
  const { longRunVol, ...spot } = changes.spot ?? {};
  return {
    name: regime.name,
    spot: { ...regime.spot, ...present(spot), ...(longRunVol === undefined ? {} : { theta: longRunVol * longRunVol }) },
    surface: { ...regime.surface, ...present(changes.surface ?? {}) },
    demand: { ...regime.demand, ...present(changes.demand ?? {}) },
  };
}

/** The fields that are set. */
function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
