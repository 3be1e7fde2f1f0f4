import { InputError } from '../core/assert.ts';
import { crc32 } from './crc32.ts';
import { BLOCK_HEAD_BYTES, FORMAT_VERSION, HEADER_BYTES, MAGIC, PAYLOAD_BYTES_MAXIMUM } from './event-log-format.ts';
import { blankRecord, type TraceRecord } from './trace-record.ts';

/** Bytes of a file, in order. */
export interface ByteSource {
  /** Name for messages. */
  readonly name: string;
  /** Fills the array from its start; less than all of it only at the end. Returns the number of bytes. */
  read(into: Uint8Array): number;
}

/** Bits read before the numbers may be too large for a double. */
const EXACT_BYTES = 7;
const VARINT_BYTES_MAXIMUM = 10;

/**
 * Reads what {@link EventLogWriter} wrote, one record after the other; it holds one block at a time.
 *
 * With `sealed` the file has to end behind a block. Without, a block that is cut short counts as the end: the writer was stopped
 * while it handed it over.
 */
export class EventLogReader {
  readonly #source: ByteSource;
  readonly #sealed: boolean;
  readonly #head = new Uint8Array(BLOCK_HEAD_BYTES);
  readonly #buffer = new Uint8Array(PAYLOAD_BYTES_MAXIMUM);
  readonly #last = blankRecord();
  #payload = this.#buffer.subarray(0, 0);
  #at = 0;
  #left = 0;
  #blockStart = HEADER_BYTES;
  #nextBlock = HEADER_BYTES;
  #records = 0;
  #lostBytes = 0;

  /** @throws InputError when the file is none of ours, or of another version of the format. */
  constructor(source: ByteSource, options: { readonly sealed: boolean }) {
    this.#source = source;
    this.#sealed = options.sealed;
    const header = new Uint8Array(HEADER_BYTES);
    const length = source.read(header);
    if (MAGIC.some((byte, i) => header[i] !== byte)) throw this.#fault(0, 'expected an event log of volpit, found something else');
    if (length < HEADER_BYTES) throw this.#fault(0, `the file ends after ${length} bytes, within its header`);
    const version = new DataView(header.buffer).getUint32(MAGIC.length, true);
    if (version !== FORMAT_VERSION) {
      throw this.#fault(MAGIC.length, `version ${version} of the format; this volpit reads version ${FORMAT_VERSION}`);
    }
  }

  /** Records read so far. */
  get records(): number {
    return this.#records;
  }

  /** Bytes of a block that was cut short at the end of the file, once that was reached. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /**
   * Reads the next record. Returns false at the end.
   * @throws InputError with file, byte and record when a block is damaged or cut short.
   */
  next(into: TraceRecord): boolean {
    if (this.#left === 0 && !this.#openBlock()) return false;
    const last = this.#last;
    const mark = this.#byte();
    if ((mark & 1) !== 0) last.kind = this.#moved(last.kind);
    if ((mark & 2) !== 0) last.at = this.#moved(last.at);
    if ((mark & 4) !== 0) last.instrument = this.#moved(last.instrument);
    if ((mark & 8) !== 0) last.agent = this.#moved(last.agent);
    if ((mark & 16) !== 0) last.order = this.#moved(last.order);
    if ((mark & 32) !== 0) last.price = this.#moved(last.price);
    if ((mark & 64) !== 0) last.lots = this.#moved(last.lots);
    if ((mark & 128) !== 0) last.extra = this.#moved(last.extra);
    Object.assign(into, last);
    this.#left -= 1;
    this.#records += 1;
    if (this.#left === 0 && this.#at !== this.#payload.length) throw this.#damaged('bytes follow its last record');
    return true;
  }

  #openBlock(): boolean {
    this.#blockStart = this.#nextBlock;
    const found = this.#source.read(this.#head);
    if (found === 0) return false;
    if (found < BLOCK_HEAD_BYTES) return this.#cutShort(found);
    const head = new DataView(this.#head.buffer);
    const length = head.getUint32(4, true);
    this.#left = head.getUint32(8, true);
    if (length === 0 || length > PAYLOAD_BYTES_MAXIMUM || this.#left === 0) throw this.#damaged('its head cannot be right');
    this.#payload = this.#buffer.subarray(0, length);
    const taken = this.#source.read(this.#payload);
    if (taken < length) return this.#cutShort(BLOCK_HEAD_BYTES + taken);
    const checksum = crc32(this.#head.subarray(4), this.#payload);
    if (checksum !== head.getUint32(0, true)) throw this.#damaged('its checksum is another');
    this.#nextBlock = this.#blockStart + BLOCK_HEAD_BYTES + length;
    this.#at = 0;
    Object.assign(this.#last, blankRecord());
    return true;
  }

  #cutShort(bytes: number): false {
    this.#left = 0;
    this.#lostBytes = bytes;
    if (!this.#sealed) return false;
    throw this.#fault(this.#blockStart, `the file is cut short: it ends within the block that holds record ${this.#records + 1}`);
  }

  #byte(): number {
    const byte = this.#payload[this.#at];
    if (byte === undefined) throw this.#damaged('its records are longer than it is');
    this.#at += 1;
    return byte;
  }

  /** A number and the difference that comes next. */
  #moved(before: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < EXACT_BYTES; i += 1) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return this.#safe(before + (value % 2 === 0 ? value / 2 : -(value + 1) / 2));
    }
    let large = BigInt(value);
    for (let i = EXACT_BYTES; i < VARINT_BYTES_MAXIMUM; i += 1) {
      const byte = this.#byte();
      large += BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) return this.#safe(Number(BigInt(before) + ((large & 1n) === 0n ? large / 2n : -(large + 1n) / 2n)));
    }
    throw this.#damaged('a number in it has no end');
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) throw this.#damaged(`a number in it is ${value}, beyond 2^53`);
    return value;
  }

  #damaged(how: string): InputError {
    return this.#fault(this.#blockStart, `the block with record ${this.#records + 1} is damaged: ${how}`);
  }

  #fault(byte: number, message: string): InputError {
    return new InputError(this.#source.name, [{ path: `byte ${byte}`, message }]);
  }
}
