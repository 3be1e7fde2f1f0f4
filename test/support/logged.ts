import type { TraceObserver } from '../../src/kernel/trace.ts';
import { accountsOf } from '../../src/replay/accounts.ts';
import { EventLogReader } from '../../src/replay/event-log-reader.ts';
import { EventLogWriter } from '../../src/replay/event-log-writer.ts';
import type { RecordSource } from '../../src/replay/record-queue.ts';
import { type ReplayedMarket, Replayer } from '../../src/replay/replayer.ts';
import type { TraceRecord } from '../../src/replay/trace-record.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { simulation } from './tiny.ts';

/** Keeps the records as objects. */
export function recordKeeper(records: TraceRecord[]): TraceObserver {
  return {
    onRecord: (kind, at, instrument, agent, order, price, lots, extra) =>
      records.push({ kind, at, instrument, agent, order, price, lots, extra }),
  };
}

/** A run that writes its log into memory. `finish` gives the bytes. */
export function logged(scenario: Scenario, seed = '1', verify = false): { sim: Simulation; finish: () => Buffer } {
  const parts: Buffer[] = [];
  const writer = new EventLogWriter((bytes) => parts.push(Buffer.from(bytes)));
  const sim = simulation(scenario, seed, verify, writer);
  return {
    sim,
    finish: () => {
      writer.flush();
      return Buffer.concat(parts);
    },
  };
}

/** The bytes of a log as a file would give them. */
export function eventsIn(file: Uint8Array, sealed = true): EventLogReader {
  let at = 0;
  const read = (into: Uint8Array): number => {
    const part = file.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  };
  return new EventLogReader({ name: 'events.bin', read }, { sealed });
}

export function sourceOf(records: readonly TraceRecord[]): RecordSource {
  let at = 0;
  return {
    next(into) {
      const record = records[at];
      at += 1;
      if (record === undefined) return false;
      Object.assign(into, record);
      return true;
    },
  };
}

/** A replay to its end, or to its first difference. */
export function replayed(market: ReplayedMarket, log: RecordSource, whole = true): Replayer {
  const replayer = new Replayer(market, log, { whole });
  while (replayer.step());
  return replayer;
}

export const accountsIn = (of: Simulation | Replayer, { chain, agents }: ReplayedMarket) =>
  accountsOf(
    of.ledger,
    chain,
    agents.map(({ name }) => name),
  );
