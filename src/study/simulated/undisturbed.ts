import type { MarketRecord } from '../../sim/oracles/market-record.ts';
import { afterJumps } from '../../sim/oracles/surface-state.ts';

/**
 * Which steps may be origins of a forecast so many steps ahead: 1 where neither the step nor its outcome is a jump of the spot or within 40 steps
 * after one, as in `volpit predictability`. Nothing foresees a jump, and in sums of squares one outweighs a hundred hours.
 */
export function usableOrigins(record: MarketRecord, ahead: number): Uint8Array {
  const disturbed = afterJumps(record);
  return Uint8Array.from({ length: record.steps }, (_, step) =>
    disturbed[step] === 1 || disturbed[Math.min(step + ahead, record.steps - 1)] === 1 ? 0 : 1,
  );
}

/** Steps near a jump, over all records. */
export function disturbedSteps(records: readonly MarketRecord[]): number {
  return records.reduce((sum, record) => sum + afterJumps(record).reduce((a, b) => a + b, 0), 0);
}
