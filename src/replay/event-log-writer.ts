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
    const last = this.#last;
    const mark = this.#length;
    this.#length += 1;
    // Without a loop over the names of the fields, which costs more than all else.
    this.#block[mark] =
      this.#put(kind, last.kind, 1) |
      this.#put(at, last.at, 2) |
      this.#put(instrument, last.instrument, 4) |
      this.#put(agent, last.agent, 8) |
      this.#put(order, last.order, 16) |
      this.#put(price, last.price, 32) |
      this.#put(lots, last.lots, 64) |
      this.#put(extra, last.extra, 128);
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

  /** Writes a difference as a zigzag varint. Returns `bit`, or 0 where the two are equal and nothing was written. */
  #put(value: number, before: number, bit: number): number {
    const difference = value - before;
    if (difference === 0) return 0;
    if (difference >= EXACT || difference <= -EXACT) this.#putLarge(BigInt(value) - BigInt(before));
    else this.#putVarint(difference < 0 ? -2 * difference - 1 : 2 * difference);
    return bit;
  }

  #putVarint(value: number): void {
    const block = this.#block;
    let rest = value;
    while (rest >= BIT_31) {
      block[this.#length] = (rest % 128) | 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      block[this.#length] = (rest & 127) | 128;
      this.#length += 1;
      rest >>>= 7;
    }
    block[this.#length] = rest;
    this.#length += 1;
  }

  #putLarge(difference: bigint): void {
    let rest = difference < 0n ? -2n * difference - 1n : 2n * difference;
    for (; rest >= 128n; rest >>= 7n) {
      this.#block[this.#length] = Number(rest & 127n) | 128;
      this.#length += 1;
    }
    this.#block[this.#length] = Number(rest);
    this.#length += 1;
  }

  #hand(bytes: Uint8Array): void {
    this.#sink(bytes);
    this.#bytes += bytes.length;
  }
}
