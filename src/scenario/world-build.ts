import { SECONDS_PER_YEAR } from '../core/units.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { WORLD_PRESETS } from '../processes/presets.ts';
import { type ImpactParameters, type ImpactPreset, presetBpPer100Units } from '../processes/spot-impact.ts';
import type { FlowSpec, RegimeSpec, TimelineShift, WorldSpec } from '../processes/world-spec.ts';
import { type ScalarOrExpression, tabulate } from './expression.ts';
import type { Path } from './shown.ts';
import type { FlowDocument, WorldDocument } from './world-schema.ts';

const MILLIS_PER_HOUR = 3_600_000;
const ARRIVALS_PER_STEP_MAXIMUM = 200;
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
  const rate = table(flow.rate, ['flow', 'rate']);
  checkArrivals(rate, regimes, world, fault);
  checkSpeeds(regimes, world, fault);
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
    timeline: timeline(world, durationSeconds, regimeIndex, fault),
    halfLifeDays: preset.halfLifeDays,
    meanReversion: world.meanReversion,
    levelPath: path(world.level, ['world', 'level']),
    thetaPath: path(world.theta, ['world', 'theta']),
    flow: flowSpec(flow, rate),
    impact: impactOf(world, preset.impact),
    lookaheadSteps,
  };
}

/** The variance is stepped forward: a pull that crosses its mean within one step makes it swing instead of settle. */
function checkSpeeds(regimes: readonly RegimeSpec[], world: WorldDocument, fault: FaultSink): void {
  for (const { name, spot } of regimes) {
    const perStep = (spot.kappa * world.stepMillis) / 1000 / SECONDS_PER_YEAR;
    if (perStep <= 1) continue;
    const fastest = Math.floor(spot.kappa / perStep);
    fault(
      ['world', 'regimes', name, 'spot', 'kappa'],
      `found ${spot.kappa} per year, expected at most ${fastest} with steps of ${world.stepMillis} ms`,
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

function flowSpec(flow: FlowDocument, ratePerHour: number | Readonly<Float64Array>): FlowSpec {
  const { memoryMinutes, sizeLogMean, sizeLogSd, sizeMaximum, reservationAlpha, reservationPerVol } = flow;
  return { ratePerHour, memoryMinutes, sizeLogMean, sizeLogSd, sizeMaximum, reservationAlpha, reservationPerVol };
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

function timeline(
  world: WorldDocument,
  durationSeconds: number,
  regimeIndex: (name: string, path: Path) => number,
  fault: FaultSink,
): TimelineShift[] {
  return world.timeline.map((shift, i) => {
    const at: Path = ['world', 'timeline', i, 'at'];
    if (shift.at <= 0) fault(at, `found ${shift.at}, expected a time after the opening`);
    if (shift.at > durationSeconds) fault(at, `found ${shift.at} s, expected a time within the duration of ${durationSeconds} s`);
    if (shift.at < (world.timeline[i - 1]?.at ?? 0)) fault(at, `found ${shift.at} s, expected times in increasing order`);
    const factors = [shift.level, shift.slope, shift.skew, shift.curvature].slice(0, FACTOR_COUNT);
    return {
      atSeconds: shift.at,
      overSeconds: shift.over,
      regime: shift.regime === undefined ? undefined : regimeIndex(shift.regime, ['world', 'timeline', i, 'regime']),
      spotLogReturn: Math.log1p(shift.spotReturn),
      factors,
    };
  });
}
