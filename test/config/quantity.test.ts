import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { days, fraction, hours, millis, nonNegative, positive, seconds, vol, wholePositive } from '../../src/config/quantity.ts';
import { InputError } from '../../src/core/assert.ts';
import { scalarOrExpression } from '../../src/scenario/expression.ts';
import { parseWith } from '../../src/scenario/parse-with.ts';
import { readYaml } from '../../src/scenario/yaml-source.ts';

const schema = z
  .strictObject({
    latencyMillis: millis({ about: 'Delay from the exchange to the agent.' }),
    stepSeconds: seconds({ above: 0, maximum: 86_400 }),
    halfLifeHours: hours(),
    expiryDays: days({ above: 0, maximum: 3650 }),
    feeFraction: fraction(),
    driftFraction: fraction({ minimum: -1, maximum: 1 }),
    vol: vol('Opening vol.'),
    spot: positive(),
    edge: nonNegative({ maximum: 10 }),
    lots: wholePositive({ maximum: 1000 }),
    level: scalarOrExpression({ minimum: -5, maximum: 5 }),
    delayMillis: millis().prefault('3 ms'),
  })
  .partial();

function read(yaml: string): unknown {
  return parseWith(schema, readYaml('q.yaml', yaml));
}
function message(yaml: string): string {
  try {
    read(yaml);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map((issue) => issue.message).join('\n');
  }
  throw new Error('was accepted');
}

describe('a quantity is converted into the unit of its field', () => {
  test.each<[string, string, number]>([
    ['latencyMillis', '5', 5],
    ['latencyMillis', '"5 ms"', 5],
    ['latencyMillis', '5 ms', 5],
    ['latencyMillis', '5ms', 5],
    ['latencyMillis', '"250 us"', 0.25],
    ['latencyMillis', '"30 s"', 30_000],
    ['latencyMillis', '"0.57 s"', 570],
    ['latencyMillis', '"1.5e2 ms"', 150],
    ['latencyMillis', '".5 ms"', 0.5],
    ['latencyMillis', '"+5. ms"', 5],
    ['latencyMillis', '"0 ms"', 0],
    ['stepSeconds', '"7 ms"', 0.007],
    ['stepSeconds', '"2 h"', 7200],
    ['stepSeconds', '"0.7 h"', 2520],
    ['stepSeconds', '"1 d"', 86_400],
    ['halfLifeHours', '"90 min"', 1.5],
    ['halfLifeHours', '"90 s"', 0.025],
    ['halfLifeHours', '"7 d"', 168],
    ['expiryDays', '"6 h"', 0.25],
    ['expiryDays', '"7 d"', 7],
    ['feeFraction', '"1.5 bp"', 0.00015],
    ['feeFraction', '"3 %"', 0.03],
    ['feeFraction', '"0.57 %"', 0.0057],
    ['feeFraction', '"100 %"', 1],
    ['driftFraction', '"-3 %"', -0.03],
    ['vol', '"20 %"', 0.2],
    ['vol', '5', 5],
    ['spot', '1e-9', 1e-9],
    ['lots', '1000', 1000],
  ])('%s: %s', (field, text, value) => {
    expect(read(`${field}: ${text}`)).toEqual({ delayMillis: 3, [field]: value });
  });

  test('moving the decimal point rounds once, as writing the number out would', () => {
    const decimal = fc.tuple(fc.nat(999), fc.nat(999_999)).map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(decimal, (text) => {
        expect(seconds().parse(`${text} ms`)).toBe(Number(`${text}e-3`));
        expect(millis().parse(`${text} s`)).toBe(Number(`${text}e3`));
        expect(fraction({ maximum: 1e9 }).parse(`${text} %`)).toBe(Number(`${text}e-2`));
        expect(fraction({ maximum: 1e9 }).parse(`${text}bp`)).toBe(Number(`${text}e-4`));
      }),
    );
  });

  test('whole seconds in hours and days are the correctly rounded quotients', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), (whole) => {
        expect(hours().parse(`${whole} s`)).toBe(whole / 3600);
        expect(days().parse(`${whole} min`)).toBe(whole / 1440);
        expect(seconds().parse(`${whole} h`)).toBe(whole * 3600);
      }),
    );
  });
});

describe('what is no quantity of the field is refused, and why', () => {
  test.each<[string, string[]]>([
    [
      'latencyMillis: "5 bp"',
      ['found "5 bp", expected a time in milliseconds', '(ns, us, ms, s, min, h, d)', 'bp is a unit of fraction, not of time'],
    ],
    ['latencyMillis: "3 %"', ['% is a unit of fraction, not of time']],
    ['feeFraction: "5 ms"', ['expected a fraction from 0 to 1', '(bp, %)', 'ms is a unit of time, not of fraction']],
    ['latencyMillis: "5 seconds"', ['did you mean "5 s"?']],
    ['latencyMillis: "5 MS"', ['did you mean "5 ms"?']],
    ['latencyMillis: "5 m"', ['did you mean "5 min"?']],
    ['feeFraction: "2 percent"', ['did you mean "2 %"?']],
    ['latencyMillis: "5 parsec"', ['expected a time in milliseconds of at least 0, as a number or with a unit']],
    ['latencyMillis: "5"', ['write 5 without quotes, or add a unit']],
    ['latencyMillis: -1', ['found -1, expected a time in milliseconds of at least 0']],
    ['latencyMillis: "-1 ms"', ['found "-1 ms", expected a time in milliseconds of at least 0']],
    ['latencyMillis: soon', ['found "soon", expected a time']],
    ['latencyMillis: true', ['found true, expected a time in milliseconds']],
    ['latencyMillis:', ['found nothing (null), expected a time in milliseconds']],
    ['latencyMillis: [5]', ['found a list, expected a time in milliseconds']],
    ['latencyMillis: "1e400 ms"', ['expected a time in milliseconds']],
    ['latencyMillis: "1e308 d"', ['expected a time in milliseconds']],
    ['latencyMillis: "5  ms"', ['expected a time']],
    ['latencyMillis: "0x5 ms"', ['expected a time']],
    ['latencyMillis: "5 ms; rm"', ['expected a time']],
    ['stepSeconds: 0', ['found 0, expected a time in seconds above 0 and at most 86400']],
    ['stepSeconds: "0 s"', ['expected a time in seconds above 0 and at most 86400']],
    ['stepSeconds: "25 h"', ['expected a time in seconds above 0 and at most 86400']],
    ['feeFraction: 1.5', ['found 1.5, expected a fraction from 0 to 1']],
    ['feeFraction: "101 %"', ['expected a fraction from 0 to 1']],
    ['vol: 20', ['found 20, expected a vol', 'did you mean 0.20? vols are fractions, 20 % is 0.20']],
    ['vol: 17.5', ['did you mean 0.175?']],
    ['vol: "2000 %"', ['did you mean 0.20?']],
    ['vol: 0', ['found 0, expected a vol']],
    ['vol: "0 %"', ['expected a vol']],
    ['vol: -0.2', ['found -0.2, expected a vol, as a fraction per square-root year, above 0 and at most 5']],
    ['spot: 0', ['found 0, expected a number above 0']],
    ['spot: "100"', ['found "100", expected a number above 0; write 100 without quotes']],
    ['edge: -1', ['found -1, expected a number from 0 to 10']],
    ['edge: 11', ['expected a number from 0 to 10']],
    ['lots: 0', ['found 0, expected a whole number from 1 to 1000']],
    ['lots: 1.5', ['found 1.5, expected a whole number from 1 to 1000']],
    ['lots: 1001', ['found 1001, expected a whole number from 1 to 1000']],
    ['lots: many', ['found "many", expected a whole number from 1 to 1000']],
  ])('%s', (yaml, fragments) => {
    const text = message(yaml);
    for (const fragment of fragments) expect(text).toContain(fragment);
    expect(text.split('\n')).toHaveLength(1);
  });

  test('a vol that is no percent either gets no suggestion', () => {
    expect(message('vol: 900')).not.toContain('did you mean');
    expect(message('vol: -20')).not.toContain('did you mean');
  });
});

describe('the published schema', () => {
  const published = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(published);

  test('describes each field, with its unit and limits', () => {
    expect(published.properties?.latencyMillis).toMatchObject({
      description:
        'Delay from the exchange to the agent. A time in milliseconds of at least 0; or text with a unit: ns, us, ms, s, min, h, d.',
      anyOf: [{ type: 'number', minimum: 0 }, { type: 'string' }],
    });
    expect(published.properties?.vol).toMatchObject({
      description: expect.stringContaining('Opening vol.'),
      anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 5 }, { type: 'string' }],
    });
    expect(published.properties?.delayMillis).toMatchObject({ default: '3 ms' });
    for (const field of Object.values(published.properties ?? {})) expect(field).toHaveProperty('description');
  });

  test.each<[string, unknown, boolean]>([
    ['latencyMillis', '5 ms', true],
    ['latencyMillis', '5', false],
    ['latencyMillis', '-5 ms', false],
    ['latencyMillis', '5 bp', false],
    ['driftFraction', '-5 bp', true],
    ['vol', '20 %', true],
    ['vol', 20, false],
    ['lots', 1.5, false],
    ['level', '0.2 + tDays', true],
    ['level', '', false],
    ['level', 'x'.repeat(1001), false],
    ['level', 6, false],
    ['unknown', 1, false],
  ])('%s: %j is accepted by both or by none', (field, value, accepted) => {
    expect(accepts({ [field]: value })).toBe(accepted);
    expect(schema.safeParse({ [field]: value }).success).toBe(accepted);
  });

  test('it takes and refuses what the schema takes and refuses; only texts outside the limits pass it', () => {
    const amount = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 2000 }),
      fc.constantFrom(0, 1, 5, 10, 1e-9),
    );
    const unit = fc.constantFrom('', 'ns', 'ms', 's', 'min', 'h', 'd', '%', 'bp', 'S', 'x', 'ms ');
    const value = fc.oneof(
      amount,
      fc.tuple(amount, fc.constantFrom('', ' ', '  '), unit).map((parts) => parts.join('')),
      fc.constantFrom(null, true, [], {}, 'tDays', '1/', 'sin(tHours)'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(schema.shape)), value, (field, found) => {
        const ours = schema.safeParse({ [field]: found }).success;
        const theirs = accepts({ [field]: found });
        if (typeof found === 'string') expect(!ours || theirs).toBe(true);
        else expect(theirs).toBe(ours);
      }),
      { numRuns: 3000 },
    );
  });
});
