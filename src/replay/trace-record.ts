import { nanos } from '../core/units.ts';
import { renderRecord } from '../kernel/trace.ts';

/** A trace record by the names of its numbers: `Trace.record` of the kernel says what they are. Filled anew by who reads records one by one. */
export interface TraceRecord {
  kind: number;
  at: number;
  instrument: number;
  agent: number;
  order: number;
  price: number;
  lots: number;
  extra: number;
}

/** A record to be filled in; all numbers 0. */
export const blankRecord = (): TraceRecord => ({ kind: 0, at: 0, instrument: 0, agent: 0, order: 0, price: 0, lots: 0, extra: 0 });

/** One line of text, as `renderRecord` has it. */
export const recordText = (record: Readonly<TraceRecord>): string =>
  renderRecord(record.kind, nanos(record.at), record.instrument, record.agent, record.order, record.price, record.lots, record.extra);
