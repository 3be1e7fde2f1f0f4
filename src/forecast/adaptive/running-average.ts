import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { Forecast, Forecaster, ForecasterModel, ForecasterReport } from '../forecaster.ts';
import type { LstmForecaster, LstmModel } from '../lstm/lstm-model.ts';
import { ConformalScale } from './conformal-scale.ts';
import { DriftVote } from './drift-vote.ts';
import { FixedShareGate } from './fixed-share-gate.ts';
import { HeadCorrection } from './head-correction.ts';
import { LongMemorySlope } from './long-memory-slope.ts';
import { StepRing } from './step-ring.ts';

/** Start weights of the gate: those of the trained models are equal, the random walk has a foot in the door. */
const WALK_START = 0.1;
const UPDATED_START = 0.95;
/** Part of the gate that an alarm moves back to its start: what was learnt of the experts counts for less. */
const ALARM_RESTART = 0.3;
/** An alarm widens the scale at once by this factor, which decays over so many steps. */
const ALARM_WIDENING = 1.5;
const WIDENING_STEPS = 20;
/** Outcomes of horizons below this are mostly the tracker's own lag: they take weights and multiplier of the first horizon that is not. */
const SETTLED_STEPS = 5;
/** Memory of what is a usual scale, in steps: a forecast from a larger one is of the group `stressed`. */
const USUAL_STEPS = 500;
/** Steps of one run of two hours: what the memory of the slope counts runs by. */
const RUN_STEPS = 240;
/**
 * Memory of the average's slope in runs. The ten that are the least cost: over 40 runs of `vol-regimes` the average then explained 12.3 % of the level in a
 * quarter of an hour where it explained 14.4 % without any slope. Over a hundred, a net that is wrong for good is believed less from day to day.
 */
const AVERAGE_MEMORY_RUNS = 100;
/** Errors count at most so many scales in the drift of losses and in the value of updating. */
const LOSS_LIMIT = 25;

/** One market's state of the kinds `average` and `adaptive`. Nothing is allocated per step. */
export class RunningAverage implements Forecaster {
  readonly #experts: readonly string[];
  readonly #horizons: readonly number[];
  readonly #net: LstmForecaster;
  readonly #linear: Forecaster | undefined;
  readonly #correction: HeadCorrection | undefined;
  readonly #drift: DriftVote | undefined;
  readonly #gates: readonly FixedShareGate[];
  readonly #scales: readonly ConformalScale[];
  readonly #slope: LongMemorySlope;
  readonly #change: Float64Array;
  readonly #scale: Float64Array;
  readonly #multipliers: Float64Array;
  /** Average of what is trained, as it was trained. */
  readonly #frozen: { readonly horizonsSeconds: readonly number[]; readonly change: Float64Array; readonly scale: Float64Array };
  readonly #current: Forecast;
  /** Per step: experts' changes output by output, then the served changes, raw scales, multipliers, the gates' changes, tracked factors, the group. */
  readonly #ring: StepRing;
  readonly #width: number;
  #ready = false;
  #usual = 0;
  #scored = 0;
  #updateGain = 0;

  constructor(kind: 'average' | 'adaptive', net: LstmModel, linear: ForecasterModel | undefined) {
    this.#horizons = net.horizonsSeconds.map((seconds) => Math.round(seconds / net.stepSeconds));
    this.#net = net.start();
    this.#linear = linear?.start();
    const adapts = kind === 'adaptive';
    this.#correction = adapts ? new HeadCorrection(net, this.#horizons) : undefined;
    this.#drift = adapts ? new DriftVote() : undefined;
    this.#experts = [...(adapts ? ['rw'] : []), ...(linear === undefined ? [] : ['linear']), 'lstm', ...(adapts ? ['updated'] : [])];
    const outputs = this.#horizons.length * FACTOR_COUNT;
    const start = startWeights(this.#experts);
    this.#gates = Array.from(
      { length: outputs },
      // Within a market outcomes half an hour ahead are too few to tell who is right: the average's weights stay as they are.
      (_, o) =>
        new FixedShareGate({ start, horizonSteps: this.#horizons[Math.floor(o / FACTOR_COUNT)] ?? 1, ...(adapts ? {} : { rate: 0 }) }),
    );
    this.#scales = this.#gates.map((_, o) => new ConformalScale({ horizonSteps: this.#horizons[Math.floor(o / FACTOR_COUNT)] ?? 1 }));
    this.#slope = new LongMemorySlope({
      horizonsSteps: this.#horizons,
      stepsPerRun: RUN_STEPS,
      ...(adapts ? {} : { memoryRuns: AVERAGE_MEMORY_RUNS }),
    });
    this.#change = new Float64Array(outputs);
    this.#scale = new Float64Array(outputs);
    this.#multipliers = new Float64Array(outputs).fill(1);
    this.#frozen = { horizonsSeconds: net.horizonsSeconds, change: new Float64Array(outputs), scale: new Float64Array(outputs) };
    this.#current = { horizonsSeconds: net.horizonsSeconds, change: this.#change, scale: this.#scale };
    this.#width = outputs * (this.#experts.length + 4) + FACTOR_COUNT + 1;
    this.#ring = new StepRing(this.#width, Math.max(...this.#horizons) + 1);
  }

  observe(factors: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    this.#net.observe(factors, row);
    this.#linear?.observe(factors, row);
    const net = this.#net.forecast();
    const linear = this.#linear?.forecast();
    this.#ready = net !== undefined && (this.#linear === undefined || linear !== undefined);
    if (net === undefined || !this.#ready) {
      this.#ring.clear();
      this.#correction?.restart();
      return;
    }
    this.#average(net, linear);
    this.#correction?.observe(factors, this.#net, this.#frozen);
    const now = this.#ring.begin();
    this.#learn(now, factors);
    this.#say(now, factors, net, linear);
  }

  forecast(): Forecast | undefined {
    return this.#ready ? this.#current : undefined;
  }

  report(): ForecasterReport {
    const headline = Math.min(1, this.#horizons.length - 1) * FACTOR_COUNT;
    const weights = Array.from({ length: this.#gates.length }, (_, o) => Array.from(this.#gates[o]?.weights ?? []));
    const drift = this.#drift;
    const correction = this.#correction;
    return {
      experts: this.#experts,
      gateWeights: weights,
      scaleMultipliers: Array.from(this.#multipliers),
      slopes: this.#horizons.map((_, h) => this.#slope.slope(h)),
      headline,
      ...(drift === undefined ? {} : { drift: { alarms: drift.alarms, quietSteps: drift.quietSteps, alone: Array.from(drift.alone) } }),
      ...(correction === undefined
        ? {}
        : { updates: { scheduled: correction.scheduled, triggered: correction.triggered, lossSaved: this.#updateGain } }),
    };
  }

  /** The plain average of net and linear model, with the root of the mean of their squared scales. */
  #average(net: Forecast, linear: Forecast | undefined): void {
    for (let o = 0; o < this.#change.length; o += 1) {
      const own = net.scale[o] ?? 1;
      const other = linear?.scale[o] ?? own;
      this.#frozen.change[o] = ((net.change[o] ?? 0) + ((linear ?? net).change[o] ?? 0)) / 2;
      this.#frozen.scale[o] = Math.sqrt((own * own + other * other) / 2);
    }
  }

  /** What has come due: gates, scales, drift. Rows of the ring that are read here are older than the one being written. */
  #learn(now: number, factors: Readonly<Float64Array>): void {
    const { values } = this.#ring;
    const experts = this.#experts.length;
    const outputs = this.#change.length;
    for (let h = 0; h < this.#horizons.length; h += 1) {
      const then = this.#ring.back(this.#horizons[h] ?? 1);
      if (then < 0 || then === now) continue;
      const served = then + outputs * experts;
      const group = values[then + this.#width - 1] ?? 0;
      let loss = 0;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const o = h * FACTOR_COUNT + f;
        const outcome = (factors[f] ?? 0) - (values[then + this.#width - 1 - FACTOR_COUNT + f] ?? 0);
        const raw = values[served + outputs + o] ?? 1;
        const multiplier = values[served + 2 * outputs + o] ?? 1;
        this.#gates[o]?.learnOutcome(outcome, raw * multiplier, values, then + o * experts);
        const error = Math.abs(outcome - (values[served + o] ?? 0)) / raw;
        this.#scales[o]?.learn(group, error, multiplier);
        this.#slope.learn(h, values[served + 3 * outputs + o] ?? 0, outcome, raw * multiplier);
        loss += Math.min(LOSS_LIMIT, error * error) / FACTOR_COUNT;
        if (h === Math.min(1, this.#horizons.length - 1)) this.#score(outcome, raw, then + o * experts);
      }
      if (h === 0 && this.#drift?.step(loss) === true) this.#alarm();
    }
  }

  /** Value of updating: squared error of the frozen average less that of the updated one, in units of the expected square, in the mean so far. */
  #score(outcome: number, raw: number, at: number): void {
    if (this.#correction === undefined) return;
    const { values } = this.#ring;
    const last = this.#experts.length - 1;
    const trained = last - 1;
    const frozen = (outcome - (trained > 1 ? ((values[at + 1] ?? 0) + (values[at + 2] ?? 0)) / 2 : (values[at + 1] ?? 0))) / raw;
    const updated = (outcome - (values[at + last] ?? 0)) / raw;
    this.#scored += 1;
    this.#updateGain += (Math.min(LOSS_LIMIT, frozen * frozen) - Math.min(LOSS_LIMIT, updated * updated) - this.#updateGain) / this.#scored;
  }

  #alarm(): void {
    this.#correction?.alarm();
    for (const gate of this.#gates) gate.restart(ALARM_RESTART);
  }

  /** Writes what is said now. */
  #say(now: number, factors: Readonly<Float64Array>, net: Forecast, linear: Forecast | undefined): void {
    const { values } = this.#ring;
    const experts = this.#experts.length;
    const outputs = this.#change.length;
    const served = now + outputs * experts;
    const group = this.#group(net);
    const widening = this.#widening();
    for (let o = 0; o < outputs; o += 1) {
      let at = now + o * experts;
      if (this.#correction !== undefined) values[at++] = 0;
      if (linear !== undefined) values[at++] = linear.change[o] ?? 0;
      values[at++] = net.change[o] ?? 0;
      if (this.#correction !== undefined) values[at] = this.#correction.change[o] ?? 0;
      const settled = this.#settled(o);
      const combined = this.#gates[settled]?.combined(values, now + o * experts) ?? 0;
      const change = this.#slope.slope(Math.floor(settled / FACTOR_COUNT)) * combined;
      const raw = this.#frozen.scale[o] ?? 1;
      const multiplier = widening * (this.#scales[settled]?.multiplier(group) ?? 1);
      this.#change[o] = change;
      this.#scale[o] = raw * multiplier;
      this.#multipliers[o] = multiplier;
      values[served + o] = change;
      values[served + outputs + o] = raw;
      values[served + 2 * outputs + o] = multiplier;
      values[served + 3 * outputs + o] = combined;
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) values[now + this.#width - 1 - FACTOR_COUNT + f] = factors[f] ?? 0;
    values[now + this.#width - 1] = group;
  }

  /** The output whose gate and multiplier an output takes. */
  #settled(output: number): number {
    let h = Math.floor(output / FACTOR_COUNT);
    while (h < this.#horizons.length - 1 && (this.#horizons[h] ?? 0) < SETTLED_STEPS) h += 1;
    return h * FACTOR_COUNT + (output % FACTOR_COUNT);
  }

  /** 1 where the net expects larger errors than usual, over all outputs: what is known at the origin. */
  #group(net: Forecast): number {
    let sum = 0;
    for (let o = 0; o < net.scale.length; o += 1) sum += Math.log(net.scale[o] ?? 1);
    const size = sum / net.scale.length;
    const weight = 1 / Math.min(this.#ring.steps, USUAL_STEPS);
    this.#usual += (size - this.#usual) * weight;
    return size > this.#usual ? 1 : 0;
  }

  #widening(): number {
    const drift = this.#drift;
    if (drift === undefined || drift.alarms === 0 || drift.quietSteps >= WIDENING_STEPS) return 1;
    return 1 + (ALARM_WIDENING - 1) * (1 - drift.quietSteps / WIDENING_STEPS);
  }
}

/** Equal weights of what is trained, less the random walk's where it is among them; the updated head, which has learnt from the same, stands for most of it. */
function startWeights(experts: readonly string[]): number[] {
  const trained = experts.filter((expert) => expert === 'linear' || expert === 'lstm').length;
  const updated = experts.includes('updated') ? UPDATED_START : 0;
  const rest = 1 - updated;
  const walk = experts.includes('rw') ? WALK_START : 0;
  return experts.map((expert) => (expert === 'updated' ? updated : expert === 'rw' ? rest * walk : (rest * (1 - walk)) / trained));
}
