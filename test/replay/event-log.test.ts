import { crc32 as zlibCrc } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { nanos } from '../../src/core/units.ts';
import { crc32 } from '../../src/replay/crc32.ts';
import { BLOCK_HEAD_BYTES, HEADER_BYTES, PAYLOAD_BYTES_MAXIMUM } from '../../src/replay/event-log-format.ts';
import { EventLogReader } from '../../src/replay/event-log-reader.ts';
import { EventLogWriter } from '../../src/replay/event-log-writer.ts';
import { blankRecord, type TraceRecord } from '../../src/replay/trace-record.ts';

const FIELDS = ['kind', 'at', 'instrument', 'agent', 'order', 'price', 'lots', 'extra'] as const;

function logOf(records: readonly TraceRecord[], flushes: ReadonlySet<number> = new Set()): Buffer {
  const parts: Buffer[] = [];
  const writer = new EventLogWriter((bytes) => parts.push(Buffer.from(bytes)));
  records.forEach((record, i) => {
    writer.onRecord(record.kind, nanos(record.at), record.instrument, record.agent, record.order, record.price, record.lots, record.extra);
    if (flushes.has(i)) writer.flush();
  });
  writer.flush();
  const file = Buffer.concat(parts);
  expect([writer.records, writer.bytes]).toEqual([records.length, file.length]);
  return file;
}

function readerOf(file: Uint8Array, sealed = true): EventLogReader {
  let at = 0;
  const read = (into: Uint8Array): number => {
    const part = file.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  };
  return new EventLogReader({ name: 'events.bin', read }, { sealed });
}

function recordsOf(reader: EventLogReader): TraceRecord[] {
  const records: TraceRecord[] = [];
  for (const record = blankRecord(); reader.next(record); ) records.push({ ...record });
  return records;
}

/** The message of the InputError. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('nothing was refused');
}

const EXTREMES = [
  0,
  1,
  -1,
  63,
  64,
  -64,
  -65,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 48,
  2 ** 49,
  2 ** 50,
  2 ** 51,
  2 ** 52,
].flatMap((value) => [value, value - 1, Number.MAX_SAFE_INTEGER - value, value - Number.MAX_SAFE_INTEGER]);
const number = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.maxSafeInteger(),
  fc.constantFrom(...EXTREMES.filter(Number.isSafeInteger)),
);
const record: fc.Arbitrary<TraceRecord> = fc.record(
  Object.fromEntries(FIELDS.map((field) => [field, number])) as Record<keyof TraceRecord, typeof number>,
);
const plus = (i: number): TraceRecord => ({ ...blankRecord(), kind: 1, at: 1000 * i, order: i, price: 5 + (i % 3), lots: 2 });

describe('records come back as they were', () => {
  test('for all safe integers, wherever blocks end', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), fc.uniqueArray(fc.nat(59)), (records, flushes) => {
        const reader = readerOf(logOf(records, new Set(flushes)));
        expect(recordsOf(reader)).toEqual(records);
        expect(reader.records).toBe(records.length);
      }),
      { numRuns: 400 },
    );
  });

  test('each pair of extremes, one behind the other', () => {
    const values = EXTREMES.filter(Number.isSafeInteger);
    const records = values.flatMap((a) => values.flatMap((b) => [a, b].map((value) => ({ ...blankRecord(), extra: value }))));
    expect(recordsOf(readerOf(logOf(records)))).toEqual(records);
  });

  test('over many blocks, none longer than the limit, and each readable alone', () => {
    const records = Array.from({ length: 60_000 }, (_, i) => plus(i));
    const file = logOf(records);
    expect(recordsOf(readerOf(file))).toEqual(records);
    const starts: number[] = [];
    for (let at = HEADER_BYTES; at < file.length; at += BLOCK_HEAD_BYTES + file.readUInt32LE(at + 4)) {
      starts.push(at);
      expect(file.readUInt32LE(at + 4)).toBeLessThanOrEqual(PAYLOAD_BYTES_MAXIMUM);
    }
    expect(starts.length).toBeGreaterThan(3);
    const third = Buffer.concat([file.subarray(0, HEADER_BYTES), file.subarray(starts[2])]);
    expect(recordsOf(readerOf(third))).toEqual(records.slice(-recordsOf(readerOf(third)).length));
  });
});

test('the bytes are those that docs/event-log.md describes', () => {
  const first = { ...blankRecord(), kind: 1, at: 300, instrument: 2, order: 7, price: -1, lots: 64, extra: 4 };
  const file = logOf([first, { ...first, kind: 2, extra: 0 }]);
  const header = [0x89, 0x56, 0x4c, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 0, 0, 0];
  const payload = [0b11110111, 2, 0xd8, 0x04, 4, 14, 1, 0x80, 0x01, 8, 0b10000001, 2, 7];
  const head = [payload.length, 0, 0, 0, 2, 0, 0, 0];
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(Uint8Array.from([...head, ...payload])));
  expect([...file]).toEqual([...header, ...sum, ...head, ...payload]);
});

test('the checksum is the common one', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const all = Uint8Array.from([...a, ...b]);
      expect(crc32(a, b)).toBe(crc32(all));
      expect(crc32(all)).toBe(zlibCrc(all));
    }),
  );
});

describe('a file that is not as it was written is refused', () => {
  const records = Array.from({ length: 30 }, (_, i) => plus(i));
  const file = logOf(records, new Set([9, 19]));

  test('at any byte that was altered, with the record that it spoils', () => {
    for (let at = 0; at < file.length; at += 1) {
      const altered = Buffer.from(file);
      altered[at] = (altered[at] ?? 0) ^ 0x10;
      const message = refusal(() => recordsOf(readerOf(altered)));
      if (at >= HEADER_BYTES) expect(message).toMatch(/^events\.bin {2}byte \d+ {2}.*record (1|11|21)\b/);
    }
  });

  test('wherever it was cut short', () => {
    const starts = new Set<number>();
    for (let at = HEADER_BYTES; at <= file.length; at += at < file.length ? BLOCK_HEAD_BYTES + file.readUInt32LE(at + 4) : 1)
      starts.add(at);
    for (let length = 0; length < file.length; length += 1) {
      const short = file.subarray(0, length);
      // Between two blocks only the manifest tells.
      if (starts.has(length)) expect(recordsOf(readerOf(short)).length % 10).toBe(0);
      else expect(refusal(() => recordsOf(readerOf(short)))).toMatch(length < HEADER_BYTES ? /byte 0/ : /cut short.*record (1|11|21)/);
    }
  });

  test('but of a writer that was stopped, what came before the cut is there', () => {
    const second = HEADER_BYTES + BLOCK_HEAD_BYTES + file.readUInt32LE(HEADER_BYTES + 4);
    for (let length = second; length < file.length; length += 1) {
      const reader = readerOf(file.subarray(0, length), false);
      const read = recordsOf(reader);
      expect(read).toEqual(records.slice(0, read.length));
      expect(reader.lostBytes).toBeLessThan(BLOCK_HEAD_BYTES + file.length);
    }
    const reader = readerOf(file.subarray(0, second + 5), false);
    expect(recordsOf(reader)).toHaveLength(10);
    expect(reader.lostBytes).toBe(5);
  });

  test('of another version, with both versions named', () => {
    const other = Buffer.from(file);
    other.writeUInt32LE(2, 8);
    expect(refusal(() => readerOf(other))).toMatch(/byte 8 {2}version 2 of the format; this volpit reads version 1/);
    expect(refusal(() => readerOf(Buffer.from('time,side,price\n')))).toMatch(/expected an event log of volpit/);
  });

  /** A block with this payload and a checksum that fits. */
  const forged = (payload: readonly number[], count: number): Buffer => {
    const block = Buffer.alloc(BLOCK_HEAD_BYTES + payload.length);
    block.writeUInt32LE(payload.length, 4);
    block.writeUInt32LE(count, 8);
    block.set(payload, BLOCK_HEAD_BYTES);
    block.writeUInt32LE(crc32(block.subarray(4)), 0);
    return Buffer.concat([file.subarray(0, HEADER_BYTES), block]);
  };

  test.each([
    ['a number beyond 2^53', forged([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], 1), /beyond 2\^53/],
    ['a number without an end', forged([1, ...Array.from({ length: 12 }, () => 0xff)], 1), /has no end/],
    ['fewer bytes than records', forged([1, 2], 2), /longer than it is/],
    ['more bytes than records', forged([1, 2, 1], 1), /bytes follow/],
    ['no records', forged([1, 2], 0), /head cannot be right/],
  ])('with %s, also where its checksum fits', (_name, bytes, message) => {
    expect(refusal(() => recordsOf(readerOf(bytes)))).toMatch(message);
  });
});
