import { expect, test } from 'vitest';
import { instrumentId, orderId } from '../../src/core/units.ts';
import { ScreenMarks } from '../../src/sim/screen-marks.ts';
import { DeskMarket } from '../support/desk-market.ts';

const SERIES = instrumentId(3);
const OTHERWISE = 7;

/** A holds 2 lots of series 3, bought at 40 ticks; B and C are the others. */
function holding() {
  const m = new DeskMarket(['A', 'B', 'C'].map((name) => ({ name, orderNanos: 0, dataNanos: 0 })));
  const marks = new ScreenMarks(m.chain, m.exchange, m.desk('A'));
  m.submit('B', 'sell', 40, 2);
  m.until(1);
  m.submit('A', 'buy', 40, 2);
  m.until(2);
  expect(m.state('A')).toEqual([2, 0, 0]);
  return { m, marks };
}

test('the mark is the mid of the others, in dollars: own quotes never enter it', () => {
  const { m, marks } = holding();
  const bid = m.submit('B', 'buy', 30, 1) ?? orderId(0);
  m.submit('C', 'sell', 45, 1);
  m.submit('A', 'buy', 39, 5);
  m.submit('A', 'sell', 41, 1);
  m.until(10);
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBeCloseTo(0.375, 12);

  // Without the other bid nobody but A bids: the last mid holds.
  m.desk('B').cancel(bid);
  m.until(20);
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBeCloseTo(0.375, 12);

  m.submit('B', 'buy', 35, 1);
  m.until(30);
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBeCloseTo(0.4, 12);
});

test('without any two-sided book of the others there is none', () => {
  const { m, marks } = holding();
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBe(OTHERWISE);
  m.submit('B', 'buy', 30, 1);
  m.submit('A', 'sell', 50, 2);
  m.until(10);
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBe(OTHERWISE);
  expect(marks.mark(instrumentId(99), OTHERWISE)).toBe(OTHERWISE);
});

test('books are looked at while something is held, and only at a step', () => {
  const { m, marks } = holding();
  for (const instrument of [3, 4]) {
    m.submit('B', 'buy', 30, 1, 'limit', instrument);
    m.submit('C', 'sell', 40, 1, 'limit', instrument);
  }
  m.until(10);
  expect(marks.mark(SERIES, OTHERWISE)).toBe(OTHERWISE);
  marks.step();
  expect(marks.mark(SERIES, OTHERWISE)).toBeCloseTo(0.35, 12);
  expect(marks.mark(instrumentId(4), OTHERWISE)).toBe(OTHERWISE);
});
