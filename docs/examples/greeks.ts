// Price, Greeks and implied vol of one option, with the units of each. Run from the root of the repository; `npm test` runs it too.
import { greeks, impliedVol } from 'volpit';

const call = { right: 'call', strike: 70_000, years: 30 / 365 } as const;
const market = { spot: 69_500, vol: 0.51, rate: 0, yield: 0 };
const g = greeks(call, market);

const rows: readonly (readonly [name: string, value: number, unit: string])[] = [
  ['price', g.price, '$ per unit of the underlying'],
  ['delta', g.delta, 'units of the underlying'],
  ['gamma', (g.gamma * market.spot) / 100, 'units per 1 % move of the spot'],
  ['vega', g.vega / 100, '$ per vol point'],
  ['theta', g.theta / 365, '$ per day'],
  ['rho', g.rho / 10_000, '$ per basis point'],
];
for (const [name, value, unit] of rows) console.log(`${name.padEnd(6)} ${value.toFixed(4).padStart(10)}  ${unit}`);

// Back from the price to the vol; an answer that is a text says why there is none.
const forward = market.spot;
console.log(`vol    ${impliedVol({ ...call, forward, discount: 1, price: g.price })}`);
console.log(`below  ${impliedVol({ ...call, strike: 60_000, forward, discount: 1, price: 9_000 })}`);

//> price   3819.7952  $ per unit of the underlying
//> delta      0.5096  units of the underlying
//> gamma      0.0273  units per 1 % move of the spot
//> vega      79.4663  $ per vol point
//> theta    -67.5464  $ per day
//> rho        0.2597  $ per basis point
//> vol    0.5099999999999996
//> below  below-intrinsic
