import type { z } from 'zod';
import { InputError, type Issue } from '../../core/assert.ts';

/** Longest excerpt of a value in a message. */
const EXCERPT = 60;

/**
 * The text as JSON that fits the schema.
 *
 * @throws InputError naming `source` when it is not JSON, or with every place at which it does not fit: the path, the value found
 *   and what was expected.
 */
export function jsonDocument<T>(source: string, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonValue(source, text), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new InputError(source, parsed.error.issues.map(issueOf));
}

/** The text as JSON of any shape. @throws InputError naming `source` when it is not JSON. */
export function jsonValue(source: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(source, [{ path: '', message: `is not JSON: ${reason}, in ${text.length} characters` }]);
  }
}

/** A value as it may stand in a message: JSON, cut to one short line. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT)}...`;
}

function issueOf(issue: z.core.$ZodIssue): Issue {
  const found = issue.input === undefined ? '' : `, found ${excerpt(issue.input)}`;
  return { path: issue.path.join('.'), message: `${issue.message}${found}` };
}
