import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../src/config/quantity.ts';
import { InvariantError } from '../../src/core/assert.ts';
import { compileExpression, type Expression, scalarOrExpression, tabulate } from '../../src/scenario/expression.ts';
import { power, termValue } from '../../src/scenario/term.ts';

function compiled(text: string, limits: Limits = {}): Expression {
  const expression = compileExpression(text, limits);
  if (expression.kind === 'fault') throw new Error(`${text}: ${expression.message} at ${expression.position}`);
  return expression;
}
const at = (text: string, tSeconds = 0): number => termValue(compiled(text).term, tSeconds);

describe('what is accepted, and its value', () => {
  test.each<[string, number, number?]>([
    ['0.2', 0.2],
    ['0.2 * sqrt(30/365)', 0.2 * Math.sqrt(30 / 365)],
    ['.5 + 5. + 1e-3 + 2E2', 0.5 + 5 + 1e-3 + 200],
    ['1 - 2 - 3', -4],
    ['12 / 3 / 2', 2],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['(-2) ^ 2', 4],
    ['2 ^ -1', 0.5],
    ['2 * -3', -6],
    ['--3', 3],
    ['pi + e', Math.PI + Math.E],
    ['tSeconds', 7200, 7200],
    ['tHours', 2, 7200],
    ['tDays', 1.5, 129_600],
    ['0.2 + 0.05*sin(2*pi*tDays)', 0.2 + 0.05 * Math.sin(2 * Math.PI * 0.25), 21_600],
    ['tHours < 3 ? 1 : 2', 1, 3600],
    ['tHours < 3 ? 1 : 2', 2, 10_800],
    ['tHours < 1 ? 10 : tHours < 2 ? 20 : 30', 20, 5400],
    ['(tHours >= 1) ? 1 : 0', 1, 3600],
    ['1 <= 1 ? 5 : 6', 5],
    ['2 > 1 ? 5 : 6', 5],
    ['0.1 + 0.2 == 0.3 ? 5 : 6', 6],
    ['1 != 2 ? 5 : 6', 5],
    ['1 + (tHours < 3 ? 1 : 2)', 3, 20_000],
    ['step(tHours - 2)', 0, 7199],
    ['step(tHours - 2)', 1, 7200],
    ['min(3, 1, 2) + max(3) + abs(-4)', 8],
    ['floor(-1.5) + ceil(1.2)', 0],
    ['round(2.5) + round(-2.5) + round(0.49999999999999994)', 0],
    ['round(-2.5)', -3],
    ['sign(-3) * tanh(0.5) * exp(1) * log(2) * cos(1) * tan(1)', -Math.tanh(0.5) * Math.exp(1) * Math.log(2) * Math.cos(1) * Math.tan(1)],
    ['  1 +\n  2\n', 3],
    [Array(32).fill('1').join('+'), 32],
  ])('%j = %d at %d s', (text, value, tSeconds = 0) => {
    expect(at(text, tSeconds)).toBeCloseTo(value, 14);
  });
});

describe('what is refused, and where', () => {
  test.each<[string, string, string, number?]>([
    ...['import', 'createUnit', 'evaluate', 'parse', 'reviver', 'config', 'compile', 'help', 'typed', 'simplify'].map(
      (name): [string, string, string, number] => ['51', `1 + ${name}(tHours)`, `unknown function \`${name}\``, 5],
    ),
    ['52 property', 'tHours.constructor', 'accessor is not allowed', 1],
    ['52 optional property', 'tHours?.a', 'accessor is not allowed', 1],
    ['52 method', 'sin.call(1)', 'unknown function'],
    ['52 index', 'tHours[1]', '`[` is not allowed', 7],
    ['52 constructor', 'constructor', 'unknown name `constructor`', 1],
    ['52 constructor, called', 'constructor(1)', 'unknown function `constructor`', 1],
    ['52 __proto__', '__proto__', 'unknown name `__proto__`', 1],
    ['52 toString', 'toString', 'unknown name `toString`', 1],
    ['52 hasOwnProperty, called', 'hasOwnProperty(1)', 'unknown function', 1],
    ['52 object', '{__proto__: 1}', '`{` is not allowed', 1],
    ['53 function definition', 'f(x) = x', 'function assignment is not allowed', 1],
    ['53 recursion', 'f(x) = f(x)', 'function assignment is not allowed'],
    ['53 assignment', 'a = 1', 'assignment is not allowed', 1],
    ['53 assignment of a known name', 'pi = 3', 'assignment is not allowed'],
    ['53 two statements', '1; 2', '`;` is not allowed', 2],
    ['53 two lines', '1\n2', 'Unexpected part "2"', 3],
    ['54 range', '1:1e9', 'range is not allowed', 1],
    ['54 matrix', '[1, 2]', '`[` is not allowed', 1],
    ['54 ones', 'ones(20000, 20000)', 'unknown function `ones`', 1],
    ['54 zeros', 'zeros(3)', 'unknown function `zeros`', 1],
    ['54 map', 'map(1, sin)', 'unknown function `map`', 1],
    ['54 inv', 'inv(2)', 'unknown function `inv`', 1],
    ['55 big number', 'bignumber(1)', 'unknown function `bignumber`', 1],
    ['55 unit', '5 cm', 'unknown name `cm`', 3],
    ['55 conversion', '5 to 6', 'operator `to` is not allowed'],
    ['55 complex', '2 * i', 'unknown name `i`', 5],
    ['55 text', '"a"', '`"` is not allowed', 1],
    ['55 text in single quotes', "'a'", "`'` is not allowed", 1],
    ['55 true', 'true', 'expected a finite number', 1],
    ['55 null', '1 + null', 'expected a finite number', 5],
    ['55 comparison as a value', 'tHours < 3', 'a comparison can only stand before `?`', 8],
    ['55 comparison in a sum', '1 + (1 < 2)', 'a comparison can only stand before `?`', 8],
    ['55 number as a condition', 'tHours ? 1 : 2', 'expected one comparison before `?`', 1],
    ['55 chained comparison', '1 < tHours < 3 ? 1 : 2', 'expected one comparison before `?`', 1],
    ['55 not', 'not 1', 'operator `not` is not allowed', 1],
    ['55 and', '1 < 2 and 2 < 3 ? 1 : 2', 'expected one comparison before `?`', 1],
    ['55 big integer', '5n', 'unknown name `n`', 2],
    ['56 random', 'random()', 'unknown function `random`', 1],
    ['56 pickRandom', 'pickRandom(1)', 'unknown function `pickRandom`', 1],
    ['56 now', 'now()', 'unknown function `now`', 1],
    ['57 factorial', '5!!!!', 'operator `!` is not allowed', 1],
    ['57 Infinity', '1 + Infinity', 'expected a finite number', 5],
    ['57 NaN', 'NaN', 'expected a finite number', 1],
    ['57 1e400', '1e400', 'expected a finite number', 1],
    ['58 too long', `1${' '.repeat(1000)}`, 'longer than 1000 characters', 1001],
    ['58 too deep, in brackets', `${'('.repeat(33)}1${')'.repeat(33)}`, 'nested more than 32 levels deep', 33],
    ['58 too deep, 499 brackets', `${'('.repeat(499)}1${')'.repeat(499)}`, 'nested more than 32 levels deep', 33],
    ['58 too deep, functions', 'sin('.repeat(249), 'nested more than 32 levels deep', 132],
    ['58 too deep, signs', `${'-'.repeat(999)}1`, 'nested more than 32 levels deep', 33],
    ['58 too deep, powers', `${'2^'.repeat(499)}1`, 'nested more than 32 levels deep'],
    ['58 too deep, choices', `${'1<2?1:'.repeat(160)}1`, 'nested more than 32 levels deep'],
    ['58 too deep, sum', Array(34).fill('1').join('+'), 'nested more than 32 levels deep', 1],
    ['58 too many nodes', `min(${Array(200).fill('1').join(',')})`, 'more than 200 numbers', 4 + 2 * 199 + 1],
    ['59 unknown name', '1 + tHuors', 'unknown name `tHuors`; did you mean `tHours`?', 5],
    ['59 unknown function', 'sinn(1)', 'unknown function `sinn`; did you mean `sin`?', 1],
    ['59 other case', 'THours', 'did you mean `tHours`?', 1],
    ['59 function without brackets', '1 + sin', 'the function `sin` needs its argument in brackets', 5],
    ['59 empty', '', 'empty', 1],
    ['59 blank', ' \n ', 'empty', 1],
    ['60 2pi', '2pi', 'write the multiplication sign', 2],
    ['60 1/2x', '1/2tHours', 'write the multiplication sign', 4],
    ['60 brackets', '(1)(2)', 'write the multiplication sign', 4],
    ['60 number before brackets', '3 + 2 (1)', 'write the multiplication sign', 7],
    ['60 function by a space', 'sin 3', 'the function `sin` needs its argument in brackets', 1],
    ['60 mod', '10 mod 0', 'operator `mod` is not allowed', 4],
    ['60 percent sign', '10 % 3', '`%` is not allowed', 4],
    ['60 percent', '5%', '`%` is not allowed', 2],
    ['60 constant called', 'pi(2)', 'unknown function `pi`', 1],
    ['hexadecimal', '1 + 0x1F', 'write numbers in decimal', 5],
    ['binary', '0b11', 'write numbers in decimal', 1],
    ['digit groups', '1_000', 'unknown name `_000`', 2],
    ['plus sign', '+1', 'operator `+` is not allowed', 1],
    ['elementwise', '2 .* 3', 'operator `.*` is not allowed'],
    ['transpose', "tHours'", "`'` is not allowed", 7],
    ['bit operators', '1 | 2', '`|` is not allowed', 3],
    ['nullish', '1 ?? 2', 'operator `??` is not allowed'],
    ['comment', '1 # 2', '`#` is not allowed', 3],
    ['other letters', 'π', '`π` is not allowed', 1],
    ['emoji', '1 + 😀', '`😀` is not allowed', 5],
    ['escape sequence', '1 \u001b[2J', '`\\u{1b}` is not allowed', 3],
    ['no argument', 'sin()', '`sin` takes one argument', 1],
    ['two arguments', 'log(8, 2)', '`log` takes one argument', 1],
    ['no argument for min', 'min()', '`min` takes at least one argument', 1],
    ['half a choice', '1 < 2 ? 3', 'False part of conditional expression expected', 10 - 1],
    ['open bracket', '(1', 'Parenthesis ) expected', 2],
    ['dangling operator', '1 +', 'Unexpected end of expression', 3],
    ['two points', '1.2.3', 'Unexpected part', 4],
  ])('%s: %j', (_, text, message, position) => {
    const before = performance.now();
    const fault = compileExpression(text);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(fault).toMatchObject({
      kind: 'fault',
      message: expect.stringContaining(message),
      ...(position === undefined ? {} : { position }),
    });
  });

  test('61 one formula cannot change the scope of another', () => {
    for (const text of ['pi = 3', 'sin(x) = 1', 'tHours = 0', 'e(x) = x']) compileExpression(text);
    expect(at('pi')).toBe(Math.PI);
    expect(at('sin(1)')).toBe(Math.sin(1));
    expect(at('tHours', 3600)).toBe(1);
  });

  test('whatever the text, there is a formula or a fault inside the text', () => {
    const piece = fc.constantFrom(
      '1',
      '0.5',
      'tHours',
      'sin',
      'pi',
      'x',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '^',
      '<',
      '==',
      '?',
      ':',
      ',',
      '.',
      '!',
      '=',
      ' ',
      '[',
      '{',
      '"',
      ';',
      'mod',
      'e',
      '\n',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const result = compileExpression(text);
        if (result.kind === 'fault') {
          expect(result.position).toBeGreaterThanOrEqual(1);
          expect(result.position).toBeLessThanOrEqual(text.length + 1);
        } else {
          expect(Object.is(termValue(result.term, 5000), evaluated(text, 5000))).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

test('an accepted formula has the value that an independent evaluator gives its text', () => {
  const leaf = fc.oneof(fc.constantFrom('tHours', 'tSeconds', 'tDays', 'pi', 'e'), fc.double({ min: 0, max: 50, noNaN: true }).map(String));
  const functions = ['sin', 'cos', 'tan', 'tanh', 'exp', 'log', 'sqrt', 'abs', 'floor', 'ceil', 'round', 'sign', 'step'];
  const { sum } = fc.letrec<{ sum: string; factor: string }>((tie) => ({
    sum: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      tie('factor'),
      fc.tuple(tie('factor'), fc.constantFrom(' + ', ' - ', '*', '/', '^'), tie('factor')).map((parts) => parts.join('')),
      fc
        .tuple(tie('factor'), fc.constantFrom('-', '*', '/', '^', '+'), tie('factor'), fc.constantFrom('^', '*', '-'), tie('factor'))
        .map((parts) => parts.join('')),
    ),
    factor: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      tie('sum').map((inner) => `(${inner})`),
      tie('factor').map((inner) => `-${inner}`),
      fc.tuple(fc.constantFrom(...functions), tie('sum')).map(([name, inner]) => `${name}(${inner})`),
      fc
        .tuple(fc.constantFrom('min', 'max'), fc.array(tie('sum'), { minLength: 1, maxLength: 3 }))
        .map(([name, inner]) => `${name}(${inner.join(', ')})`),
      fc
        .tuple(tie('sum'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('sum'), tie('sum'), tie('sum'))
        .map(([a, relation, b, yes, no]) => `(${a} ${relation} ${b} ? ${yes} : ${no})`),
    ),
  }));
  let evaluations = 0;
  fc.assert(
    fc.property(sum, fc.nat(700_000), (text, tSeconds) => {
      const result = compileExpression(text);
      if (result.kind === 'fault') {
        expect(result.message).toMatch(/^(nested more|longer than|more than)/);
        return;
      }
      evaluations += 1;
      expect(termValue(result.term, tSeconds)).toBe(evaluated(text, tSeconds));
    }),
    { numRuns: 3000 },
  );
  expect(evaluations).toBeGreaterThan(2000);
});

describe('power', () => {
  test('whole exponents stay within (3 + |n|) units of the last place of the true value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.integer({ min: -100, max: 100 }),
        fc.boolean(),
        (size, n, isNegative) => {
          const x = isNegative ? -size : size;
          const reference = x ** n;
          expect(Math.abs(power(x, n) - reference)).toBeLessThanOrEqual((4 + Math.abs(n)) * 2 ** -52 * Math.abs(reference));
        },
      ),
    );
  });

  test('other exponents stay within (2 + |y ln x|) units of the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: -20, max: 20, noNaN: true }), (x, y) => {
        const reference = x ** y;
        const units = Number.isInteger(y) ? 3 + Math.abs(y) : 2 + Math.abs(y * Math.log(x));
        expect(Math.abs(power(x, y) - reference)).toBeLessThanOrEqual((units + 1) * 2 ** -52 * reference);
      }),
    );
  });

  test.each([
    [0, 0, 1],
    [0, 2, 0],
    [0, 0.3, 0],
    [0, -1, Number.POSITIVE_INFINITY],
    [-8, 1 / 3, Number.NaN],
    [-2, 3, -8],
    [-2, 2 ** 60, Number.POSITIVE_INFINITY],
    [1, 2 ** 60, 1],
    [9, 0.5, 3],
    [4, -0.5, 0.5],
    [10, 3, 1000],
    [10, -3, 0.001],
  ])('power(%d, %d) = %d', (x, y, value) => {
    expect(power(x, y)).toBe(value);
  });
});

describe('a table', () => {
  test('holds the values at the start of each step', () => {
    expect(tabulate(compiled('1 + tSeconds^2'), 0.5, 4)).toEqual(Float64Array.of(1, 1.25, 2, 3.25));
    expect(tabulate(compiled('2'), 1, 3)).toEqual(Float64Array.of(2, 2, 2));
    expect(tabulate(compiled('2'), 1, 0)).toHaveLength(0);
  });

  test.each<[string, number, string, Limits?]>([
    ['1/(tSeconds - 3)', 3, 'the value is not finite (Infinity) at 3 s after the opening'],
    ['0/(tSeconds - 3)', 3, 'the value is not finite (NaN) at 3 s'],
    ['sqrt(2 - tSeconds)', 3, 'the value is not finite (NaN) at 3 s'],
    ['log(tSeconds)', 0, 'the value is not finite (-Infinity) at 0 s'],
    ['2^3^4^(1 + tSeconds)', 1, 'the value is not finite (Infinity) at 1 s'],
    ['0.2 - tSeconds/10', 2, 'the value is 0, expected a number above 0 at 2 s', { above: 0 }],
    ['tSeconds', 5, 'the value is 5, expected a number from 0 to 4 at 5 s', { minimum: 0, maximum: 4 }],
  ])('%s has no accepted value at %d s', (text, atSeconds, message, limits) => {
    expect(tabulate(compiled(text, limits), 1, 10)).toMatchObject({ kind: 'fault', atSeconds, message: expect.stringContaining(message) });
  });

  test('never holds a negative zero', () => {
    const table = tabulate(compiled('0*(-1 - tSeconds)'), 1, 2);
    expect(Object.is((table as Float64Array)[0], 0)).toBe(true);
  });

  test('a step that is not positive is a bug of the caller', () => {
    expect(() => tabulate(compiled('1'), 0, 1)).toThrow(InvariantError);
    expect(() => tabulate(compiled('1'), 1, 1.5)).toThrow(InvariantError);
  });

  test('a formula is plain data', () => {
    const expression = compiled('tHours < 3 ? sin(tDays) : 2^tSeconds');
    expect(JSON.parse(JSON.stringify(expression))).toEqual(expression);
    expect(tabulate(structuredClone(expression), 60, 500)).toEqual(tabulate(expression, 60, 500));
  });
});

describe('a field that takes a number or a formula', () => {
  const field = scalarOrExpression({ above: 0, maximum: 5, about: 'Level.' });
  const message = (value: unknown): string =>
    field
      .safeParse(value)
      .error?.issues.map((issue) => issue.message)
      .join('\n') ?? 'was accepted';

  test('a number is a constant, and so is a formula without time', () => {
    expect(field.parse(0.2)).toEqual({ constant: 0.2 });
    expect(field.parse('0.2 * sqrt(1/4)')).toEqual({ constant: 0.1 });
    expect(field.parse('1 < 2 ? abs(-1) : -(3)')).toEqual({ constant: 1 });
  });

  test('a formula of time is kept, with the limits for its table', () => {
    const parsed = field.parse('0.2 - tDays');
    const expression = 'expression' in parsed ? parsed.expression : compiled('1');
    expect(expression).toMatchObject({ kind: 'expression', text: '0.2 - tDays', limits: { above: 0, maximum: 5 } });
    expect(tabulate(expression, 3600, 24)).toMatchObject({ kind: 'fault', atSeconds: 5 * 3600 });
  });

  test.each<[unknown, string]>([
    [6, 'expected a number above 0 and at most 5, or a formula of time'],
    [0, 'expected a number above 0'],
    [true, 'expected a number above 0'],
    [null, 'expected a number above 0'],
    ['', 'expected a number above 0'],
    ['x'.repeat(1001), 'expected a number above 0'],
    [Number.NaN, 'expected a number above 0'],
    ['tHuors', 'not an accepted formula: unknown name `tHuors`; did you mean `tHours`?, at character 1'],
    ['1/0', 'the value is not finite (Infinity)'],
    ['0/0', 'the value is not finite (NaN)'],
    ['sqrt(-1)', 'the value is not finite (NaN)'],
    ['2^3^4^5', 'the value is not finite (Infinity)'],
    ['3 + 4', 'the value is 7, expected a number above 0 and at most 5'],
    ['20 %', '`%` is not allowed'],
  ])('%j is refused', (value, fragment) => {
    expect(message(value)).toContain(fragment);
  });
});

/** Recursive descent over the text itself: everything but the power is evaluated by other code than the one tested. */
function evaluated(text: string, tSeconds: number): number {
  const tokens = text.match(/(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|\w+|[<>=!]=|[^\s]/g) ?? [];
  let next = 0;
  const accept = (...wanted: string[]): string | undefined => (wanted.includes(tokens[next] ?? '') ? tokens[next++] : undefined);
  const names: Record<string, number> = { tSeconds, tHours: tSeconds / 3600, tDays: tSeconds / 86_400, pi: Math.PI, e: Math.E };
  const atom = (): number => {
    const token = tokens[next++] ?? '';
    if (token === '(') {
      const value = choice();
      accept(')');
      return value;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    if (tokens[next] !== '(') return names[token] ?? Number.NaN;
    const operands: number[] = [];
    while (accept('(', ',') !== undefined) operands.push(choice());
    accept(')');
    const x = operands[0] ?? Number.NaN;
    if (token === 'step') return Number.isNaN(x) ? x : Number(x >= 0);
    if (token === 'round') return x < 0 ? -Math.round(-x) : Math.round(x);
    return (Math as unknown as Record<string, (...xs: number[]) => number>)[token]?.(...operands) ?? Number.NaN;
  };
  const raised = (): number => {
    const base = atom();
    return accept('^') === undefined ? base : power(base, signed());
  };
  const signed = (): number => (accept('-') === undefined ? raised() : -signed());
  const product = (): number => {
    let value = signed();
    for (let sign = accept('*', '/'); sign !== undefined; sign = accept('*', '/'))
      value = sign === '*' ? value * signed() : value / signed();
    return value;
  };
  const total = (): number => {
    let value = product();
    for (let sign = accept('+', '-'); sign !== undefined; sign = accept('+', '-'))
      value = sign === '+' ? value + product() : value - product();
    return value;
  };
  const choice = (): number => {
    const left = total();
    const relation = accept('<', '<=', '>', '>=', '==', '!=');
    const right = relation === undefined ? 0 : total();
    if (accept('?') === undefined) return relation === undefined ? left : compared(left, relation, right) ? 1 : 0;
    const yes = choice();
    accept(':');
    const no = choice();
    return compared(left, relation ?? '!=', right) ? yes : no;
  };
  return choice();
}

function compared(a: number, relation: string, b: number): boolean {
  if (relation === '==') return a === b;
  if (relation === '!=') return a !== b;
  if (relation === '<') return a < b;
  if (relation === '<=') return a <= b;
  return relation === '>' ? a > b : a >= b;
}
