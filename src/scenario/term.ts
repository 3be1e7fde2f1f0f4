import { unreachable } from '../core/assert.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '^';
export type Relation = '<' | '<=' | '>' | '>=' | '==' | '!=';
/** The clock of the simulated market, in three units; 0 at its opening. */
export type TimeSymbol = 'tSeconds' | 'tHours' | 'tDays';

/** A condition inside a formula. Exact: no tolerance around equality. */
export interface Comparison {
  readonly relation: Relation;
  readonly left: Term;
  readonly right: Term;
}

/** A formula of time, as plain data: it can be sent to a worker, and evaluating it runs no text. */
export type Term =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'time'; readonly symbol: TimeSymbol }
  | { readonly kind: 'negative'; readonly of: Term }
  | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Term; readonly right: Term }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Term[] }
  | { readonly kind: 'choice'; readonly when: Comparison; readonly then: Term; readonly otherwise: Term };

interface TermFunction {
  readonly operandsMinimum: number;
  readonly operandsMaximum: number;
  readonly value: (operands: readonly number[]) => number;
}

const ofOne = (value: (x: number) => number): TermFunction => ({
  operandsMinimum: 1,
  operandsMaximum: 1,
  value: ([x]) => value(x ?? Number.NaN),
});
const ofMany = (value: (operands: readonly number[]) => number): TermFunction => ({ operandsMinimum: 1, operandsMaximum: 200, value });

/** The functions of a formula, by name. Angles are in radians, `log` is natural; all are the same on each supported Node version. */
export const TERM_FUNCTIONS: ReadonlyMap<string, TermFunction> = new Map([
  ['sin', ofOne(Math.sin)],
  ['cos', ofOne(Math.cos)],
  ['tan', ofOne(Math.tan)],
  ['tanh', ofOne(Math.tanh)],
  ['exp', ofOne(Math.exp)],
  ['log', ofOne(Math.log)],
  ['sqrt', ofOne(Math.sqrt)],
  ['abs', ofOne(Math.abs)],
  ['sign', ofOne(Math.sign)],
  ['floor', ofOne(Math.floor)],
  ['ceil', ofOne(Math.ceil)],
  // Halves away from zero, so that round(-x) = -round(x).
  ['round', ofOne((x) => Math.sign(x) * Math.round(Math.abs(x)))],
  // 1 from zero on, 0 before.
  ['step', ofOne((x) => (Number.isNaN(x) ? x : x >= 0 ? 1 : 0))],
  ['min', ofMany((operands) => Math.min(...operands))],
  ['max', ofMany((operands) => Math.max(...operands))],
]);

/** What the formula comes to at a time in seconds since the opening; NaN or an infinity where it has no value. */
export function termValue(term: Term, tSeconds: number): number {
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'time':
      return term.symbol === 'tSeconds' ? tSeconds : tSeconds / (term.symbol === 'tHours' ? 3600 : 86_400);
    case 'negative':
      return -termValue(term.of, tSeconds);
    case 'arithmetic':
      return arithmetic(term.operator, termValue(term.left, tSeconds), termValue(term.right, tSeconds));
    case 'call':
      return TERM_FUNCTIONS.get(term.name)?.value(term.operands.map((operand) => termValue(operand, tSeconds))) ?? Number.NaN;
    case 'choice':
      return termValue(holds(term.when, tSeconds) ? term.then : term.otherwise, tSeconds);
    default:
      return unreachable(term);
  }
}

/** Whether a formula depends on the clock at all. */
export function dependsOnTime(term: Term): boolean {
  switch (term.kind) {
    case 'constant':
      return false;
    case 'time':
      return true;
    case 'negative':
      return dependsOnTime(term.of);
    case 'arithmetic':
      return dependsOnTime(term.left) || dependsOnTime(term.right);
    case 'call':
      return term.operands.some(dependsOnTime);
    case 'choice':
      return [term.when.left, term.when.right, term.then, term.otherwise].some(dependsOnTime);
    default:
      return unreachable(term);
  }
}

/**
 * x to the power y, from multiplication, `Math.exp` and `Math.log` alone: the built-in power gives other bits on other versions of Node.
 * Whole y by repeated squaring, y = ±½ by the square root, other y as exp(y ln x); NaN where x < 0 and y is not whole. Relative error
 * below (3 + |y|) · 2^-52 for whole y, and (2 + |y ln x|) · 2^-52 otherwise (test/scenario/expression.test.ts).
 */
export function power(x: number, y: number): number {
  if (Number.isInteger(y)) {
    const whole = wholePower(x, Math.abs(y));
    return y < 0 ? 1 / whole : whole;
  }
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  return Math.exp(y * Math.log(x));
}

function wholePower(x: number, n: number): number {
  let result = 1;
  let square = x;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

function arithmetic(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return power(left, right);
    default:
      return unreachable(operator);
  }
}

function holds({ relation, left, right }: Comparison, tSeconds: number): boolean {
  const a = termValue(left, tSeconds);
  const b = termValue(right, tSeconds);
  switch (relation) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    default:
      return unreachable(relation);
  }
}
