import { type Lots, lots } from '../../../core/units.ts';
import type { OptionSeries } from '../../../market/instrument.ts';
import { type Side, signOf } from '../../../market/order.ts';
import { scopeOf, WHOLE } from '../exposures.ts';
import type { Latches } from './latches.ts';
import { LEVELS, PULL, REDUCE_ONLY } from './level.ts';

/** What protection leaves of one side of a series. */
export interface Ruling {
  /** Multiplies the half-spread; at least 1. */
  widen: number;
  /** Lots at most; Infinity where nothing speaks against it. */
  most: number;
  /** Empty where nothing is ruled. */
  reason: string;
}

export const blankRuling = (): Ruling => ({ widen: 1, most: Number.POSITIVE_INFINITY, reason: '' });

/**
 * Rules on a side: pulled by any guard that pulls, left out where it would add to what a guard wants reduced, wider where one is to be widened. A guard
 * without an exposure that is over means what is held of the series, and then no more of it than is held.
 *
 * @param held lots of the series, long above 0. @param contract what one long contract of it has of each measure.
 * @param widen the multiplier of a side that is to be wider.
 */
export function rule(
  latches: Latches,
  option: OptionSeries,
  side: Side,
  held: Lots,
  contract: Readonly<Float64Array>,
  widen: number,
  out: Ruling,
): Ruling {
  out.widen = 1;
  out.most = Number.POSITIVE_INFINITY;
  out.reason = '';
  for (const scope of [WHOLE, scopeOf(option.expiry)]) {
    for (const { guard, latch } of latches.raised(scope)) {
      const { level, over, reason } = latch;
      const adds = over === undefined || signOf(side) * (contract[over.measure] ?? 0) * over.sign > 0;
      let most = Number.POSITIVE_INFINITY;
      if (level >= PULL) most = 0;
      else if (level === REDUCE_ONLY) most = over === undefined ? Math.max(0, -signOf(side) * held) : adds ? 0 : most;
      else if (adds) {
        out.widen = widen;
        if (out.most === Number.POSITIVE_INFINITY) out.reason = `${LEVELS[level]} (${guard}): ${reason}`;
      }
      if (most < out.most) {
        out.most = lots(most);
        out.reason = `${LEVELS[level]} (${guard}): ${reason}`;
      }
    }
  }
  return out;
}
