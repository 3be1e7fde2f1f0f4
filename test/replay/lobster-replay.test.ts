import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLobsterBook } from '../../src/data/lobster-book.ts';
import { readLobsterMessages } from '../../src/data/lobster-messages.ts';
import type { Side } from '../../src/market/order.ts';
import { LOBSTER_CLASSES } from '../../src/replay/lobster-classes.ts';
import { type LobsterReplay, lobsterReplay } from '../../src/replay/lobster-replay.ts';
import { type FlowStep, LobsterExport } from '../support/lobster-export.ts';

function replayOf(messages: readonly string[], rows: readonly string[]): LobsterReplay {
  const read = readLobsterMessages('messages', messages.join('\n'));
  return lobsterReplay(read, readLobsterBook('book', rows.join('\n'), read.length));
}

/**
 * A message and the row of the book after it on each line: `34200,1,11,100,990000,1 | 1000000,50,990000,100`. Returns the classes that
 * occur, with their numbers.
 */
function classesOf(script: string): Partial<LobsterReplay['classes']> {
  const lines = script
    .split('\n')
    .map((line) => line.trim().split('|'))
    .filter(([line]) => line !== '');
  const { classes, events } = replayOf(
    lines.map(([message = '']) => message.trim()),
    lines.map(([, row = '']) => row.trim()),
  );
  expect(events).toBe(lines.length);
  expect(LOBSTER_CLASSES.reduce((sum, { name }) => sum + classes[name], 0)).toBe(events);
  return Object.fromEntries(Object.entries(classes).filter(([, count]) => count > 0));
}

/** Opens both sides: asks 50 at 100.00 of no name, bids 100 at 99.00 by order 11; what follows is known from there. */
const OPEN = '34200,1,11,100,990000,1 | 1000000,50,990000,100';

describe('each class', () => {
  test('equal: joining, improving, reducing, cancelling in part, executing, and messages of what is hidden', () => {
    const script = `${OPEN}
      34201,1,12,30,990000,1   | 1000000,50,990000,130
      34202,1,13,5,995000,-1   | 995000,5,990000,130
      34203,2,11,40,990000,1   | 995000,5,990000,90
      34204,4,11,60,990000,1   | 995000,5,990000,30
      34205,4,12,10,990000,1   | 995000,5,990000,20
      34206,5,0,10,992500,1    | 995000,5,990000,20
      34206,6,-1,10,992500,-1  | 995000,5,990000,20
      34206,7,0,0,-1,-1        | 995000,5,990000,20`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, equal: 8 });
  });

  test('equal-later: what the next messages take from a level, until they come to a worse one, is what was there', () => {
    // The level at 98.00 comes into view with row 2. Later 30 + 20 - 10 are taken from it, and then comes 97.00.
    const script = `${OPEN}
      34201,3,11,100,990000,1  | 1000000,50,980000,40
      34202,4,7,30,980000,1    | 1000000,50,980000,10
      34203,1,14,10,980000,1   | 1000000,50,980000,20
      34204,3,8,10,980000,1    | 1000000,50,980000,10
      34205,3,14,10,980000,1   | 1000000,50,970000,7
      34206,3,5,7,970000,1     | 1000000,50,960000,1
      34207,3,4,1,960000,1     | 1000000,50,-9999999999,0`;
    // The 7 at 97.00 are told as well. Behind 96.00 nothing was, and nothing is.
    const { classes, compared, equal } = replayOf(...halves(script));
    expect(classes).toMatchObject({ 'equal-later': 2, 'unknown-depth': 2, remembered: 1, equal: 3 });
    expect([compared, equal]).toEqual([5, 5]);
  });

  test('touch-differs: where the messages contradict the book file, which is then followed', () => {
    const script = `${OPEN}
      34201,1,12,30,990000,1   | 1000000,50,990000,131
      34202,1,13,30,990000,1   | 1000000,50,990000,161`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, 'touch-differs': 1, equal: 1 });
  });

  test('touch-differs: what later messages tell is held against the book file too', () => {
    const script = `${OPEN}
      34201,3,11,100,990000,1  | 1000000,50,980000,41
      34202,4,7,40,980000,1    | 1000000,50,970000,7
      34203,3,5,7,970000,1     | 1000000,50,960000,1`;
    // Row 2 tells of 40, the file of 41; by the file one is left in row 3.
    expect(classesOf(script)).toEqual({ 'unknown-depth': 2, 'touch-differs': 2 });
  });

  test('out-of-turn: an execution of an order that others are in front of', () => {
    const script = `${OPEN}
      34201,1,12,30,990000,1   | 1000000,50,990000,130
      34202,4,12,30,990000,1   | 1000000,50,990000,100
      34203,4,11,30,990000,1   | 1000000,50,990000,70`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, equal: 2, 'out-of-turn': 1 });
  });

  test('sweep-order: the same, where one sweep executes both', () => {
    const script = `${OPEN}
      34201,1,12,30,990000,1   | 1000000,50,990000,130
      34202,4,12,30,990000,1   | 1000000,50,990000,100
      34202,4,11,30,990000,1   | 1000000,50,990000,70`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, equal: 2, 'sweep-order': 1 });
  });

  test('order-differs: an unknown order, too many lots, another price, a number that is in use', () => {
    for (const message of ['3,99,100,980000,1', '4,12,31,990000,1', '3,12,29,990000,1', '3,12,30,985000,1', '1,12,5,990000,1']) {
      // The book file does what is most likely: nothing is asked of it here but that it goes on.
      const script = `${OPEN}
        34201,1,12,30,990000,1 | 1000000,50,990000,130
        34202,${message}       | 1000000,50,990000,130
        34203,1,13,1,990000,1  | 1000000,50,990000,131`;
      expect([message, classesOf(script)]).toEqual([message, { 'unknown-depth': 1, equal: 2, 'order-differs': 1 }]);
    }
  });

  test('remembered and unknown-depth: a level that was covered comes back as it was, and otherwise', () => {
    const script = (size: number) => `${OPEN}
      34201,1,12,30,991000,1        | 1000000,50,991000,30
      34202,3,12,30,991000,1        | 1000000,50,990000,${size}
      34203,1,13,30,991000,1        | 1000000,50,991000,30`;
    expect(classesOf(script(100))).toEqual({ 'unknown-depth': 1, equal: 2, remembered: 1 });
    expect(classesOf(script(90))).toEqual({ 'unknown-depth': 2, equal: 2 });
  });

  test('crossed: no book while the file is crossed or locked; it is taken up again behind it', () => {
    const script = `${OPEN}
      34201,1,12,30,1000000,1  | 1000000,50,1000000,30
      34202,1,13,30,1001000,1  | 1000000,50,1001000,30
      34203,6,-1,30,1000000,-1 | 1000000,50,1001000,30
      34204,3,13,30,1001000,1  | 1000000,50,990000,100
      34205,1,14,30,990000,1   | 1000000,50,990000,130`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, crossed: 4, equal: 1 });
  });

  test('an empty side is known to be empty', () => {
    const script = `
      34200,1,11,100,990000,1  | 9999999999,0,990000,100
      34201,5,0,10,992500,1    | 9999999999,0,990000,100
      34202,1,12,10,995000,-1  | 995000,10,990000,100`;
    expect(classesOf(script)).toEqual({ 'unknown-depth': 1, equal: 2 });
  });
});

test('messages that reach behind the one level of the book file tell nothing of what is gone', () => {
  // The order at 98.00 does not mean that 99.00 is gone: it is there after it.
  const script = `${OPEN}
    34201,1,12,30,980000,1   | 1000000,50,990000,100
    34202,3,11,100,990000,1  | 1000000,50,980000,30`;
  const { classes, behindTouch } = replayOf(...halves(script));
  expect(behindTouch).toBe(1);
  expect(classes).toMatchObject({ 'unknown-depth': 1, equal: 1, remembered: 1 });
});

const step: fc.Arbitrary<FlowStep> = fc.record({
  op: fc.constantFrom('submit', 'submit', 'submit', 'submit', 'reduce', 'delete', 'delete', 'delete', 'execute', 'execute', 'hidden'),
  side: fc.constantFrom<Side>('buy', 'sell'),
  away: fc.integer({ min: 1, max: 6 }),
  lots: fc.integer({ min: 1, max: 5 }),
  pick: fc.nat(30),
});

test('of a venue with price-time priority everything that is determined is reproduced, however few levels are written', () => {
  const found = { 'equal-later': 0, remembered: 0, 'unknown-depth': 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 250, size: 'max' }), fc.integer({ min: 1, max: 4 }), (steps, levels) => {
      const venue = new LobsterExport(levels);
      venue.run(steps);
      fc.pre(venue.messages.length > 0);
      const { events, compared, equal, classes, executions, inTurn, sides, behindTouch } = replayOf(venue.messages, venue.rows);
      expect(events).toBe(venue.messages.length);
      expect(compared).toBe(equal);
      expect(inTurn).toBe(executions);
      expect([sides.bid.equal, sides.ask.equal]).toEqual([sides.bid.compared, sides.ask.compared]);
      expect(compared + classes.remembered + classes['unknown-depth']).toBe(events);
      if (levels === 1) expect(behindTouch).toBe(0);
      for (const name of Object.keys(found) as (keyof typeof found)[]) found[name] += classes[name];
    }),
    { numRuns: 250 },
  );
  for (const [name, count] of Object.entries(found)) expect([name, count > 20]).toEqual([name, true]);
});

/** The messages of a script, and its rows. */
function halves(script: string): [string[], string[]] {
  const lines = script.split('\n').map((line) => line.split('|').map((part) => part.trim()));
  return [lines.map(([message = '']) => message), lines.map(([, row = '']) => row)];
}
