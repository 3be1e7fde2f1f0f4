import { create, type FactoryFunctionMap, type MathNode, parseDependencies } from 'mathjs/number';
import { invariant } from '../core/assert.ts';
import { EXPRESSION_DEPTH_MAXIMUM, type ExpressionFault, FormulaReader, fault } from './formula-reader.ts';
import { named } from './shown.ts';
import type { Term } from './term.ts';

/** Longest formula, in characters. */
export const EXPRESSION_CHARACTERS_MAXIMUM = 1000;
const FORBIDDEN = /[^\w\s.,+\-*/^()?:<>=!]|[^\0-\x7F]/u;
const { parse } = create({ parseDependencies } as FactoryFunctionMap);

/** Reads a formula into a {@link Term}. Only the parser of mathjs is used; each node of its tree must be on the list above. */
export function termFromText(text: string): Term | ExpressionFault {
  if (text.length > EXPRESSION_CHARACTERS_MAXIMUM) {
    return fault(`longer than ${EXPRESSION_CHARACTERS_MAXIMUM} characters`, EXPRESSION_CHARACTERS_MAXIMUM + 1);
  }
  // A formula may run over several lines; to mathjs, a new line would be a new statement.
  const line = text.replace(/\s/g, ' ');
  if (line.trim() === '') return fault('empty', 1);
  const forbidden = line.search(FORBIDDEN);
  if (forbidden >= 0) return fault(`${named([...line.slice(forbidden)][0] ?? '')} is not allowed in a formula`, forbidden + 1);
  const nested = tooNested(line);
  if (nested >= 0) return fault(`nested more than ${EXPRESSION_DEPTH_MAXIMUM} levels deep`, nested + 1);
  const prefixed = /\b0[xXbBoO]/.exec(line);
  if (prefixed !== null) return fault('write numbers in decimal', prefixed.index + 1);
  let tree: MathNode;
  try {
    tree = parse(line);
  } catch (error) {
    return syntaxFault(error, line);
  }
  const reader = new FormulaReader(line);
  const term = reader.term(tree, 1);
  return reader.fault ?? term;
}

function syntaxFault(error: unknown, text: string): ExpressionFault {
  if (error instanceof RangeError) return fault(`nested more than ${EXPRESSION_DEPTH_MAXIMUM} levels deep`, 1);
  invariant(error instanceof SyntaxError, () => `mathjs failed on ${JSON.stringify(text)}: ${String(error)}`);
  const at = 'char' in error && typeof error.char === 'number' ? error.char : 1;
  return fault(error.message.replace(/ \(char \d+\)$/, ''), Math.min(Math.max(at, 1), text.length));
}

/** Index of the bracket that goes too deep, or -1. Counted before parsing, since the parser is recursive. */
function tooNested(text: string): number {
  let depth = 0;
  return [...text].findIndex((character) => {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    return depth > EXPRESSION_DEPTH_MAXIMUM;
  });
}
