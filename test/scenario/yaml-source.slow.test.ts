import { expect, test } from 'vitest';
import { InputError } from '../../src/core/assert.ts';
import { readYaml } from '../../src/scenario/yaml-source.ts';

const SIZE = 255 * 1024;
const fill = (piece: string, head = '', tail = ''): string =>
  head + piece.repeat(Math.floor((SIZE - head.length - tail.length) / piece.length)) + tail;

/** The costliest documents of the largest size that were found, one of each sort. */
const LARGEST: Readonly<Record<string, string>> = {
  'list items': fill('- 1\n'),
  'equal keys': fill('a:\n'),
  'different keys': Array.from({ length: 40_000 }, (_, i) => `${i.toString(36)}k:`)
    .join('\n')
    .slice(0, SIZE),
  'numbers in flow style': fill('1,', '[', '1]'),
  comments: fill('# x\n', '', 'a: 1'),
  documents: fill('---\n'),
  aliases: fill('- *a\n'),
  anchors: fill('&a '),
  tags: fill('! '),
  directives: fill('%A\n'),
  'bad escapes': fill('\\q', 'a: "', '"'),
  'open quotes': fill("- '\n"),
  'one digit string': fill('1', 'a: '),
  'a number with a long tail': fill('1', 'a: 0.'),
  'line breaks in a quote': fill('\n', 'a: "', '"'),
  'leading zeros': fill('- 01\n'),
};

test.each(Object.entries(LARGEST))('the largest file of %s takes less than a second of processor time', (_, text) => {
  const before = process.cpuUsage();
  try {
    readYaml('large.yaml', text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
  const { user, system } = process.cpuUsage(before);
  // Garbage is collected on other threads, whose time counts here too: hence twice the second that a user waits.
  expect((user + system) / 1e6).toBeLessThan(2);
});
