import type { Chain } from '../../market/chain.ts';
import { MEASURE_COUNT, MEASURE_UNITS, MEASURES, measureTable, type Scope, scopeOf, WHOLE } from './exposures.ts';

const DELTA = WHOLE * MEASURE_COUNT + MEASURES.indexOf('delta');

/**
 * Room left under limits of delta, gamma, vega and theta, in all and by expiry, counting every quote as if it were filled. Quotes that raise a
 * measure and quotes that lower it are summed apart: of all ways to fill some of them, the worst is to fill all of one kind.
 *
 * What rests at the exchange counts until its end has been reported, also when it is being withdrawn: it may fill before the message arrives. So
 * a cycle first calls {@link hold} for all that is open, then for each quote {@link keep}, or {@link giveUp} and, for what is to come, {@link grant}.
 * An effect is what a quote would add to each measure if all of it were filled, in the order of `MEASURES`.
 */
export class RiskBudget {
  readonly #limits: Float64Array;
  /** With everything that is at the exchange or on its way there: measures at their highest and at their lowest. */
  readonly #highest: Float64Array;
  readonly #lowest: Float64Array;
  /** The same without what is to be withdrawn. */
  readonly #plannedHighest: Float64Array;
  readonly #plannedLowest: Float64Array;
  /** By entry of a table: what is told when a limit is in the way. */
  readonly #shortages: readonly string[];

  /** @param limits a `measureTable` of limits above 0, Infinity where there is none. */
  constructor(chain: Chain, limits: Float64Array) {
    this.#limits = limits;
    this.#highest = measureTable(chain);
    this.#lowest = measureTable(chain);
    this.#plannedHighest = measureTable(chain);
    this.#plannedLowest = measureTable(chain);
    this.#shortages = ['', ...chain.expiries.map(({ label }) => ` of ${label}`)].flatMap((of, scope) =>
      MEASURES.map((name, m) => {
        const limit = limits[scope * MEASURE_COUNT + m] ?? 0;
        return `limit: ${name}${of} with all quotes filled, ${Number(limit.toPrecision(6))} ${MEASURE_UNITS[name]}`;
      }),
    );
  }

  /**
   * Starts over from the present position, a `measureTable`. The delta of the whole counts as if hedges had filled where that leaves less room: those
   * under way, and the next one, which takes it toward 0.
   *
   * @param bought units of the underlying that open orders may buy, and sell.
   */
  reset(position: Readonly<Float64Array>, bought = 0, sold = 0): void {
    this.#highest.set(position);
    this.#lowest.set(position);
    this.#highest[DELTA] = Math.max(0, (position[DELTA] ?? 0) + bought);
    this.#lowest[DELTA] = Math.min(0, (position[DELTA] ?? 0) - sold);
    this.#plannedHighest.set(this.#highest);
    this.#plannedLowest.set(this.#lowest);
  }

  /** Counts what is open on a side, whatever the limits say. */
  hold(expiry: number, effect: Readonly<Float64Array>): void {
    for (const scope of [WHOLE, scopeOf(expiry)]) {
      add(this.#highest, this.#lowest, scope, effect, 1);
      add(this.#plannedHighest, this.#plannedLowest, scope, effect, 1);
    }
  }

  /** Undefined where a quote that is held may stay; else which limit is in the way. It is then to be withdrawn, and its room counts as given up. */
  keep(expiry: number, effect: Readonly<Float64Array>): string | undefined {
    const shortage =
      this.#shortage(WHOLE, effect, 0, this.#plannedHighest, this.#plannedLowest) ??
      this.#shortage(scopeOf(expiry), effect, 0, this.#plannedHighest, this.#plannedLowest);
    if (shortage !== undefined) this.giveUp(expiry, effect);
    return shortage;
  }

  /** A quote that is held will be withdrawn for another reason. Its room is free for new quotes once its end was reported. */
  giveUp(expiry: number, effect: Readonly<Float64Array>): void {
    add(this.#plannedHighest, this.#plannedLowest, WHOLE, effect, -1);
    add(this.#plannedHighest, this.#plannedLowest, scopeOf(expiry), effect, -1);
  }

  /** Reserves room for a new quote; where there is none, nothing is reserved, and this says which limit is in the way. */
  grant(expiry: number, effect: Readonly<Float64Array>): string | undefined {
    const shortage =
      this.#shortage(WHOLE, effect, 1, this.#highest, this.#lowest) ??
      this.#shortage(scopeOf(expiry), effect, 1, this.#highest, this.#lowest);
    if (shortage === undefined) this.hold(expiry, effect);
    return shortage;
  }

  limit(scope: Scope, measure: number): number {
    return this.#limits[scope * MEASURE_COUNT + measure] ?? Number.POSITIVE_INFINITY;
  }

  /** Largest absolute value of a measure that fills could lead to. */
  worst(scope: Scope, measure: number): number {
    const at = scope * MEASURE_COUNT + measure;
    return Math.max(Math.abs(this.#highest[at] ?? 0), Math.abs(this.#lowest[at] ?? 0));
  }

  /** The first limit that a quote presses against, with `times` its effect on top of the sums. */
  #shortage(scope: Scope, effect: Readonly<Float64Array>, times: number, highest: Float64Array, lowest: Float64Array): string | undefined {
    for (let m = 0; m < MEASURE_COUNT; m += 1) {
      const at = scope * MEASURE_COUNT + m;
      const limit = this.#limits[at] ?? Number.POSITIVE_INFINITY;
      const amount = effect[m] ?? 0;
      if (amount > 0 && (highest[at] ?? 0) + times * amount > limit) return this.#shortages[at];
      if (amount < 0 && (lowest[at] ?? 0) + times * amount < -limit) return this.#shortages[at];
    }
    return undefined;
  }
}

function add(highest: Float64Array, lowest: Float64Array, scope: Scope, effect: Readonly<Float64Array>, times: number): void {
  for (let m = 0; m < MEASURE_COUNT; m += 1) {
    const at = scope * MEASURE_COUNT + m;
    const amount = effect[m] ?? 0;
    const sums = amount > 0 ? highest : lowest;
    sums[at] = (sums[at] ?? 0) + times * amount;
  }
}
