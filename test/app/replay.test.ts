import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { replayFiles } from '../support/replay-files.ts';
import { volpit } from '../support/run-cli.ts';

const files = replayFiles();
const folder = dirname(files.messages);

test('lobster: a table of classes, and what each means', async () => {
  const { code, stdout, stderr } = await volpit(['replay', 'lobster', 'messages.csv', '--book', 'book.csv'], { cwd: folder });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    [
      'messages.csv: 4 events through the exchange',
      'compared: 3 (75.00 %); equal: 3 (100.00 % of those compared)',
      '',
      'class          events    share  compared',
      'equal               3  75.00 %       yes',
      'unknown-depth       1  25.00 %        no',
      '',
      'equal: both touches follow from the messages so far and are those of the book file',
      'unknown-depth: a touch fell back to a level that no message determines; it is taken from the book file',
      '',
      'best bid: 3 of 3 rows equal; best ask: 3 of 3; levels in the book file: 1',
      'executions of visible orders: 1, of which 1 (100.00 %) met the order that our queue had first; messages of hidden',
      'orders, crosses and halts: 0',
      '',
    ].join('\n'),
  );
});

test('bitstamp-l3: the same, with fills and crossed books', async () => {
  const { code, stdout, stderr } = await volpit(['replay', 'bitstamp-l3', 'orders.csv'], { cwd: folder });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('orders.csv: 4 events through the exchange\ncompared: 2 (50.00 %); equal: 2 (100.00 % of those compared)\n');
  expect(stdout).toContain('in-flight       2  50.00 %        no\n');
  expect(stdout).toContain('reports of fills: 2; as our matching made them: 2 (100.00 %)');
  expect(stdout).toContain("spells with the feed's book crossed: 1, of 2 events; begun by a new order: 1,");
});

test('differences are a result, not an error', async () => {
  writeFileSync(join(folder, 'other.csv'), ['1000000,50,990000,100', ...Array<string>(3).fill('1000000,50,990000,1')].join('\n'));
  const { code, stdout, stderr } = await volpit(['replay', 'lobster', 'messages.csv', '--book', 'other.csv', '--json'], { cwd: folder });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'lobster', source: 'messages.csv', book: 'other.csv', events: 4, equal: 0 });
});

test.each([
  [['replay', 'itch', 'messages.csv'], /^itch {2}is no format: expected lobster or bitstamp-l3\n$/],
  [['replay', 'lobster'], /^lobster {2}expected the name of a file behind it\n$/],
  [['replay', 'lobster', 'messages.csv'], /^--book {2}is missing: lobster needs the book after each message\n$/],
  [['replay', 'bitstamp-l3', 'orders.csv', '--book', 'book.csv'], /^--book {2}has no meaning for bitstamp-l3/],
  [['replay', 'lobster', 'messages.csv', '--book', 'book.csv', '--at', '5'], /^--at {2}has no meaning for lobster: it is for logs\n$/],
  [['replay', 'runs', '--book', 'book.csv'], /^--book {2}has no meaning for a log/],
  [['replay', 'bitstamp-l3', 'nothing.csv'], /^nothing\.csv {2}there is no such file\n$/],
  [['replay', 'lobster', 'messages.csv', '--book', 'messages.csv'], /^messages\.csv:1:1 {2}has 6 cells, expected four per level/],
  [['replay', 'bitstamp-l3', 'messages.csv'], /^messages\.csv:1:1 {2}has 6 cells, expected 7\n/],
] as const)('%j is bad input', async (words, message) => {
  const { code, stdout, stderr } = await volpit(words, { cwd: folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
