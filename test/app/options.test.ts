import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OptionSpec } from '../../src/app/command.ts';
import { choiceOption, numberOption, seedOption, seeds, seedsOption } from '../../src/app/options.ts';
import { setOption } from '../../src/app/set-option.ts';
import { InputError } from '../../src/core/assert.ts';

const read = <V>(option: OptionSpec<V>, text: string): V | undefined => option.read?.(text, option.initial);

describe('--seed', () => {
  test.each([
    ['0', '0'],
    ['007', '7'],
    ['9007199254740991', '9007199254740991'],
    ['monday', 'monday'],
    ['run-2.b_1', 'run-2.b_1'],
  ])('%s is the seed %s', (text, canonical) => {
    expect(read(seedOption(), text)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    '9007199254740992',
    '18446744073709551616',
    'train/1',
    '../x',
    'a b',
    'é',
    'x'.repeat(65),
    '\u001b[31m',
  ])('%j is refused', (text) => {
    expect(() => read(seedOption(), text)).toThrow(InputError);
  });
});

describe('--seeds', () => {
  test.each([
    ['1..4', ['1', '2', '3', '4']],
    ['5', ['5']],
    ['1,5,9', ['1', '5', '9']],
    ['9, 1..3', ['9', '1', '2', '3']],
    ['7..7', ['7']],
    ['spring,autumn', ['spring', 'autumn']],
  ])('%s', (text, expected) => {
    expect(seeds('--seeds', text)).toEqual(expected);
  });

  test.each([
    ['5..1', 'runs backwards'],
    ['5-1', 'a range is written 5..1'],
    ['1..1e9', 'expected a whole number'],
    ['1..1000000000', 'at most 10000'],
    ['1..9999,10000..10002', 'more than 10000'],
    ['1,1,2', 'the seed 1 twice'],
    ['1..3,02', 'the seed 2 twice'],
    ['', 'expected a whole number'],
    ['1,,2', 'expected a whole number'],
    ['1...3', 'expected a whole number'],
    ['..3', 'expected a whole number'],
    ['0.5..2', 'expected a whole number'],
    ['-3..2', 'expected a whole number'],
    ['9007199254740990..9007199254740992', 'expected a whole number'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => seeds('--seeds', text)).toThrow(message);
  });

  test('any text either is refused as bad input or gives seeds that differ', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,ae -]{0,12}$/)), (text) => {
        try {
          const found = seeds('--seeds', text);
          expect(new Set(found).size).toBe(found.length);
          expect(found.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  test('the default is read by the same rules', () => {
    expect(seedsOption('1..3').initial).toEqual(['1', '2', '3']);
    expect(() => seedsOption('3..1')).toThrow(InputError);
  });
});

test.each(['', '0', '-1', '1.5', 'NaN', 'Infinity', '0x4', '10000', ' 4', '4 '])('--workers %j is refused', (text) => {
  const workers = numberOption('--workers <n>', 'worker threads', { minimum: 1, maximum: 64, whole: true }, 2);
  expect(read(workers, '4')).toBe(4);
  expect(() => read(workers, text)).toThrow('expected a whole number from 1 to 64');
});

test('a choice is one of its words, exactly', () => {
  const option = choiceOption('--format <name>', 'format', ['deribit', 'cboe'], 'deribit');
  expect(read(option, 'cboe')).toBe('cboe');
  for (const text of ['Deribit', '', 'csv']) expect(() => read(option, text)).toThrow('expected deribit or cboe');
});

test('--set collects changes in order and refuses what is none', () => {
  const option = setOption();
  const first = option.read?.('agents.maker.size=2', option.initial) ?? [];
  const both = option.read?.('duration=1 h', first) ?? [];
  expect(both.map(({ path, value }) => [path.join('.'), value])).toEqual([
    ['agents.maker.size', 2],
    ['duration', '1 h'],
  ]);
  for (const text of ['', '=', '=3', 'a', 'a..b=1', '__proto__.x=1', 'a=[1']) expect(() => option.read?.(text, [])).toThrow(InputError);
});
