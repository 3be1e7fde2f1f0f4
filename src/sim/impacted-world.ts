import { InputError } from '../core/assert.ts';
import { NANOS_PER_SECOND, NANOS_PER_YEAR } from '../core/units.ts';
import { type Side, signOf } from '../market/order.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { levelPerReturn } from '../processes/level-response.ts';
import { SpotImpact } from '../processes/spot-impact.ts';
import { FACTOR_MAXIMUM, FACTOR_MINIMUM, type World } from '../processes/world.ts';
import type { WorldSpec } from '../processes/world-spec.ts';

/** Beyond this factor, up or down, the spot is no longer a market's but that of a loop that feeds itself. */
const FACTOR_OF_SPOT_MAXIMUM = 2;
const LOG_MOVE_MAXIMUM = Math.log(FACTOR_OF_SPOT_MAXIMUM);

/**
 * The world as it is now, with what trades in the underlying have done to it (decision 9): the path that was drawn before anybody traded, times
 * the impact of all trades on the spot ({@link SpotImpact}), and with the level moved by what the regime's level does on such a return
 * ({@link levelPerReturn}). The level's move is pulled back as the slow factors are. Slope, skew, curvature, regimes, variance of the spot,
 * demand and customers are those of the path: they are the same in all runs at one seed, whoever trades what.
 */
export class ImpactedWorld {
  /** The path without impact: the only one that reaches into the future. */
  readonly exogenous: World;
  readonly #impact: SpotImpact;
  readonly #scenario: string;
  /** By regime. */
  readonly #levelPerReturn: Float64Array;
  /** Share of the level's move that is left after one step. */
  readonly #levelKept: number;
  #levelMove = 0;

  /** @param lotSize units of the underlying in one of its lots; `scenario` is named in the error of a loop that explodes. */
  constructor(world: World, spec: WorldSpec, lotSize: number, scenario: string) {
    const stepSeconds = world.stepNanos / NANOS_PER_SECOND;
    this.exogenous = world;
    this.#impact = new SpotImpact(spec.impact, lotSize, stepSeconds);
    this.#scenario = scenario;
    this.#levelPerReturn = Float64Array.from(spec.regimes, (regime) => levelPerReturn(regime, spec.daysPerYear));
    const stepDays = (world.stepNanos / NANOS_PER_YEAR) * spec.daysPerYear;
    this.#levelKept = spec.meanReversion ? Math.exp((-Math.LN2 * stepDays) / (spec.halfLifeDays[0] ?? Number.POSITIVE_INFINITY)) : 1;
  }

  /** Notes a trade in the underlying, to count from the next step on. */
  traded(aggressor: Side, lots: number): void {
    this.#impact.trade(signOf(aggressor) * lots);
  }

  /**
   * Moves the present on by one step.
   * @throws InputError as {@link check} does.
   */
  advance(): void {
    this.exogenous.advance();
    const move = this.#impact.step();
    this.#levelMove = this.#levelMove * this.#levelKept + (this.#levelPerReturn[this.exogenous.regime()] ?? 0) * move;
    this.check();
  }

  /** @throws InputError when trades have doubled or halved the spot: somebody's trades feed on their own impact, and the run cannot go on. */
  check(): void {
    // Written so that a value that is no number ends here, too.
    if (Math.abs(this.#impact.logMove) <= LOG_MOVE_MAXIMUM) return;
    const seconds = (this.step * this.stepNanos) / NANOS_PER_SECOND;
    throw new InputError(this.#scenario, [
      {
        path: 'world.impact.bpPer100Units',
        message:
          `trades in the underlying have moved its price by a factor of more than ${FACTOR_OF_SPOT_MAXIMUM} at ${seconds} s: they feed on ` +
          'their own impact; take a smaller value, or smaller books and limits of those who trade with the move',
      },
    ]);
  }

  get stepNanos(): number {
    return this.exogenous.stepNanos;
  }

  /** Number of the present step. */
  get step(): number {
    return this.exogenous.step;
  }

  /** Fundamental spot, dollars. */
  spot(): number {
    return this.exogenous.spot() * Math.exp(this.#impact.logMove);
  }

  /** True when the spot or the surface jumped on the way to the present step ({@link World.jumped}); impact never counts as a jump. */
  get jumped(): boolean {
    return this.exogenous.jumped();
  }

  /** Premium of the perpetual over the spot, as a fraction: that of the path. */
  basis(): number {
    return this.exogenous.basis();
  }

  /** False between two sessions. */
  get isOpen(): boolean {
    return this.exogenous.isOpen;
  }

  /** What impact has done to the level by now; it fades as slowly as the slow factors revert. */
  get levelMove(): number {
    return this.#levelMove;
  }

  regime(): number {
    return this.exogenous.regime();
  }

  regimeName(): string {
    return this.exogenous.regimeName();
  }

  /** One observed factor of the surface. */
  factor(index: number): number {
    const drawn = this.exogenous.factor(index);
    if (index !== 0) return drawn;
    return Math.max(FACTOR_MINIMUM[0] ?? drawn, Math.min(FACTOR_MAXIMUM[0] ?? drawn, drawn + this.#levelMove));
  }

  /** The part of a factor that is demand pressure, the memory of demand, and net orders still to come: those of the path. */
  pressure(index: number): number {
    return this.exogenous.pressure(index);
  }

  memory(): number {
    return this.exogenous.demandMemory();
  }

  excitation(): number {
    return this.exogenous.demandExcitation();
  }

  /** Copies all observed factors. */
  factorsInto(out: Float64Array): void {
    for (let f = 0; f < FACTOR_COUNT; f += 1) out[f] = this.factor(f);
  }

  /** What trades have done to the log of the spot, and how far they had moved it at most, down and up. */
  get impact(): { readonly logMove: number; readonly lowest: number; readonly highest: number } {
    return this.#impact;
  }
}
