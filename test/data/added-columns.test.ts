import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { AddedColumns, type ColumnPlan } from '../../src/data/added-columns.ts';

/** Adds the sum of a and b. */
const plan: ColumnPlan = {
  needed: ['b', 'a'],
  added: ['sum', 'seen'],
  unfit: () => ',unfit',
  cells: ([b = '', a = '']) => `${Number(a) + Number(b)},${a.length + b.length}`,
};

function added(text: string, cuts: readonly number[] = [], columnPlan = plan): string {
  const columns = new AddedColumns('t.csv', columnPlan);
  let out = '';
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * text.length)).sort((x, y) => x - y), text.length]) {
    out += columns.push(text.slice(from, cut));
    from = cut;
  }
  return out + columns.end();
}

test.each([
  ['plain', 'a,b\n1,2\n', 'a,b,sum,seen\n1,2,3,2\n'],
  ['other columns and another order', 'x,b,y,a\n-,2,-,10\n', 'x,b,y,a,sum,seen\n-,2,-,10,12,3\n'],
  ['a header alone', 'a,b', 'a,b,sum,seen'],
  ['blank lines and Windows line ends', 'a,b\r\n\r\n1,2\r\n\r\n', 'a,b,sum,seen\r\n\r\n1,2,3,2\r\n\r\n'],
  ['a comma, a line end and quotes in quotes', 'a,b,n\n1,2,"x,""y""\nz"\n', 'a,b,n,sum,seen\n1,2,"x,""y""\nz",3,2\n'],
  ['quotes round names and numbers', '"a","b"\n"1","2"\n', '"a","b",sum,seen\n"1","2",3,2\n'],
  ['a quote inside a cell opens nothing', 'a,b,n\n1,2,5" pipe\n', 'a,b,n,sum,seen\n1,2,5" pipe,3,2\n'],
  ['too few and too many cells', 'a,b\n1\n1,2,3\n', 'a,b,sum,seen\n1,,unfit\n1,2,3,,unfit\n'],
  ['empty cells', 'a,b\n,\n', 'a,b,sum,seen\n,,0,0\n'],
])('%s', (_, text, expected) => {
  expect(added(text)).toBe(expected);
});

test('cut anywhere, the result is the same; without the new cells it is what was put in', () => {
  const cellText = fc.oneof(fc.constant('12'), fc.constant(''), fc.constant('"q,1"'), fc.constant('"a\nb"'), fc.constant('\u00C3\u00BC'));
  const table = fc.array(fc.tuple(cellText, cellText, cellText), { maxLength: 8 });
  fc.assert(
    fc.property(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      (rows, end, cuts) => {
        const lines = ['\u00EF\u00BB\u00BF"n",a,b', ...rows.map((row) => row.join(','))];
        const text = lines.join(end) + end;
        const whole = added(text);
        expect(added(text, cuts)).toBe(whole);
        const marked = added(text, cuts, { needed: ['a'], added: ['@', '@@'], unfit: () => '@,@@', cells: () => '@,@@' });
        expect(marked.replaceAll(',@,@@', '')).toBe(text);
        expect(marked.match(/,@,@@/g)).toHaveLength(lines.length);
      },
    ),
  );
});

test.each([
  ['', 'is empty'],
  ['\n\n', 'is empty'],
  ['a\n1\n', 'column is missing; needed are b, a'],
  ['a,b,a\n', 'is in the header 2 times'],
  ['a,b,sum\n', 'is in the header already'],
  ['a,b\n1,"2\n', 'quote on this line that is never closed'],
  [`a,b\n1,"${'x'.repeat(2_000_000)}`, 'is a quote never closed?'],
])('%j is refused', (text, message) => {
  expect(() => added(text)).toThrow(InputError);
  expect(() => added(text)).toThrow(message);
});
