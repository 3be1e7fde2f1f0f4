import { textTable } from '../core/text-table.ts';
import type { OptionTerms } from './option-terms.ts';

/** Value of one option as the command `price` has it. */
export interface PricedOption {
  readonly right: 'call' | 'put';
  readonly price: number;
  readonly priceUsd?: number;
  readonly greeks: object;
  readonly desk: object;
}

type Lines = readonly (readonly [key: string, label: string])[];

const GREEKS: Lines = [
  ['delta', 'delta, per 1 of underlying'],
  ['gamma', 'gamma, delta per 1 of underlying'],
  ['vega', 'vega, per 1.00 of vol'],
  ['theta', 'theta, per year passing'],
  ['rho', 'rho, per 1.00 of rate'],
  ['psi', 'psi, per 1.00 of yield'],
  ['vanna', 'vanna, delta per 1.00 of vol'],
  ['volga', 'volga, vega per 1.00 of vol'],
  ['charm', 'charm, delta per year passing'],
  ['speed', 'speed, gamma per 1 of underlying'],
  ['zomma', 'zomma, gamma per 1.00 of vol'],
  ['color', 'color, gamma per year passing'],
  ['dualDelta', 'dual delta, per 1 of strike'],
  ['dualGamma', 'dual gamma, per 1 of strike twice'],
  ['d1', 'd1'],
  ['d2', 'd2'],
];

const DESK: Lines = [
  ['deltaCash', 'cash delta, currency'],
  ['gammaCashPerPercent', 'cash gamma, cash delta per 1 %'],
  ['vegaPerPoint', 'vega, per vol point'],
  ['thetaPerDay', 'theta, per day'],
  ['rhoPerBasisPoint', 'rho, per basis point'],
  ['psiPerBasisPoint', 'psi, per basis point'],
  ['vannaPerPoint', 'vanna, delta per vol point'],
  ['volgaPerPoint', 'volga, vega per point, per point'],
  ['charmPerDay', 'charm, delta per day'],
  ['speedCashPerPercent', 'speed, cash gamma per 1 %'],
  ['zommaCashPerPercentPerPoint', 'zomma, cash gamma per point'],
  ['colorCashPerPercentPerDay', 'color, cash gamma per day'],
];

const INVERSE_GREEKS: Lines = [
  ['deltaUsd', 'delta (Black), coins per option'],
  ['deltaCoinNet', 'net delta, premium held in coin'],
  ['gammaUsd', 'gamma, delta per dollar'],
  ['gammaCoinNet', 'net gamma, net delta per dollar'],
  ['vegaCoin', 'vega, coin per 1.00 of vol'],
  ['thetaCoin', 'theta, coin per year passing'],
];

const INVERSE_DESK: Lines = [
  ['vegaCoinPerPoint', 'vega, coin per vol point'],
  ['vegaUsdPerPoint', 'vega, dollars per vol point'],
  ['thetaCoinPerDay', 'theta, coin per day'],
  ['thetaUsdPerDay', 'theta, dollars per day'],
  ['gammaCoinPerPercent', 'gamma, delta per 1 %'],
];

/** Digits shown; `--json` gives all of them. */
const DIGITS = 10;

/** The answer of `volpit price` as text: one column per side, units in every line. */
export function priceText(terms: OptionTerms, vol: number, options: readonly PricedOption[]): string {
  const inverse = terms.model === 'inverse';
  const row = (label: string, values: readonly unknown[]): readonly string[] => [label, ...values.map(number)];
  const rows = (lines: Lines, part: 'greeks' | 'desk') =>
    lines
      .map(([key, label]) => [label, options.map((option) => (option[part] as Record<string, unknown>)[key])] as const)
      .filter(([, values]) => values.some((value) => value !== undefined))
      .map(([label, values]) => row(label, values));
  const prices = options.map((option) => option.price);
  return [
    heading(terms, vol),
    '',
    textTable([
      ['', ...options.map((option) => option.right)],
      row(inverse ? 'price, coin' : 'price', prices),
      ...(inverse
        ? [
            row(
              'price, dollars',
              options.map((option) => option.priceUsd),
            ),
          ]
        : []),
      ...rows(inverse ? INVERSE_GREEKS : GREEKS, 'greeks'),
      [],
      ['In desk units'],
      ...rows(inverse ? INVERSE_DESK : DESK, 'desk'),
    ]),
  ].join('\n');
}

/** What is valued, in one line. */
export function heading(terms: OptionTerms, vol?: number): string {
  const { model, underlying, strike, years, rate } = terms;
  const percent = (share: number): string => `${number(100 * share)} %`;
  const days = `${number(365 * years)} days (${number(years)} years)`;
  const parts =
    model === 'black-scholes-merton'
      ? [
          `Black-Scholes-Merton: spot ${number(underlying)}`,
          `strike ${number(strike)}`,
          days,
          `rate ${percent(rate)}`,
          `yield ${percent(terms.yield)}`,
        ]
      : model === 'black-76'
        ? [`Black 1976: forward ${number(underlying)}`, `strike ${number(strike)}`, days, `rate ${percent(rate)}`]
        : [`Coin-settled: forward ${number(underlying)}`, `strike ${number(strike)}`, days];
  return [...parts, ...(vol === undefined ? [] : [`vol ${percent(vol)}`])].join(', ');
}

/** A number in ten digits, without trailing zeros. */
export function number(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(DIGITS)) + 0) : '-';
}
