import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueList } from '../../src/processes/due-list.ts';

test('gives what is due before a time, earliest first, and of one time the first added first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 0, max: 10 }), (times, end) => {
      const list = new DueList<number>();
      for (const [n, at] of times.entries()) list.add(at, n);
      const taken: number[] = [];
      for (let due = list.next(end); due !== undefined; due = list.next(end)) taken.push(due.item);
      const sorted = [...times.entries()].filter(([, at]) => at < end).sort(([n, a], [m, b]) => a - b || n - m);
      expect(taken).toEqual(sorted.map(([n]) => n));
    }),
  );
});
