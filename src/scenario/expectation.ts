import type { z } from 'zod';
import { named, shown } from './shown.ts';

/** Stands for the message of a union without one of its own: its alternatives are then looked at one by one. */
export const UNEXPLAINED = '\u0000union';

/** What each of zod's type names is called in a message to the writer of a file. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
  tuple: 'a list',
  null: 'nothing (null)',
  never: 'nothing here',
};

/** What would have been accepted, in plain words: the error map of zod for schemas that have no message of their own. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${isWhole(issue) ? KINDS.int : (KINDS[issue.expected] ?? issue.expected)}`;
    case 'invalid_value':
      return `expected ${alternatives(issue.values)}`;
    case 'too_small':
      return `expected ${size(isWhole(issue) ? 'int' : issue.origin, issue.inclusive === false ? 'above' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `expected ${size(isWhole(issue) ? 'int' : issue.origin, issue.inclusive === false ? 'below' : 'at most', issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'regex' ? `expected text of the form ${issue.pattern ?? ''}` : `expected ${issue.format}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return issue.options === undefined || !Array.isArray(issue.options) ? UNEXPLAINED : `expected ${alternatives(issue.options)}`;
    case 'unrecognized_keys':
      return 'unknown key';
    case 'invalid_key':
      return 'not allowed as a key';
    default:
      return 'not allowed';
  }
}

/** `one of \`a\`, \`b\``; a single value stands alone. */
export function alternatives(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? named(value) : shown(value)));
  return texts.length === 1 ? (texts[0] ?? '') : `one of ${texts.join(', ')}`;
}

/** How a value of the wrong kind should have been written, as the end of a message; empty where that cannot be told. */
export function remedy(expected: string, value: unknown): string {
  if (typeof value !== 'string') return '';
  const written = value.trim();
  if (/\b(number|whole)\b/.test(expected) && /^[-+]?[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?$/.test(written)) {
    return written.includes('_') ? `; write ${written.replaceAll('_', '')}` : `; write ${written} without quotes`;
  }
  if (expected.includes('true or false')) {
    if (/^(yes|on|y)$/i.test(written)) return '; write true';
    if (/^(no|off|n)$/i.test(written)) return '; write false';
  }
  return '';
}

/** Whether the schema at fault takes whole numbers: zod itself only says so once the value is a number. */
function isWhole({ schema, inst }: z.core.$ZodRawIssue): boolean {
  const def: object | undefined = (schema ?? inst)?._zod.def;
  return def !== undefined && 'format' in def && def.format === 'safeint';
}

function size(origin: string, relation: string, bound: number | bigint): string {
  if (origin === 'string') return `text of ${relation} ${bound} characters`;
  if (origin === 'array') return `a list of ${relation} ${bound} elements`;
  if (origin === 'object' || origin === 'map' || origin === 'set') return `${relation} ${bound} entries`;
  const number = origin === 'int' ? 'a whole number' : 'a number';
  return relation.startsWith('at') ? `${number} of ${relation} ${bound}` : `${number} ${relation} ${bound}`;
}
