import { expect, test } from 'vitest';
import { streams } from '../../../src/core/rng.ts';
import { SortedWindow } from '../../../src/forecast/adaptive/sorted-window.ts';

test('has the ranks of a sorted copy of the last values', () => {
  const rng = streams('1').stream('window');
  const window = new SortedWindow(37);
  const all: number[] = [];
  for (let n = 0; n < 400; n += 1) {
    // Few different values, so that equal ones come and go.
    const value = Math.floor(20 * rng.uniform());
    window.push(value);
    all.push(value);
    const last = all.slice(-37).sort((a, b) => a - b);
    expect(window.count).toBe(last.length);
    expect(last.map((_, rank) => window.ranked(rank))).toEqual(last);
  }
});

test('gives its ends beyond its ranks, and 0 while it is empty', () => {
  const window = new SortedWindow(3);
  expect(window.ranked(0)).toBe(0);
  for (const value of [4, 2, 9, 7]) window.push(value);
  expect([window.ranked(-5), window.ranked(99)]).toEqual([2, 9]);
});

test('refuses what is no number', () => {
  expect(() => new SortedWindow(3).push(Number.NaN)).toThrow('finite');
  expect(() => new SortedWindow(0)).toThrow('whole number');
});
