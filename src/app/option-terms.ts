import { InputError, type Issue } from '../core/assert.ts';
import type { OptionSpec } from './command.ts';
import { choiceOption, numberOption, switchOption, textOption } from './options.ts';

/** Everything that the flags of `price` and `iv` say about an option and its market, worked out. */
export interface OptionTerms {
  /** What the option is on: for `forward` and `inverse` the underlying is F for delivery at expiry. */
  readonly model: 'black-scholes-merton' | 'black-76' | 'inverse';
  /** S, or F in its place. */
  readonly underlying: number;
  /** S·e^((rate − yield)·years), or F as given. */
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  /** That of `higherGreeks`: equal to the rate where the underlying is a forward. */
  readonly yield: number;
  /** e^(−rate·years); 1 for an inverse option, whose premium is in coin. */
  readonly discount: number;
}

/** The flags as read. */
export interface TermFlags {
  readonly spot: number | undefined;
  readonly forward: number | undefined;
  readonly strike: number | undefined;
  readonly days: number | undefined;
  readonly years: number | undefined;
  readonly rate: number | undefined;
  readonly yield: number | undefined;
  readonly inverse: boolean;
}

const DAYS_PER_YEAR = 365;
const POSITIVE = { minimum: 1e-12, maximum: 1e15 } as const;
const RATE = { minimum: -1, maximum: 1 } as const;

/** Flags that say what the option is; they have no meaning beside `--csv`. */
export const termOptions = {
  spot: numberOption('--spot <price>', 'price of the underlying now', POSITIVE, undefined),
  forward: numberOption('--forward <price>', 'price of the underlying for delivery at expiry, instead of --spot', POSITIVE, undefined),
  strike: numberOption('--strike <price>', 'strike', POSITIVE, undefined),
  days: numberOption('--days <n>', 'calendar days to expiry', { minimum: 0, maximum: 36_500 }, undefined),
  years: numberOption('--years <n>', 'years of 365 days to expiry, instead of --days', { minimum: 0, maximum: 100 }, undefined),
  rate: numberOption('--rate <r>', 'annual interest rate, continuous: 0.04 is 4 % (default 0)', RATE, undefined),
  yield: numberOption('--yield <q>', 'annual dividend yield, continuous (default 0)', RATE, undefined),
  inverse: switchOption('--inverse', 'premium and payoff in coin, as on Deribit: spot, forward and strike in dollars per coin'),
  right: choiceOption('--right <side>', 'side', ['call', 'put'], undefined),
};

/** Flags of a pass over a table. */
export function csvOptions(others: readonly string[]): {
  readonly csv: OptionSpec<string | undefined>;
  readonly out: OptionSpec<string | undefined>;
  readonly force: OptionSpec<boolean>;
} {
  return {
    csv: {
      ...textOption('--csv <path>', 'add columns to this table instead; needs --out'),
      conflicts: [...Object.keys(termOptions), ...others, 'json'],
    },
    out: textOption('--out <path>', 'the table with its new columns; /dev/stdout prints it'),
    force: switchOption('--force', 'replace the output if it exists'),
  };
}

/** What is wrong with a flag. */
type Fault = readonly [flag: string, message: string];

/**
 * @param others faults found so far, to be told with those found here.
 * @throws InputError naming every flag that is missing or does not go with another.
 */
export function optionTerms(flags: TermFlags, others: readonly Fault[] = []): OptionTerms {
  const { spot, forward, strike, inverse, rate = 0 } = flags;
  const faults: Fault[] = [...others];
  const underlying = forward ?? spot;
  if (underlying === undefined) faults.push(['--spot', 'is needed: the price of the underlying, or --forward']);
  if (spot !== undefined && forward !== undefined) faults.push(['--forward', 'stands in for --spot: give one of them']);
  if (strike === undefined) faults.push(['--strike', 'is needed']);
  const years = flags.years ?? (flags.days === undefined ? undefined : flags.days / DAYS_PER_YEAR);
  if (years === undefined) faults.push(['--days', 'is needed: time to expiry, or --years']);
  if (flags.years !== undefined && flags.days !== undefined) faults.push(['--years', 'stands in for --days: give one of them']);
  if (forward !== undefined && flags.yield !== undefined) faults.push(['--yield', 'is part of the forward already']);
  if (forward !== undefined && inverse && flags.rate !== undefined)
    faults.push(['--rate', 'does not enter an inverse option on a forward']);
  if (underlying === undefined || strike === undefined || years === undefined || faults.length > 0) throw refusal(...faults);
  const carry = flags.yield ?? 0;
  const delivered = forward ?? underlying * Math.exp((rate - carry) * years);
  const terms = { strike, years, forward: delivered };
  if (inverse) return { ...terms, model: 'inverse', underlying: delivered, rate: 0, yield: 0, discount: 1 };
  const discount = Math.exp(-rate * years);
  if (forward !== undefined) return { ...terms, model: 'black-76', underlying: forward, rate, yield: rate, discount };
  return { ...terms, model: 'black-scholes-merton', underlying, rate, yield: carry, discount };
}

/** What is wrong with the flags, all of it. */
export function refusal(...faults: readonly Fault[]): InputError {
  return new InputError(
    'command line',
    faults.map(([path, message]): Issue => ({ path, message })),
  );
}
