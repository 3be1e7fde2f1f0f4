import { z } from 'zod';
import { positive, seconds, wholePositive } from '../../../config/quantity.ts';
import { NANOS_PER_SECOND, nanosFromSeconds } from '../../../core/units.ts';
import type { ProtectionSettings, Report } from '../../../market/order.ts';
import type { Desk } from '../../agent.ts';
import type { MakerLimits } from '../measure-limits.ts';
import { CALM, FLATTEN, type Level, PULL, type Vote, WIDEN } from './level.ts';

export const venueProtectionParams = z
  .strictObject({
    enabled: z.boolean().default(true),
    intervalSeconds: seconds({ about: 'time over which the venue adds up what trades', above: 0 }).prefault(5),
    frozenSeconds: seconds({ about: 'time for which it then takes no quotes; 0: until the maker asks to be let back in' }).prefault(10),
    restartSeconds: seconds({ about: 'time after which the maker asks, where it must' }).prefault(10),
    units: positive({ about: 'units traded in an interval; eight clips if left out' }).optional(),
    delta: positive({ about: 'net delta traded in an interval, in units; half of `limits.delta` if left out' }).optional(),
    vega: positive({ about: 'net vega traded, in dollars per vol point; a tenth of `limits.vega` if left out' }).optional(),
    tripsPerHour: wholePositive({ about: 'times within an hour that it may act; with the next one the maker stops' }).default(6),
  })
  .prefault({})
  .describe("the venue's own protection of market makers, set at the opening (docs/exchange.md)");

export type VenueProtectionParams = z.output<typeof venueProtectionParams>;

const CLIPS = 8;
const SHARE_OF_DELTA = 0.5;
const SHARE_OF_VEGA = 0.1;
/** Time to wait before the next try, when the venue still refuses after the time that was agreed. */
const AGAIN_SECONDS = 1;
const HOUR = 3600;

/**
 * The venue's market-maker protection, seen from the maker: its settings, and whether it is on. The venue tells of the freeze and of a reset, not of
 * the end of a freeze by time: that is known from the settings, counted from the report of the freeze, which came later than the freeze itself.
 */
export class VenueProtection {
  readonly settings: ProtectionSettings;
  readonly #params: VenueProtectionParams;
  readonly #restartSeconds: number;
  /** Times of freezes within the last hour. */
  readonly #trips: number[] = [];
  /** Frozen until then as far as known; Infinity until a reset, -Infinity when it is not. */
  #frozenUntil = Number.NEGATIVE_INFINITY;
  #askAt = Number.POSITIVE_INFINITY;
  #stoppedUntil = Number.NEGATIVE_INFINITY;

  /** @param size contracts of a clip. @param restartSeconds time for which it stops after too many freezes; Infinity: for good. */
  constructor(params: VenueProtectionParams, size: number, limits: Pick<MakerLimits, 'delta' | 'vega'>, restartSeconds: number) {
    this.#params = params;
    this.#restartSeconds = restartSeconds;
    this.settings = {
      intervalNanos: nanosFromSeconds(params.intervalSeconds),
      frozenNanos: nanosFromSeconds(params.frozenSeconds),
      units: params.units ?? CLIPS * size,
      delta: params.delta ?? SHARE_OF_DELTA * limits.delta,
      vega: params.vega ?? SHARE_OF_VEGA * limits.vega,
    };
  }

  /** Sets it; what was frozen is then free. */
  set(desk: Desk): void {
    if (this.#params.enabled) desk.protect(this.settings);
  }

  hear(report: Readonly<Report>, nowSeconds: number): void {
    const { frozenSeconds, restartSeconds, tripsPerHour } = this.#params;
    if (report.kind === 'frozen') {
      this.#frozenUntil = frozenSeconds === 0 ? Number.POSITIVE_INFINITY : nowSeconds + frozenSeconds;
      this.#askAt = frozenSeconds === 0 ? nowSeconds + restartSeconds : Number.POSITIVE_INFINITY;
      this.#trips.push(nowSeconds);
      while ((this.#trips[0] ?? nowSeconds) < nowSeconds - HOUR) this.#trips.shift();
      if (this.#trips.length > tripsPerHour) this.#stoppedUntil = nowSeconds + this.#restartSeconds;
    } else if (report.kind === 'thawed') this.#frozenUntil = Number.NEGATIVE_INFINITY;
    else if (report.kind === 'rejected' && report.reason === 'protection-frozen' && nowSeconds >= this.#frozenUntil) {
      this.#frozenUntil = nowSeconds + AGAIN_SECONDS;
    }
  }

  vote(nowSeconds: number): Vote {
    if (nowSeconds < this.#stoppedUntil)
      return { level: FLATTEN, reason: `the venue's protection acted ${this.#trips.length} times within an hour` };
    if (nowSeconds >= this.#frozenUntil) return CALM;
    const left = this.#frozenUntil - nowSeconds;
    const until = left === Number.POSITIVE_INFINITY ? 'until it is reset' : `for ${Math.ceil(left)} s`;
    return { level: PULL, reason: `the venue's protection has taken all quotes out, ${until}` };
  }

  /** Asks to be let back in once it is time, and nothing else speaks against quoting. @param level of all other guards. */
  act(desk: Desk, level: Level): void {
    if (desk.now < this.#askAt * NANOS_PER_SECOND || level > WIDEN) return;
    this.#askAt = Number.POSITIVE_INFINITY;
    desk.resetProtection();
  }
}
