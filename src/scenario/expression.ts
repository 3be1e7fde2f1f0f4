import { z } from 'zod';
import { isWithin, type Limits, limitsText, withLimits } from '../config/quantity.ts';
import { invariant } from '../core/assert.ts';
import { EXPRESSION_CHARACTERS_MAXIMUM, termFromText } from './expression-syntax.ts';
import type { ExpressionFault } from './formula-reader.ts';
import { dependsOnTime, type Term, termValue } from './term.ts';

export type { ExpressionFault } from './formula-reader.ts';

/** A formula of the time since the opening: plain data, without text that is still to be run. */
export interface Expression {
  readonly kind: 'expression';
  /** As it was written. */
  readonly text: string;
  readonly term: Term;
  /** What its values must keep to, at every time. */
  readonly limits: Limits;
}

/** A parameter of a model: one number for the whole run, or a formula to be tabulated on the world's grid. */
export type ScalarOrExpression = { readonly constant: number } | { readonly expression: Expression };

/** A formula that has no accepted value at some time. */
export interface TabulationFault {
  readonly kind: 'fault';
  readonly message: string;
  /** Seconds since the opening at which it was found first. */
  readonly atSeconds: number;
}

/**
 * A formula such as `0.2 + 0.05*sin(2*pi*tDays)`, checked but not yet evaluated.
 *
 * Accepted: numbers; `tSeconds`, `tHours`, `tDays` since the opening, `pi`, `e`; + − * / ^, minus signs, brackets; `a < b ? c : d`;
 * and sin cos tan tanh exp log sqrt abs sign floor ceil round min max step, where step(x) is 1 from x = 0 on and 0 before. `^` binds
 * to the right, and before a minus sign. At most 1,000 characters, 32 levels and 200 nodes.
 * @param limits what the values must keep to, checked by {@link tabulate}.
 */
export function compileExpression(text: string, limits: Limits = {}): Expression | ExpressionFault {
  const term = termFromText(text);
  return term.kind === 'fault' ? term : { kind: 'expression', text, term, limits };
}

/**
 * The values of a formula at 0, stepSeconds, 2 stepSeconds, … : `steps` of them, made once, at load.
 * @returns the first time at which the value is not finite or breaks the limits, where there is one.
 * @throws InvariantError unless stepSeconds > 0 and steps is a whole number of at least 0.
 */
export function tabulate(expression: Expression, stepSeconds: number, steps: number): Float64Array | TabulationFault {
  invariant(stepSeconds > 0 && Number.isFinite(stepSeconds), 'the step of a table must be positive');
  invariant(Number.isSafeInteger(steps) && steps >= 0, 'the length of a table must be a whole number');
  const values = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    const atSeconds = step * stepSeconds;
    // Adding 0 turns -0 into 0, which prints and compares as one expects.
    const value = termValue(expression.term, atSeconds) + 0;
    const message = valueFault(value, expression.limits);
    if (message !== undefined) return { kind: 'fault', message: `${message} at ${atSeconds} s after the opening`, atSeconds };
    values[step] = value;
  }
  return values;
}

/** A field of a file that takes a number, or a formula of time as text. A formula without time in it is evaluated at once. */
export function scalarOrExpression(limits: Limits = {}): z.ZodType<ScalarOrExpression, number | string> {
  const what = `a number${limitsText(limits) === '' ? '' : ` ${limitsText(limits)}`}`;
  const error = (): string => `expected ${what}, or a formula of time such as "0.2 + 0.05*sin(2*pi*tDays)"`;
  const text = z.string({ error }).min(1, { error }).max(EXPRESSION_CHARACTERS_MAXIMUM, { error });
  return z
    .union([withLimits(z.number({ error }), limits, error), text], { error })
    .transform((input, context): ScalarOrExpression => {
      if (typeof input === 'number') return { constant: input };
      const expression = compileExpression(input, limits);
      const message =
        expression.kind === 'fault' ? `${expression.message}, at character ${expression.position}` : constantFault(expression);
      if (message !== undefined || expression.kind === 'fault') {
        context.addIssue({ code: 'custom', message: `not an accepted formula: ${message ?? ''}`, input });
        return z.NEVER;
      }
      return dependsOnTime(expression.term) ? { expression } : { constant: termValue(expression.term, 0) + 0 };
    })
    .describe(
      [limits.about, `${what.replace('a', 'A')}; or a formula of tSeconds, tHours or tDays.`]
        .filter((part) => part !== undefined)
        .join(' '),
    );
}

function constantFault(expression: Expression): string | undefined {
  return dependsOnTime(expression.term) ? undefined : valueFault(termValue(expression.term, 0), expression.limits);
}

function valueFault(value: number, limits: Limits): string | undefined {
  if (!Number.isFinite(value)) return `the value is not finite (${value})`;
  return isWithin(value, limits) ? undefined : `the value is ${value}, expected a number ${limitsText(limits)}`;
}
