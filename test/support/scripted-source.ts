import type { SnapshotSource } from '../../src/app/dashboard/source.ts';
import { type InstrumentId, instrumentId } from '../../src/core/units.ts';
import type { Snapshot } from '../../src/sim/snapshot.ts';
import { fixedSnapshot } from './snapshot.ts';

/** A source whose clock is all that moves, beside a spot and a profit that are functions of it. It notes what it was asked. */
export interface ScriptedSource extends SnapshotSource {
  readonly seconds: number;
  readonly steps: number;
  readonly asked: readonly InstrumentId[];
}

/** @param failAt simulated second at which `advance` throws. */
export function scriptedSource(horizonSeconds: number, failAt = Number.POSITIVE_INFINITY): ScriptedSource {
  let seconds = 0;
  let steps = 0;
  const asked: InstrumentId[] = [];
  const at = (): Snapshot => {
    const base = fixedSnapshot(asked.at(-1) ?? instrumentId(1));
    const total = 3 * seconds + 200 * Math.sin(seconds / 60);
    const history = Array.from({ length: 120 }, (_, i) => ({ seconds: (seconds * i) / 119, total: (total * i) / 119 }));
    return {
      ...base,
      nowSeconds: seconds,
      horizonSeconds,
      events: Math.floor(seconds * 120) + steps,
      done: seconds >= horizonSeconds,
      market: { ...base.market, spot: base.market.spot + 40 * Math.sin(seconds / 7) },
      subject: { ...base.subject, pnl: { ...base.subject.pnl, total }, history },
    };
  };
  return {
    snapshot(selected) {
      asked.push(selected);
      return at();
    },
    advance(by) {
      seconds = Math.min(horizonSeconds, seconds + by);
      if (seconds >= failAt) throw new Error('the source failed');
    },
    step() {
      steps += 1;
    },
    get done() {
      return seconds >= horizonSeconds;
    },
    get seconds() {
      return seconds;
    },
    get steps() {
      return steps;
    },
    get asked() {
      return asked;
    },
  };
}
