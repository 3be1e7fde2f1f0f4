import { InvariantError } from '../../core/assert.ts';
import { impliedVolColumns } from '../../data/pricing-columns.ts';
import { higherGreeks } from '../../pricing/higher-greeks.ts';
import { type ImpliedVolFailure, impliedVol } from '../../pricing/implied-vol.ts';
import { defineCommand } from '../command.ts';
import { csvPass } from '../csv-pass.ts';
import { EXIT } from '../exit.ts';
import { csvOptions, optionTerms, refusal, termOptions } from '../option-terms.ts';
import { jsonOption, numberOption } from '../options.ts';
import { heading, number } from '../price-text.ts';

const REASONS: Readonly<Record<ImpliedVolFailure, string>> = {
  'bad-input': 'these numbers describe no option that has a vol: time to expiry must be above 0',
  'below-intrinsic': 'the price is below the intrinsic value',
  'at-intrinsic': 'the price is the intrinsic value: the vol is 0, or too low to show in it',
  'above-maximum': 'the price is at or above the most that any vol can give',
  'no-information': 'the price is so close to a bound that its last digits alone would decide the vol',
};

/** `volpit iv`: the vol in a price, or why there is none. A price without a vol is an answer of the market, and no error. */
export const iv = defineCommand({
  about:
    'Finds the vol at which Black-Scholes-Merton (or Black 1976 with --forward, or the coin-settled formula with --inverse) gives a price. Where there is none it says why, and ends with 0: such prices are quoted. With --csv a table with the columns type, forward, strike, time, discount, price gets vol_volpit and outcome_volpit.',
  arguments: {},
  options: {
    ...termOptions,
    price: numberOption(
      '--price <p>',
      'premium: currency of the underlying, or coin with --inverse',
      { minimum: -1e15, maximum: 1e15 },
      undefined,
    ),
    json: jsonOption(),
    ...csvOptions(['price']),
  },
  examples: [
    'volpit iv --spot 100 --strike 105 --days 30 --rate 0.04 --right call --price 0.97',
    'volpit iv --forward 71463.54 --strike 83000 --days 8 --inverse --right put --price 0.163',
    'volpit iv --csv quotes.csv --out vols.csv',
  ],
  async action(context, _args, { csv, out, force, json, right, price, ...flags }) {
    if (csv !== undefined) {
      if (out === undefined) throw refusal(['--out', 'is needed with --csv: where the table goes']);
      await csvPass(context, 'iv', impliedVolColumns(), { input: csv, out, force });
      return EXIT.ok;
    }
    const terms = optionTerms(flags, [
      ...(price === undefined ? [['--price', 'is needed: the premium'] as const] : []),
      ...(right === undefined ? [['--right', 'is needed: the price is that of a call or of a put'] as const] : []),
      ...(out === undefined ? [] : [['--out', 'goes with --csv'] as const]),
    ]);
    if (price === undefined || right === undefined) throw new InvariantError('optionTerms refuses what was found missing');
    const { model, forward, strike, years, discount, underlying, rate } = terms;
    const inCurrency = model === 'inverse' ? forward : 1;
    const sign = right === 'call' ? 1 : -1;
    const intrinsic = (discount * Math.max(0, sign * (forward - strike))) / inCurrency;
    const maximum = (discount * (right === 'call' ? forward : strike)) / inCurrency;
    const vol = impliedVol({ right, forward, strike, years, discount, price: price * inCurrency });
    const base = { ...terms, right, price, intrinsic, maximum };
    if (typeof vol !== 'number') {
      if (json) context.output.json('iv', { ...base, outcome: vol });
      else context.output.print(`${heading(terms)}\n\nno vol: ${vol}\n${REASONS[vol]}\n${bounds(right, price, intrinsic, maximum)}`);
      return EXIT.ok;
    }
    const { vega } = higherGreeks({ right, strike, years }, { spot: underlying, vol, rate, yield: terms.yield });
    const vegaPerPoint = vega / inCurrency / 100;
    if (json) context.output.json('iv', { ...base, outcome: 'ok', vol, vegaPerPoint });
    else {
      const text = `vol ${number(100 * vol)} % (${vol})\nvega ${number(vegaPerPoint)} per vol point\n${bounds(right, price, intrinsic, maximum)}`;
      context.output.print(`${heading(terms)}\n\n${text}`);
    }
    return EXIT.ok;
  },
});

function bounds(right: string, price: number, intrinsic: number, maximum: number): string {
  return `${right} at ${number(price)}; intrinsic value ${number(intrinsic)}, maximum ${number(maximum)}`;
}
