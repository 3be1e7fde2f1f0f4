import type { MathNode } from 'mathjs/number';
import { invariant } from '../core/assert.ts';
import { named } from './shown.ts';
import { didYouMean } from './suggestion.ts';
import { type Arithmetic, type Comparison, type Relation, TERM_FUNCTIONS, type Term, type TimeSymbol } from './term.ts';

/** Why a text is not a formula that is accepted here. */
export interface ExpressionFault {
  readonly kind: 'fault';
  readonly message: string;
  /** 1-based character of the text at which the fault was found. */
  readonly position: number;
}

/** Deepest formula: operators, functions and brackets inside one another. */
export const EXPRESSION_DEPTH_MAXIMUM = 32;
/** Largest formula, in nodes of its syntax tree. */
export const EXPRESSION_NODES_MAXIMUM = 200;

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const TIMES: readonly string[] = ['tSeconds', 'tHours', 'tDays'] satisfies TimeSymbol[];
const RELATIONS: readonly string[] = ['<', '<=', '>', '>=', '==', '!='] satisfies Relation[];
const ARITHMETIC: readonly string[] = ['+', '-', '*', '/', '^'] satisfies Arithmetic[];
const NAMES = [...TIMES, ...Object.keys(CONSTANTS), ...TERM_FUNCTIONS.keys()];

const TOKEN = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[<>=!]=|\S/g;
const ZERO: Term = { kind: 'constant', value: 0 };

/** What is read of a node of mathjs, whatever its type. */
interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly op?: unknown;
  readonly implicit?: unknown;
  readonly isPercentage?: unknown;
  readonly args?: readonly MathNode[];
  readonly content?: MathNode;
  readonly condition?: MathNode;
  readonly trueExpr?: MathNode;
  readonly falseExpr?: MathNode;
}

/** Walks the tree in the order of the text, with the tokens of the text beside it, since nodes of mathjs do not know their place. */
export class FormulaReader {
  fault: ExpressionFault | undefined;
  readonly #tokens: readonly { readonly text: string; readonly at: number }[];
  #next = 0;
  #nodes = 0;
  readonly #end: number;

  constructor(text: string) {
    this.#tokens = [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index + 1 }));
    this.#end = text.length;
  }

  term(node: MathNode, depth: number): Term {
    if (!this.#enter(depth)) return ZERO;
    const syntax = seen(node);
    switch (syntax.type) {
      case 'ConstantNode':
        return this.#constant(syntax);
      case 'SymbolNode':
        return this.#symbol(String(syntax.name));
      case 'ParenthesisNode': {
        this.#take('(');
        const inner = this.term(child(syntax.content), depth + 1);
        this.#take(')');
        return inner;
      }
      case 'OperatorNode':
        return this.#operator(syntax, depth);
      case 'FunctionNode':
        return this.#call(syntax, depth);
      case 'ConditionalNode': {
        const when = this.#comparison(child(syntax.condition), depth + 1);
        this.#take('?');
        const then = this.term(child(syntax.trueExpr), depth + 1);
        this.#take(':');
        return { kind: 'choice', when, then, otherwise: this.term(child(syntax.falseExpr), depth + 1) };
      }
      default:
        return this.#refuse(
          `${syntax.type
            .replace(/Node$/, '')
            .replace(/(?!^)([A-Z])/g, ' $1')
            .toLowerCase()} is not allowed in a formula`,
        );
    }
  }

  #constant({ value }: SyntaxNode): Term {
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.#refuse('expected a finite number');
    this.#next += 1;
    return { kind: 'constant', value };
  }

  #symbol(name: string): Term {
    if (TERM_FUNCTIONS.has(name)) return this.#refuse(`the function ${named(name)} needs its argument in brackets`);
    const value = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
    if (value === undefined && !TIMES.includes(name)) return this.#refuse(`unknown name ${named(name)}${didYouMean(name, NAMES)}`);
    this.#next += 1;
    // The name was found in the list of the time symbols.
    return value === undefined ? { kind: 'time', symbol: name as TimeSymbol } : { kind: 'constant', value };
  }

  #operator({ op, args, implicit, isPercentage }: SyntaxNode, depth: number): Term {
    const operator = String(op);
    const [first, second, ...more] = args ?? [];
    if (second === undefined && first !== undefined && operator === '-') {
      this.#take('-');
      return { kind: 'negative', of: this.term(first, depth + 1) };
    }
    if (second === undefined || first === undefined || more.length > 0) return this.#refuseOperator(operator);
    const left = this.term(first, depth + 1);
    if (implicit === true) {
      const at = this.#next;
      // An unknown name behind a number (`5 cm`) is the greater fault, and is named first.
      this.term(second, depth + 1);
      this.#next = at;
      return this.#refuse('write the multiplication sign: 2*pi, not 2pi');
    }
    if (RELATIONS.includes(operator)) return this.#refuse('a comparison can only stand before `?`, as in tHours < 3 ? 1 : 2');
    if (!ARITHMETIC.includes(operator) || isPercentage === true) return this.#refuseOperator(operator);
    this.#take(operator);
    // The operator was found in the list.
    return { kind: 'arithmetic', operator: operator as Arithmetic, left, right: this.term(second, depth + 1) };
  }

  #call(syntax: SyntaxNode, depth: number): Term {
    const name = typeof syntax.name === 'string' ? syntax.name : '';
    const known = TERM_FUNCTIONS.get(name);
    if (known === undefined) return this.#refuse(`unknown function ${named(name)}${didYouMean(name, [...TERM_FUNCTIONS.keys()])}`);
    const operands = syntax.args ?? [];
    if (operands.length < known.operandsMinimum || operands.length > known.operandsMaximum) {
      return this.#refuse(`${named(name)} takes ${known.operandsMaximum === 1 ? 'one argument' : 'at least one argument'}`);
    }
    this.#take(name);
    this.#take('(');
    const terms = operands.map((operand, index) => {
      if (index > 0) this.#take(',');
      return this.term(operand, depth + 1);
    });
    this.#take(')');
    return { kind: 'call', name, operands: terms };
  }

  #comparison(node: MathNode, depth: number): Comparison {
    const never: Comparison = { relation: '==', left: ZERO, right: ZERO };
    if (!this.#enter(depth)) return never;
    const syntax = seen(node);
    if (syntax.type === 'ParenthesisNode') {
      this.#take('(');
      const inner = this.#comparison(child(syntax.content), depth + 1);
      this.#take(')');
      return inner;
    }
    const relation = String(syntax.op);
    const [first, second] = syntax.args ?? [];
    if (syntax.type !== 'OperatorNode' || !RELATIONS.includes(relation) || first === undefined || second === undefined) {
      this.#refuse('expected one comparison before `?`, as in tHours < 3 ? 1 : 2');
      return never;
    }
    const left = this.term(first, depth + 1);
    this.#take(relation);
    // The relation was found in the list.
    return { relation: relation as Relation, left, right: this.term(second, depth + 1) };
  }

  #enter(depth: number): boolean {
    this.#nodes += 1;
    if (depth > EXPRESSION_DEPTH_MAXIMUM) this.#refuse(`nested more than ${EXPRESSION_DEPTH_MAXIMUM} levels deep`);
    if (this.#nodes > EXPRESSION_NODES_MAXIMUM) this.#refuse(`more than ${EXPRESSION_NODES_MAXIMUM} numbers, names and operators`);
    return this.fault === undefined;
  }

  #take(text: string): void {
    if (this.#tokens[this.#next]?.text === text) this.#next += 1;
  }

  #refuseOperator(operator: string): Term {
    return this.#refuse(`operator ${named(operator)} is not allowed in a formula`);
  }

  /** Notes the first fault; what is returned then does not matter. */
  #refuse(message: string): Term {
    this.fault ??= fault(message, this.#tokens[this.#next]?.at ?? this.#end);
    return ZERO;
  }
}

function seen(node: MathNode): SyntaxNode {
  // mathjs types its nodes as classes with their constructors' parameters; what is read here is checked field by field.
  return node as unknown as SyntaxNode;
}

function child(node: MathNode | undefined): MathNode {
  invariant(node !== undefined, 'a node of mathjs lacks a part that its type promises');
  return node;
}

/** @param position 1-based. */
export function fault(message: string, position: number): ExpressionFault {
  return { kind: 'fault', message, position };
}
