import { blankHigherGreeks, type HigherGreeks, higherGreeks } from '../pricing/higher-greeks.ts';
import { type ImpliedVolFailure, impliedVol } from '../pricing/implied-vol.ts';
import type { ColumnPlan } from './added-columns.ts';

/** What became of a row, in the column `outcome_volpit`. */
export type RowOutcome =
  | 'ok'
  /** It has not as many cells as the header. */
  | 'bad-row'
  /** `type` is neither call nor put. */
  | 'bad-type'
  /** A cell that is needed is not a number, or not one that an option can have. */
  | ImpliedVolFailure;

/** A plan that counts what came of its rows. */
export interface PricingPlan extends ColumnPlan {
  readonly outcomes: ReadonlyMap<RowOutcome, number>;
}

const VALUES = [
  'price',
  'delta',
  'gamma',
  'vega',
  'theta',
  'rho',
  'psi',
  'vanna',
  'volga',
  'charm',
  'speed',
  'zomma',
  'color',
  'd1',
  'd2',
] as const satisfies readonly (keyof HigherGreeks)[];

/**
 * Price, Greeks, d₁ and d₂ of each row: columns `price_volpit` … `d2_volpit` and `outcome_volpit`, in the units of `higherGreeks`.
 * Needs `type` (call, put), `spot`, `strike`, `time` (years), `rate`, `yield`, `vol` (0.2 is 20 %). Numbers are the shortest texts that
 * give the same double again; a row without values has empty cells and its outcome.
 */
export function priceColumns(): PricingPlan {
  const blank = ','.repeat(VALUES.length);
  const value = blankHigherGreeks();
  const contract = { right: 'call' as 'call' | 'put', strike: 0, years: 0 };
  const at = { spot: 0, vol: 0, rate: 0, yield: 0 };
  return counted(['type', 'spot', 'strike', 'time', 'rate', 'yield', 'vol'], VALUES, (cells) => {
    const type = typed(cells[0]);
    if (type === undefined) return [blank, 'bad-type'];
    contract.right = type;
    at.spot = number(cells[1]);
    contract.strike = number(cells[2]);
    contract.years = number(cells[3]);
    at.rate = number(cells[4]);
    at.yield = number(cells[5]);
    at.vol = number(cells[6]);
    try {
      higherGreeks(contract, at, value);
    } catch (error) {
      // Here the caller's numbers are the user's, and a table may hold any.
      if (error instanceof RangeError) return [blank, 'bad-input'];
      throw error;
    }
    let text = '';
    for (const name of VALUES) text += `${value[name]},`;
    return [text, 'ok'];
  });
}

/**
 * Implied vol of each row: columns `vol_volpit` and `outcome_volpit`. Needs `type`, `forward`, `strike`, `time` (years), `discount` and
 * `price`, the last discounted. Where there is no vol the outcome says why, as `impliedVol` does.
 */
export function impliedVolColumns(): PricingPlan {
  return counted(['type', 'forward', 'strike', 'time', 'discount', 'price'], ['vol'], (cells) => {
    const right = typed(cells[0]);
    if (right === undefined) return [',', 'bad-type'];
    const [forward, strike, years, discount, price] = [
      number(cells[1]),
      number(cells[2]),
      number(cells[3]),
      number(cells[4]),
      number(cells[5]),
    ];
    const vol = impliedVol({ right, forward, strike, years, discount, price });
    return typeof vol === 'number' ? [`${vol},`, 'ok'] : [',', vol];
  });
}

function counted(
  needed: readonly string[],
  values: readonly string[],
  row: (cells: readonly string[]) => readonly [cells: string, outcome: RowOutcome],
): PricingPlan {
  const outcomes = new Map<RowOutcome, number>();
  const count = (outcome: RowOutcome): RowOutcome => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    return outcome;
  };
  return {
    needed,
    added: [...values, 'outcome'].map((name) => `${name}_volpit`),
    outcomes,
    unfit: () => `${','.repeat(values.length)}${count('bad-row')}`,
    cells: (texts) => {
      const [cells, outcome] = row(texts);
      return cells + count(outcome);
    },
  };
}

function typed(text: string | undefined): 'call' | 'put' | undefined {
  const word = text?.trim();
  return word === 'call' || word === 'put' ? word : undefined;
}

/** NaN for everything that is not a decimal number, `Infinity` or `NaN`. */
function number(text = ''): number {
  // `Number` also takes blanks for 0, and 0x10 for 16.
  return text.trim() === '' || /[xob]/i.test(text) ? Number.NaN : Number(text);
}
