import { InputError, type Issue, invariant } from '../../core/assert.ts';

/** A value of one hyper-parameter. */
export type ParameterValue = number | string;

/** One value per dimension of a space, by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** A hyper-parameter that is a number between bounds, both included. */
export interface NumberDimension {
  readonly kind: 'real' | 'whole';
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Where equal steps of the search are equal: in the value, or in its logarithm. */
  readonly scale: 'linear' | 'log';
  /** What one would take without a search. */
  readonly initial: number;
}

/** A hyper-parameter that is one of some values. */
export interface ChoiceDimension {
  readonly kind: 'choice';
  readonly name: string;
  readonly choices: readonly ParameterValue[];
  /** Whether neighbours in the list are alike (sizes of a net), or no two more than others (kinds of heads). */
  readonly ordered: boolean;
  readonly initial: ParameterValue;
}

export type Dimension = NumberDimension | ChoiceDimension;

/** What a search may vary: the dimension that matters most first, as a grid gives it its points first. */
export type SearchSpace = readonly Dimension[];

/** More dimensions than any budget here could search. */
export const DIMENSIONS_MAX = 12;

/** Real values are rounded to so many significant digits: what is printed is what was tried. */
const DIGITS = 4;

/** @throws InputError naming `source`, with every fault of the space: none or too many dimensions, reversed bounds, doubled names. */
export function checkSpace(source: string, space: SearchSpace): void {
  const issues: Issue[] = [];
  const expect = (holds: boolean, path: string, message: string): void => {
    if (!holds) issues.push({ path, message });
  };
  expect(
    space.length > 0 && space.length <= DIMENSIONS_MAX,
    '',
    `expected 1 to ${DIMENSIONS_MAX} parameters to search over, found ${space.length}`,
  );
  for (const [i, dimension] of space.entries()) {
    const { name } = dimension;
    expect(name !== '', `${i}`, 'expected a name');
    expect(space.findIndex((other) => other.name === name) === i, name, 'is there twice');
    if (dimension.kind === 'choice') {
      const { choices, initial } = dimension;
      expect(choices.length > 0, name, 'expected at least one choice, found none');
      expect(new Set(choices).size === choices.length, name, `expected choices that differ, found ${choices.join(', ')}`);
      expect(
        choices.every((choice) => choice !== '' && (typeof choice === 'string' || Number.isFinite(choice))),
        name,
        `expected numbers or words, found ${choices.join(', ')}`,
      );
      expect(choices.includes(initial), name, `expected an initial value among ${choices.join(', ')}, found ${initial}`);
    } else {
      const { initial, kind, maximum, minimum, scale } = dimension;
      const numbers = [minimum, maximum, initial];
      const fits = kind === 'whole' ? numbers.every(Number.isSafeInteger) : numbers.every(Number.isFinite);
      expect(fits, name, `expected ${kind === 'whole' ? 'whole' : 'finite'} numbers, found ${numbers.join(', ')}`);
      expect(minimum < maximum, name, `expected a minimum below the maximum, found ${minimum} and ${maximum}`);
      expect(scale === 'linear' || minimum > 0, name, `expected a minimum above 0 for a logarithmic scale, found ${minimum}`);
      expect(initial >= minimum && initial <= maximum, name, `expected an initial value from ${minimum} to ${maximum}, found ${initial}`);
    }
  }
  if (issues.length > 0) throw new InputError(source, issues);
}

/** The values one would take without a search. */
export const initialParameters = (space: SearchSpace): Parameters => Object.fromEntries(space.map(({ initial, name }) => [name, initial]));

/**
 * The point of the unit cube that stands for some values: one coordinate per dimension. A whole number and a choice own equal
 * intervals (of the logarithm where that is the scale), and are put into the middle of theirs.
 */
export function encoded(space: SearchSpace, parameters: Parameters): number[] {
  return space.map((dimension) => {
    const value = parameters[dimension.name];
    if (dimension.kind === 'choice') {
      const index = value === undefined ? -1 : dimension.choices.indexOf(value);
      invariant(index >= 0, () => `${dimension.name} has no choice ${String(value)}`);
      return (index + 0.5) / dimension.choices.length;
    }
    invariant(typeof value === 'number', () => `${dimension.name} is no number: ${String(value)}`);
    const [low, high] = bounds(dimension);
    return Math.min(1, Math.max(0, (scaled(dimension, value) - low) / (high - low)));
  });
}

/** The values that a point of the unit cube stands for: every choice and whole number is reached, and each from an equal share of the cube. */
export function decoded(space: SearchSpace, point: ArrayLike<number>): Parameters {
  return Object.fromEntries(space.map((dimension, i) => [dimension.name, valueAt(dimension, point[i] ?? 0.5)]));
}

/** What a surrogate model sees: the coordinates, but of a choice without order one indicator per choice, any two at distance 1. */
export function surrogateInputs(space: SearchSpace, parameters: Parameters): number[] {
  const point = encoded(space, parameters);
  return space.flatMap((dimension, i) =>
    dimension.kind === 'choice' && !dimension.ordered
      ? dimension.choices.map((choice) => (choice === parameters[dimension.name] ? Math.SQRT1_2 : 0))
      : [point[i] ?? 0],
  );
}

/** Some values as one text, equal for equal values only. */
export const parametersKey = (space: SearchSpace, parameters: Parameters): string =>
  JSON.stringify(space.map(({ name }) => parameters[name]));

/** How many different values a dimension has; infinite for a real one. */
export function valuesIn(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.choices.length;
  return dimension.kind === 'whole' ? dimension.maximum - dimension.minimum + 1 : Number.POSITIVE_INFINITY;
}

function valueAt(dimension: Dimension, coordinate: number): ParameterValue {
  if (dimension.kind === 'choice') {
    const { choices, initial } = dimension;
    return choices[Math.min(choices.length - 1, Math.max(0, Math.floor(coordinate * choices.length)))] ?? initial;
  }
  const [low, high] = bounds(dimension);
  const along = low + coordinate * (high - low);
  const value = dimension.scale === 'log' ? Math.exp(along) : along;
  const tidy = dimension.kind === 'whole' ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(dimension.maximum, Math.max(dimension.minimum, tidy));
}

/** Ends of the dimension on its scale: a whole number also owns what rounds to it. */
function bounds(dimension: NumberDimension): readonly [number, number] {
  const margin = dimension.kind === 'whole' ? 0.5 : 0;
  return [scaled(dimension, dimension.minimum - margin), scaled(dimension, dimension.maximum + margin)];
}

const scaled = ({ scale }: NumberDimension, value: number): number => (scale === 'log' ? Math.log(value) : value);
