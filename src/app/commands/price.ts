import { InvariantError } from '../../core/assert.ts';
import { priceColumns } from '../../data/pricing-columns.ts';
import { deskGreeks } from '../../pricing/desk-units.ts';
import { higherGreeks } from '../../pricing/higher-greeks.ts';
import { inverseValue } from '../../pricing/inverse.ts';
import { defineCommand } from '../command.ts';
import { csvPass } from '../csv-pass.ts';
import { EXIT } from '../exit.ts';
import { csvOptions, type OptionTerms, optionTerms, refusal, termOptions } from '../option-terms.ts';
import { jsonOption, numberOption } from '../options.ts';
import { priceText } from '../price-text.ts';

/** `volpit price`: value and Greeks of one option, or of a table of them. */
export const price = defineCommand({
  about:
    'Values a European option: Black-Scholes-Merton on a spot, Black (1976) on a forward, coin-settled with --inverse. Mathematical Greeks and those in desk units stand side by side, each with its unit. With --csv a table with the columns type, spot, strike, time, rate, yield, vol gets price_volpit, the twelve Greeks, d1 and d2 and outcome_volpit.',
  arguments: {},
  options: {
    ...termOptions,
    vol: numberOption('--vol <v>', 'annual vol: 0.5 is 50 %', { minimum: 0, maximum: 100 }, undefined),
    json: jsonOption(),
    ...csvOptions(['vol']),
  },
  examples: [
    'volpit price --spot 100 --strike 105 --days 30 --vol 0.2 --rate 0.04',
    'volpit price --forward 71463.54 --strike 83000 --days 8 --vol 0.5984 --inverse --right put',
    'volpit price --csv options.csv --out priced.csv',
  ],
  async action(context, _args, { csv, out, force, json, right, vol, ...flags }) {
    if (csv !== undefined) {
      if (out === undefined) throw refusal(['--out', 'is needed with --csv: where the table goes']);
      await csvPass(context, 'price', priceColumns(), { input: csv, out, force });
      return EXIT.ok;
    }
    const terms = optionTerms(flags, [
      ...(vol === undefined ? [['--vol', 'is needed: 0.5 is 50 %'] as const] : []),
      ...(out === undefined ? [] : [['--out', 'goes with --csv'] as const]),
    ]);
    if (vol === undefined) throw new InvariantError('optionTerms refuses what was found missing');
    const rights = right === undefined ? (['call', 'put'] as const) : ([right] as const);
    const options = rights.map((side) => valued(terms, vol, side));
    if (json) context.output.json('price', { ...terms, vol, options });
    else context.output.print(priceText(terms, vol, options));
    return EXIT.ok;
  },
});

/** One side of the answer: `greeks` in mathematical units, `desk` in those of a desk. */
function valued(terms: OptionTerms, vol: number, right: 'call' | 'put') {
  const { model, strike, years, underlying, rate } = terms;
  const contract = { right, strike, years };
  if (model === 'inverse') {
    const { priceCoin, priceUsd, ...greeks } = inverseValue(contract, underlying, vol);
    const desk = {
      vegaCoinPerPoint: greeks.vegaCoin / 100,
      vegaUsdPerPoint: (greeks.vegaCoin * underlying) / 100,
      thetaCoinPerDay: greeks.thetaCoin / 365,
      thetaUsdPerDay: (greeks.thetaCoin * underlying) / 365,
      gammaCoinPerPercent: (greeks.gammaUsd * underlying) / 100,
    };
    return { right, price: priceCoin, priceUsd, greeks, desk };
  }
  const value = higherGreeks(contract, { spot: underlying, vol, rate, yield: terms.yield });
  // On a forward the rate only discounts: what it does to price goes through the yield of the formula too, and there is no other psi.
  if (model === 'black-76') {
    value.rho += value.psi;
    value.psi = 0;
  }
  const desk = deskGreeks(value, underlying);
  const { price: premium, d1, d2, ...greeks } = value;
  // JSON has no infinities: without time or vol there is no d.
  const ds = Number.isFinite(d1) ? { d1, d2 } : {};
  return { right, price: premium, greeks: { ...greeks, ...ds }, desk };
}
