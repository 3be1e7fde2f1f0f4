import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { nanos } from '../../src/core/units.ts';
import { EventQueue } from '../../src/kernel/event-queue.ts';

type Event = readonly [time: number, tie: number, sequence: number, target: number, code: number, payload: number];

const popped = (queue: EventQueue): Omit<Event, 'sequence'> => [
  queue.time,
  queue.tie,
  queue.payload,
  queue.target,
  queue.code,
  queue.payload,
];
const order = (a: Event, b: Event): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

describe('EventQueue', () => {
  test('comes out as a sorted array does, with equal times and ties, pushes and pops mixed', () => {
    // Few times and ties, so that most comparisons go to the tie and the sequence; a third of the steps pop.
    const step = fc.record({
      pop: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
      time: fc.constantFrom(0, 1, 2, 3, 4, 2 ** 53 - 1),
      tie: fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1),
      target: fc.nat(3),
      code: fc.integer(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
        const queue = new EventQueue(1_000);
        let sorted: Event[] = [];
        let sequence = 0;
        for (const { pop, time, tie, target, code } of steps) {
          if (pop) {
            const first = sorted[0];
            sorted = sorted.slice(1);
            expect(queue.peekTime()).toBe(first?.[0]);
            expect(queue.pop()).toBe(first !== undefined);
            if (first !== undefined) expect(popped(queue)).toEqual(first);
          } else {
            queue.push(nanos(time), tie, target, code, sequence);
            sorted.push([time, tie, sequence, target, code, sequence]);
            sorted.sort(order);
            sequence += 1;
          }
          expect(queue.size).toBe(sorted.length);
        }
        for (const event of sorted) {
          queue.pop();
          expect(popped(queue)).toEqual(event);
        }
        expect(queue.pop()).toBe(false);
        expect(queue.peekTime()).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('payloads are any numbers, codes signed', () => {
    const queue = new EventQueue(2);
    queue.push(nanos(5), 7, 3, -12, -0.25);
    queue.pop();
    expect([queue.time, queue.tie, queue.target, queue.code, queue.payload]).toEqual([5, 7, 3, -12, -0.25]);
  });

  test.each([0, 1, 255, 256, 257, 1_000])('takes exactly its capacity of %i, then names the limit', (capacity) => {
    const queue = new EventQueue(capacity);
    for (let i = 0; i < capacity; i += 1) queue.push(nanos(capacity - i), 0, 0, 0, i);
    const oneMore = (): void => queue.push(nanos(0), 0, 0, 0, 0);
    expect(oneMore).toThrow(InputError);
    expect(oneMore).toThrow(/limits\.queue.*pending/);
    for (let i = 0; i < capacity; i += 1) {
      queue.pop();
      expect(queue.time).toBe(i + 1);
    }
    if (capacity > 0) expect(oneMore).not.toThrow();
  });
});
