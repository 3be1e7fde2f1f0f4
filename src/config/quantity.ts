import { z } from 'zod';

/** What is said about a number in a file: its meaning, and the values that are accepted, in the unit of its name. */
export interface Limits {
  /** What the number means, as one sentence; it becomes the description in the published schema. */
  readonly about?: string;
  /** Least accepted value. */
  readonly minimum?: number;
  /** Accepted are values above this one. */
  readonly above?: number;
  /** Greatest accepted value. */
  readonly maximum?: number;
}

/** A field of a file: a number in the unit of the field's name, or text with a unit, such as `"5 ms"`. Its value is the number. */
export type QuantityField = z.ZodType<number, number | string>;
/** A field of a file that takes a plain number. */
export type NumberField = z.ZodType<number, number>;

interface Dimension {
  readonly name: string;
  /** Size of each unit, in whole multiples of the smallest. */
  readonly units: Readonly<Record<string, number>>;
  /** What people write instead. */
  readonly aliases: Readonly<Record<string, string>>;
}

const TIME: Dimension = {
  name: 'time',
  units: { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9, d: 86_400e9 },
  aliases: {
    micros: 'us',
    µs: 'us',
    msec: 'ms',
    millis: 'ms',
    milliseconds: 'ms',
    sec: 's',
    secs: 's',
    second: 's',
    seconds: 's',
    m: 'min',
    mins: 'min',
    minute: 'min',
    minutes: 'min',
    hr: 'h',
    hrs: 'h',
    hour: 'h',
    hours: 'h',
    day: 'd',
    days: 'd',
  },
};
const FRACTION: Dimension = {
  name: 'fraction',
  units: { bp: 1, '%': 100 },
  aliases: { bps: 'bp', 'basis points': 'bp', pct: '%', percent: '%' },
};
const DIMENSIONS = [TIME, FRACTION];
/** Of {@link FRACTION}: 10,000 basis points are the whole. */
const WHOLE = 10_000;

/** The largest vol that is taken for one: 500 % a year. What lies above was meant in percent. */
const VOL_MAXIMUM = 5;

const NUMBER = '(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?';
const WITH_UNIT = new RegExp(`^([+-]?)(${NUMBER}) ?(.*)$`);

/** A time in milliseconds, at least 0 unless limited otherwise. */
export const millis = (limits?: Limits): QuantityField => quantity(TIME, 1e6, 'a time in milliseconds', limits);
/** A time in seconds, at least 0 unless limited otherwise. */
export const seconds = (limits?: Limits): QuantityField => quantity(TIME, 1e9, 'a time in seconds', limits);
/** A time in hours, at least 0 unless limited otherwise. */
export const hours = (limits?: Limits): QuantityField => quantity(TIME, 3600e9, 'a time in hours', limits);
/** A time in days of 24 hours, at least 0 unless limited otherwise. */
export const days = (limits?: Limits): QuantityField => quantity(TIME, 86_400e9, 'a time in days', limits);
/** A share of a whole: 0.03, `"3 %"` or `"300 bp"`. From 0 to 1 unless limited otherwise. */
export function fraction(limits: Limits = {}): QuantityField {
  const bounded = limits.maximum === undefined ? { ...limits, maximum: 1 } : limits;
  return quantity(FRACTION, WHOLE, 'a fraction', bounded);
}
/** An annual vol as a fraction per square-root year, above 0 and at most 5: 0.20 or `"20 %"`. */
export function vol(about?: string): QuantityField {
  const limits = { above: 0, maximum: VOL_MAXIMUM, ...(about === undefined ? {} : { about }) };
  return quantity(FRACTION, WHOLE, 'a vol, as a fraction per square-root year,', limits, percentHint);
}

/** A number above 0 unless limited otherwise. */
export const positive = (limits: Limits = {}): NumberField => plainNumber(z.number, 'a number', { above: 0, ...limits });
/** A number of at least 0 unless limited otherwise. */
export const nonNegative = (limits: Limits = {}): NumberField => plainNumber(z.number, 'a number', { minimum: 0, ...limits });
/** A whole number of at least 1 unless limited otherwise. */
export const wholePositive = (limits: Limits = {}): NumberField => plainNumber(z.int, 'a whole number', { minimum: 1, ...limits });

/** The limits in words: `from 0 to 1`, `above 0 and at most 5`. */
export function limitsText({ minimum, above, maximum }: Limits): string {
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  const low = above === undefined ? (minimum === undefined ? '' : `of at least ${minimum}`) : `above ${above}`;
  const high = maximum === undefined ? '' : `${low === '' ? 'of ' : ''}at most ${maximum}`;
  return [low, high].filter((part) => part !== '').join(' and ');
}

/** Whether a value keeps the limits; NaN and infinities never do. */
export function isWithin(value: number, { minimum, above, maximum }: Limits): boolean {
  if (!Number.isFinite(value)) return false;
  return (
    !(minimum !== undefined && value < minimum) && !(above !== undefined && value <= above) && !(maximum !== undefined && value > maximum)
  );
}

/** Meaning and accepted values as one text: `Length of the run. A time in seconds of at least 1.` */
function described(about: string | undefined, accepted: string): string {
  return [about, accepted]
    .filter((part) => part !== undefined)
    .map((part) => `${upperFirst(part.replace(/[.\s]+$/, ''))}.`)
    .join(' ');
}

/** A number schema with the limits as its own checks, so that the published schema states them. */
export function withLimits(
  field: z.ZodNumber,
  { minimum, above, maximum }: Limits,
  error: (issue: { readonly input: unknown }) => string,
): z.ZodNumber {
  let limited = field;
  if (minimum !== undefined) limited = limited.gte(minimum, { error });
  if (above !== undefined) limited = limited.gt(above, { error });
  if (maximum !== undefined) limited = limited.lte(maximum, { error });
  return limited;
}

function plainNumber(base: (params: { error: () => string }) => z.ZodNumber, what: string, limits: Limits): NumberField {
  const error = (): string => `expected ${what} ${limitsText(limits)}`.trimEnd();
  const field = withLimits(base({ error }), limits, error);
  return field.describe(described(limits.about, `${what} ${limitsText(limits)}`.trimEnd()));
}

/**
 * @param base size of the unit of a bare number, in the smallest unit of the dimension.
 * @param hint what to add to a refusal, given the value found.
 */
function quantity(dimension: Dimension, base: number, what: string, given: Limits = {}, hint?: (value: number) => string): QuantityField {
  const limits: Limits = given.minimum === undefined && given.above === undefined ? { minimum: 0, ...given } : given;
  const unitNames = Object.keys(dimension.units);
  const range = limitsText(limits);
  const expected = `expected ${what} ${range}, as a number or with a unit (${unitNames.join(', ')})`;
  const error = ({ input }: { readonly input: unknown }): string =>
    expected + (typeof input === 'string' ? unitHint(input, dimension) : typeof input === 'number' ? (hint?.(input) ?? '') : '');
  const low = limits.above ?? limits.minimum ?? 0;
  const pattern = new RegExp(`^${low < 0 ? '[+-]?' : '\\+?'}${NUMBER} ?(?:${unitNames.join('|')})$`);
  const number = z.number({ error });
  return z
    .union([withLimits(number, limits, error), z.string({ error }).regex(pattern, { error })], { error })
    .transform((input, context) => {
      const value = typeof input === 'number' ? input : converted(input, dimension, base);
      if (isWithin(value, limits)) return value;
      context.addIssue({ code: 'custom', message: expected + (hint?.(value) ?? ''), input });
      return z.NEVER;
    })
    .describe(described(limits.about, `${what} ${range}; or text with a unit: ${unitNames.join(', ')}`));
}

/**
 * `"5 ms"` in the base unit. Powers of ten are moved in the decimal text, so that `"0.57 %"` is the very double that 0.0057 is;
 * conversions to longer units (`"90 s"` in hours) are one multiplication and one division.
 */
function converted(text: string, dimension: Dimension, base: number): number {
  const [, sign, digits, name] = WITH_UNIT.exec(text) ?? [];
  const unit = dimension.units[name ?? ''] ?? Number.NaN;
  const common = greatestCommonDivisor(unit, base);
  let factor = unit / common;
  let divisor = base / common;
  let exponent = 0;
  for (; factor % 10 === 0; factor /= 10) exponent += 1;
  for (; divisor % 10 === 0; divisor /= 10) exponent -= 1;
  if (divisor !== 1) return (Number(`${sign ?? ''}${digits ?? ''}`) * (unit / common)) / (base / common);
  const [mantissa, power] = (digits ?? '').toLowerCase().split('e');
  return Number(`${sign ?? ''}${mantissa ?? ''}e${Number(power ?? 0) + exponent}`) * factor;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b > 0 ? greatestCommonDivisor(b, a % b) : a;
}

/** Why a text is not a quantity of this dimension; empty where the form alone says it. */
function unitHint(text: string, dimension: Dimension): string {
  const [, sign, digits, name] = WITH_UNIT.exec(text.trim()) ?? [];
  if (digits === undefined || name === undefined) return '';
  const amount = `${sign ?? ''}${digits}`;
  if (name === '') return `; write ${amount} without quotes, or add a unit`;
  if (Object.hasOwn(dimension.units, name)) return '';
  const alias =
    dimension.aliases[name.toLowerCase()] ?? (Object.hasOwn(dimension.units, name.toLowerCase()) ? name.toLowerCase() : undefined);
  if (alias !== undefined) return `; did you mean "${amount} ${alias}"?`;
  const other = DIMENSIONS.find((each) => Object.hasOwn(each.units, name) || Object.hasOwn(each.aliases, name));
  return other === undefined ? '' : `; ${name} is a unit of ${other.name}, not of ${dimension.name}`;
}

function percentHint(value: number): string {
  if (!(value > VOL_MAXIMUM) || value > 100 * VOL_MAXIMUM) return '';
  const meant = String(value / 100);
  const padded = /^\d+(\.\d)?$/.test(meant) ? (value / 100).toFixed(2) : meant;
  return `; did you mean ${padded}? vols are fractions, 20 % is 0.20`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/,$/, '');
}
