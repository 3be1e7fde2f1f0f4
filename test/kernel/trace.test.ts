import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { nanos } from '../../src/core/units.ts';
import { renderRecord, TRACE, Trace } from '../../src/kernel/trace.ts';
import { TraceHash } from '../../src/kernel/trace-hash.ts';

type Numbers = readonly [number, number, number, number, number, number, number, number];

function recorded(records: readonly Numbers[]): Trace {
  const trace = new Trace();
  for (const [kind, at, ...rest] of records) trace.record(kind, nanos(at), ...rest);
  return trace;
}

/** MurmurHash3_x86_128 over bytes, written from its description; the test below compares it with SMHasher's own value. */
function murmur128(bytes: Uint8Array, seed: number): number[] {
  const C = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
  const AFTER = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17];
  const h = [seed, seed, seed, seed];
  const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));
  const mixed = (k: number, i: number): number => Math.imul(rotl(Math.imul(k, C[i]!), 15 + i), C[(i + 1) % 4]!);
  const word = (block: Uint8Array, i: number): number => [3, 2, 1, 0].reduce((w, b) => (w << 8) | (block[4 * i + b] ?? 0), 0);
  const full = bytes.length - (bytes.length % 16);
  for (let start = 0; start < full; start += 16) {
    for (let i = 0; i < 4; i += 1) {
      h[i] = rotl(h[i]! ^ mixed(word(bytes.subarray(start, start + 16), i), i), [19, 17, 15, 13][i]!);
      h[i] = (Math.imul((h[i]! + h[(i + 1) % 4]!) | 0, 5) + AFTER[i]!) | 0;
    }
  }
  for (let i = 0; i < 4; i += 1) h[i] = h[i]! ^ mixed(word(bytes.subarray(full), i), i) ^ bytes.length;
  const spread = (): void => {
    h[0] = (h[0]! + h[1]! + h[2]! + h[3]!) | 0;
    for (const i of [1, 2, 3]) h[i] = (h[i]! + h[0]!) | 0;
  };
  const finish = (x: number): number => {
    const y = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    const z = Math.imul(y ^ (y >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  spread();
  for (let i = 0; i < 4; i += 1) h[i] = finish(h[i]!);
  spread();
  return h.map((x) => x >>> 0);
}

const hex = (words: readonly number[]): string => words.map((word) => word.toString(16).padStart(8, '0')).join('');

function bytesOf(records: readonly Numbers[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(64 * records.length));
  for (const [i, number] of records.flat().entries()) view.setBigInt64(8 * i, BigInt(number), true);
  return new Uint8Array(view.buffer);
}

const whole = fc.maxSafeInteger();
const record: fc.Arbitrary<Numbers> = fc.tuple(whole, fc.maxSafeNat(), whole, whole, whole, whole, whole, whole);

describe('TraceHash', () => {
  test('the reference implementation gives the verification value that SMHasher publishes for x86_128', () => {
    const all = new Uint8Array(256 * 16);
    for (let i = 0; i < 256; i += 1) {
      const hash = murmur128(
        Uint8Array.from({ length: i }, (_, b) => b),
        256 - i,
      );
      const view = new DataView(all.buffer, 16 * i);
      for (const [w, word] of hash.entries()) view.setUint32(4 * w, word, true);
    }
    expect(murmur128(all, 0)[0]).toBe(0xb3ece62a);
  });

  test('is that hash of the records as 64-bit integers', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        expect(recorded(records).hash()).toBe(hex(murmur128(bytesOf(records), 0)));
      }),
      { numRuns: 300 },
    );
  });

  test('each of the bits of each number moves about half of the bits of the hash', () => {
    const base: Numbers = [2, 3_600_000_000_123, 17, 0x9f3c2a11, 123_456, 4_150, 12, 99_999];
    const before = BigInt(`0x${recorded([base]).hash()}`);
    for (let field = 0; field < 8; field += 1) {
      let flips = 0;
      for (let bit = 0; bit < 53; bit += 1) {
        const changed = base.map((n, i) => (i === field ? Number(BigInt(n) ^ (1n << BigInt(bit))) : n)) as unknown as Numbers;
        const differing = (BigInt(`0x${recorded([changed]).hash()}`) ^ before).toString(2).replaceAll('0', '').length;
        // 128 fair coins: 64 ± 5.7; six standard deviations for each of 424 flips.
        expect(Math.abs(differing - 64), `bit ${bit} of field ${field}`).toBeLessThan(34);
        flips += differing;
      }
      expect(Math.abs(flips / 53 - 64)).toBeLessThan(4.7);
    }
  });

  test('swapping two records, or two numbers, changes the hash', () => {
    fc.assert(
      fc.property(fc.uniqueArray(record, { minLength: 2, maxLength: 6 }), fc.nat(), (records, pick) => {
        const at = pick % (records.length - 1);
        const swapped = [...records];
        [swapped[at], swapped[at + 1]] = [records[at + 1]!, records[at]!];
        expect(recorded(swapped).hash()).not.toBe(recorded(records).hash());
      }),
    );
    const [one, two] = [new TraceHash(), new TraceHash()];
    one.add(1, 2);
    two.add(2, 1);
    expect(one.digest()).not.toBe(two.digest());
  });

  test('no two of 100,000 records that differ in one small number collide, and reading the hash changes nothing', () => {
    const seen = new Set<string>();
    const trace = new Trace();
    for (let i = 0; i < 100_000; i += 1) {
      if (i % 2 === 0) trace.record(1, nanos(0), 0, 0, 0, 0, 0, 0);
      else trace.record(1, nanos(0), 0, 0, i, 0, 0, 0);
      if (i % 1_000 === 0) trace.hash();
      seen.add(recorded([[1, 0, 0, 0, 0, 0, 0, i]]).hash());
    }
    expect(seen.size).toBe(100_000);
    const again = new Trace();
    for (let i = 0; i < 100_000; i += 1) again.record(1, nanos(0), 0, 0, i % 2 === 0 ? 0 : i, 0, 0, 0);
    expect(trace.hash()).toBe(again.hash());
  });

  test('numbers that are not whole are refused', () => {
    for (const wrong of [0.5, Number.NaN, 2 ** 53]) expect(() => new TraceHash().add(0, wrong)).toThrow(InvariantError);
  });
});

describe('Trace', () => {
  test('counts and hands on its records, and an observer does not change the hash', () => {
    const lines: string[] = [];
    const watched = new Trace();
    watched.observe({ onRecord: (...numbers) => lines.push(renderRecord(...numbers)) });
    const silent = new Trace();
    for (const trace of [watched, silent]) {
      trace.record(TRACE.submitted, nanos(1_000_000_001), 3, 0x0f3c2a11, 17, 41, 5, 4);
      trace.record(TRACE.filled, nanos(3_600_000_000_000), 3, 0x9f3c2a11, 18, 41, 5, 17);
    }
    watched.observe(undefined);
    watched.record(TRACE.regime, nanos(5), 0, 0, 0, 0, 0, 2);
    silent.record(TRACE.regime, nanos(5), 0, 0, 0, 0, 0, 2);
    expect(lines).toEqual(['1.000000001 submitted i3 @0f3c2a11 #17 41 x5 type=4', '3600.000000000 filled i3 @9f3c2a11 #18 41 x5 maker=17']);
    expect(watched.records).toBe(3);
    expect(watched.hash()).toBe(silent.hash());
    expect(watched.hash()).toMatch(/^[0-9a-f]{32}$/);
  });

  test('kinds keep their numbers: they are part of every golden hash', () => {
    expect(TRACE).toEqual({
      ...{ submitted: 1, accepted: 2, filled: 3, removed: 4, rejected: 5, settled: 6, regime: 7, hit: 8, listed: 9, dayEnded: 10 },
      ...{ closed: 26, opened: 27, funded: 28 },
      ...{ disconnected: 11, connected: 12, charged: 13, quoting: 14, quoteSide: 15, frozen: 16, protecting: 17, protectionLimits: 18 },
      ...{ cancelling: 19, replacing: 20, cancellingAll: 21, index: 22, expiring: 23, reducing: 24, withheld: 25 },
    });
    expect(renderRecord(TRACE.index, nanos(5), 0, 0, 0, 0x40f11700, 0x80000000, 0)).toBe('0.000000005 index 70000.03125');
    expect(renderRecord(TRACE.replacing, nanos(0), 0, 1, 18, 41, 5, 17)).toBe('0.000000000 replacing i0 @00000001 #18 41 x5 old=17');
    expect(renderRecord(99, nanos(0), 0, 0, 0, -1, 0, -2)).toBe('0.000000000 kind-99 i0 @00000000 #0 -1 x0 extra=-2');
  });
});
