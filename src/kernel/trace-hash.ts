import { InvariantError } from '../core/assert.ts';
import { mix32 } from '../core/hash.ts';

const HIGH = 4_294_967_296;
const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/**
 * A running 128-bit hash of a sequence of whole numbers, for telling two runs apart: not a cryptographic one.
 *
 * Each number counts as a 64-bit two's complement integer, low word first, and the hash is exactly MurmurHash3_x86_128
 * (Appleby, public domain) with seed 0 of the resulting bytes: anyone can recompute it from a list of records. Whole
 * numbers up to 2^53 count with all their bits, and the order of numbers counts. Cost: 16 multiplications per two numbers.
 * The test checks it against a plain implementation over bytes, which in turn gives SMHasher's published verification value.
 */
export class TraceHash {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #blocks = 0;

  /**
   * Takes in two numbers, which make up one block of 16 bytes.
   * @throws InvariantError when one of them is not a whole number below 2^53.
   */
  add(first: number, second: number): void {
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) {
      throw new InvariantError(`trace numbers must be whole, got ${first} and ${second}`);
    }
    this.#mix(first | 0, Math.floor(first / HIGH) | 0, second | 0, Math.floor(second / HIGH) | 0);
  }

  /** One block, as its four words: numbers of 32 bits are passed on as they are, larger ones would each be an object. */
  #mix(first: number, firstHigh: number, second: number, secondHigh: number): void {
    // Each word is scrambled by its own pair of constants, then the four lanes are chained as in MurmurHash3_x86_128.
    const a = rotate(this.#a ^ scramble(first, C1, 15, C2), 19) + this.#b;
    this.#a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    const b = rotate(this.#b ^ scramble(firstHigh, C2, 16, C3), 17) + this.#c;
    this.#b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    const c = rotate(this.#c ^ scramble(second, C3, 17, C4), 15) + this.#d;
    this.#c = (Math.imul(c, 5) + 0x96cd1c35) | 0;
    const d = rotate(this.#d ^ scramble(secondHigh, C4, 18, C1), 13) + this.#a;
    this.#d = (Math.imul(d, 5) + 0x32ac3b17) | 0;
    this.#blocks += 1;
  }

  /** The hash so far, as 32 hexadecimal digits. More may be added afterwards. */
  digest(): string {
    const bytes = this.#blocks * 16;
    // The additions stay far below 2^53, so that they are exact before the operators take them modulo 2^32.
    const sum = (this.#a ^ bytes) + (this.#b ^ bytes) + (this.#c ^ bytes) + (this.#d ^ bytes);
    const b = mix32((this.#b ^ bytes) + sum);
    const c = mix32((this.#c ^ bytes) + sum);
    const d = mix32((this.#d ^ bytes) + sum);
    const first = mix32(sum) + b + c + d;
    return hex(first) + hex(b + first) + hex(c + first) + hex(d + first);
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function scramble(word: number, before: number, bits: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), bits), after);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
