import type { Nanos } from '../core/units.ts';
import type { TraceObserver } from '../kernel/trace.ts';
import { crc32 } from './crc32.ts';
import { BLOCK_HEAD_BYTES, FORMAT_VERSION, HEADER_BYTES, MAGIC, PAYLOAD_BYTES_MAXIMUM, RECORD_BYTES_MAXIMUM } from './event-log-format.ts';
import { blankRecord } from './trace-record.ts';

/** Up to here a difference is exact as a double, and so is its zigzag image. */
const EXACT = 2_251_799_813_685_248;
const BIT_31 = 2_147_483_648;

/**
 * Writes trace records as the file `events.bin` (docs/event-log.md): each as its differences to the one before it, in blocks with
 * checksums. What it hands over is whole blocks, so that a writer that is stopped leaves a log that can be read.
 */
export class EventLogWriter implements TraceObserver {
  readonly #sink: (bytes: Uint8Array) => void;
  readonly #block = new Uint8Array(BLOCK_HEAD_BYTES + PAYLOAD_BYTES_MAXIMUM);
  readonly #head = new DataView(this.#block.buffer);
  /** The record before; of the first in a block, all numbers 0. */
  readonly #last = blankRecord();
  #length = BLOCK_HEAD_BYTES;
  #inBlock = 0;
  #records = 0;
  #bytes = 0;

  /** @param sink takes the bytes as they come; they are borrowed until it returns. The header comes at once. */
  constructor(sink: (bytes: Uint8Array) => void) {
    this.#sink = sink;
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    for (const [i, byte] of MAGIC.entries()) header.setUint8(i, byte);
    header.setUint32(MAGIC.length, FORMAT_VERSION, true);
    this.#hand(new Uint8Array(header.buffer));
  }

  /** Number of records so far. */
  get records(): number {
    return this.#records;
  }

  /** Bytes handed over so far. */
  get bytes(): number {
    return this.#bytes;
  }

  onRecord(kind: number, at: Nanos, instrument: number, agent: number, order: number, price: number, lots: number, extra: number): void {
    if (this.#length + RECORD_BYTES_MAXIMUM > this.#block.length) this.flush();
    const block = this.#block;
    const last = this.#last;
    const start = this.#length;
    let mark = 0;
    let end = start + 1;
    // Field by field: a loop over their names costs more than all else.
    if (kind !== last.kind) {
      mark |= 1;
      end = putDifference(block, end, kind, last.kind);
    }
    if (at !== last.at) {
      mark |= 2;
      end = putDifference(block, end, at, last.at);
    }
    if (instrument !== last.instrument) {
      mark |= 4;
      end = putDifference(block, end, instrument, last.instrument);
    }
    if (agent !== last.agent) {
      mark |= 8;
      end = putDifference(block, end, agent, last.agent);
    }
    if (order !== last.order) {
      mark |= 16;
      end = putDifference(block, end, order, last.order);
    }
    if (price !== last.price) {
      mark |= 32;
      end = putDifference(block, end, price, last.price);
    }
    if (lots !== last.lots) {
      mark |= 64;
      end = putDifference(block, end, lots, last.lots);
    }
    if (extra !== last.extra) {
      mark |= 128;
      end = putDifference(block, end, extra, last.extra);
    }
    block[start] = mark;
    this.#length = end;
    last.kind = kind;
    last.at = at;
    last.instrument = instrument;
    last.agent = agent;
    last.order = order;
    last.price = price;
    last.lots = lots;
    last.extra = extra;
    this.#inBlock += 1;
    this.#records += 1;
  }

  /** Hands over what is left, as a block of its own. */
  flush(): void {
    if (this.#inBlock === 0) return;
    this.#head.setUint32(4, this.#length - BLOCK_HEAD_BYTES, true);
    this.#head.setUint32(8, this.#inBlock, true);
    this.#head.setUint32(0, crc32(this.#block.subarray(4, this.#length)), true);
    this.#hand(this.#block.subarray(0, this.#length));
    this.#length = BLOCK_HEAD_BYTES;
    this.#inBlock = 0;
    Object.assign(this.#last, blankRecord());
  }

  #hand(bytes: Uint8Array): void {
    this.#sink(bytes);
    this.#bytes += bytes.length;
  }
}

/** Writes a difference as a zigzag varint (as `sint64` of Protocol Buffers), from this place on. Returns the place behind it. */
function putDifference(block: Uint8Array, from: number, value: number, before: number): number {
  const difference = value - before;
  if (difference >= EXACT || difference <= -EXACT) return putLarge(block, from, BigInt(value) - BigInt(before));
  let rest = difference < 0 ? -2 * difference - 1 : 2 * difference;
  let at = from;
  for (; rest >= BIT_31; rest = Math.floor(rest / 128)) {
    block[at] = (rest % 128) | 128;
    at += 1;
  }
  // From here on in 32 bits.
  let low = rest | 0;
  for (; low >= 128; low >>= 7) {
    block[at] = (low & 127) | 128;
    at += 1;
  }
  block[at] = low;
  return at + 1;
}

/** The same, exact for any difference of two safe integers. */
function putLarge(block: Uint8Array, from: number, difference: bigint): number {
  let rest = difference < 0n ? -2n * difference - 1n : 2n * difference;
  let at = from;
  for (; rest >= 128n; rest >>= 7n) {
    block[at] = Number(rest & 127n) | 128;
    at += 1;
  }
  block[at] = Number(rest);
  return at + 1;
}
