import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blackPrice, type Conditions, greeks } from '../../src/pricing/black-scholes.ts';
import { assetOrNothing, cashOrNothing } from '../../src/pricing/digitals.ts';
import { type HigherGreeks, higherGreeks } from '../../src/pricing/higher-greeks.ts';
import { impliedVol } from '../../src/pricing/implied-vol.ts';

const RUNS = { numRuns: 100_000 };
const EPS = Number.EPSILON;

const log = (min: number, max: number) => fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map((e) => Math.exp(e));
const conditions = fc.record({
  spot: log(1e-3, 1e6),
  vol: log(0.01, 4),
  rate: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
  yield: fc.double({ min: -0.1, max: 0.3, noNaN: true }),
});
const years = log(2e-6, 10);
const right = fc.constantFrom('call' as const, 'put' as const);
const distance = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const strikeAt = (at: Conditions, t: number, z: number): number =>
  at.spot * Math.exp(Math.max(-200, Math.min(200, (at.rate - at.yield) * t + z * at.vol * Math.sqrt(t))));
const priceOf = (side: 'call' | 'put', strike: number, t: number, at: Conditions): number =>
  greeks({ right: side, strike, years: t }, at).price;

describe('prices', () => {
  test('parity and bounds', () => {
    fc.assert(
      fc.property(conditions, years, distance(30), (at, t, z) => {
        const strike = strikeAt(at, t, z);
        const spotValue = at.spot * Math.exp(-at.yield * t);
        const strikeValue = strike * Math.exp(-at.rate * t);
        const [call, put] = [priceOf('call', strike, t, at), priceOf('put', strike, t, at)];
        const room = 4 * EPS * (spotValue + strikeValue);
        expect(Math.abs(call - put - (spotValue - strikeValue))).toBeLessThanOrEqual(room);
        expect(call).toBeGreaterThanOrEqual(Math.max(0, spotValue - strikeValue) - room);
        expect(put).toBeGreaterThanOrEqual(Math.max(0, strikeValue - spotValue) - room);
        expect(call).toBeLessThanOrEqual(spotValue);
        expect(put).toBeLessThanOrEqual(strikeValue);
      }),
      RUNS,
    );
  });

  test('monotone in vol and strike, convex in strike', () => {
    fc.assert(
      fc.property(right, conditions, years, distance(12), log(1e-6, 0.5), log(1e-6, 0.5), (side, at, t, z, step, more) => {
        const strike = strikeAt(at, t, z);
        const middle = strike * (1 + step);
        const high = middle * (1 + more);
        const [a, b, c] = [priceOf(side, strike, t, at), priceOf(side, middle, t, at), priceOf(side, high, t, at)];
        const room = 8 * EPS * (at.spot * Math.exp(-at.yield * t) + high * Math.exp(-at.rate * t));
        if (side === 'call') expect(b).toBeLessThanOrEqual(a + room);
        else expect(b).toBeGreaterThanOrEqual(a - room);
        const share = (middle - strike) / (high - strike);
        expect(b).toBeLessThanOrEqual((1 - share) * a + share * c + 2 * room);
        expect(priceOf(side, strike, t, { ...at, vol: at.vol * (1 + step) })).toBeGreaterThanOrEqual(a - room);
      }),
      RUNS,
    );
  });

  test('homogeneous: powers of two scale every number exactly', () => {
    fc.assert(
      fc.property(right, conditions, years, distance(30), fc.integer({ min: -40, max: 40 }), (side, at, t, z, k) => {
        const scale = k < 0 ? 1 / Number(1n << BigInt(-k)) : Number(1n << BigInt(k));
        const strike = strikeAt(at, t, z);
        const base = higherGreeks({ right: side, strike, years: t }, at);
        const scaled = higherGreeks({ right: side, strike: strike * scale, years: t }, { ...at, spot: at.spot * scale });
        // Subnormal numbers lose digits when scaled.
        fc.pre(base.price > 1e-280 && base.gamma > 1e-250 && Math.abs(base.speed) > 1e-250);
        const degrees = { price: 1, vega: 1, theta: 1, rho: 1, psi: 1, volga: 1, delta: 0, vanna: 0, charm: 0, d1: 0, d2: 0, dualDelta: 0 };
        for (const [name, degree] of Object.entries(degrees) as [keyof HigherGreeks, 0 | 1][])
          expect(scaled[name], name).toBe(degree === 1 ? base[name] * scale : base[name]);
        for (const name of ['gamma', 'zomma', 'color', 'dualGamma'] as const) expect(scaled[name], name).toBe(base[name] / scale);
        expect(scaled.speed).toBe(base.speed / scale / scale);
      }),
      RUNS,
    );
  });
});

test('every Greek is the derivative that it is said to be, by differences of eighth order', () => {
  type Values = Readonly<Record<string, number>>;
  /** f′ of every field from eight points: the error is of the order of (h/bend)⁸, the rounding 1e-16/h. */
  const slopes = (f: (x: number) => object, h: number): ((name: keyof HigherGreeks) => number) => {
    const at = [1, -1, 2, -2, 3, -3, 4, -4].map((k) => f(k * h) as Values);
    const pair = (name: string, k: number): number => (at[2 * k - 2]?.[name] ?? Number.NaN) - (at[2 * k - 1]?.[name] ?? Number.NaN);
    return (name) => ((4 / 5) * pair(name, 1) - (1 / 5) * pair(name, 2) + (4 / 105) * pair(name, 3) - (1 / 280) * pair(name, 4)) / h;
  };
  fc.assert(
    fc.property(right, conditions, log(1e-3, 5), distance(4), (side, at, t, z) => {
      fc.pre(at.vol * Math.sqrt(t) < 3);
      const { spot, vol } = at;
      const strike = strikeAt(at, t, z);
      const contract = { right: side, strike, years: t };
      const g = higherGreeks(contract, at);
      // Steps are a fiftieth of what the price bends over.
      const bend = Math.min(0.3, vol * Math.sqrt(t));
      const move = 0.02 * bend;
      const volMove = 0.02 / (1 + z * z);
      const timeMove = Math.min(0.01 / (1 + z * z), (0.02 * bend) / (t * (Math.abs(at.rate) + Math.abs(at.yield)) + 1e-9));
      const bySpot = slopes((x) => higherGreeks(contract, { ...at, spot: spot * (1 + x) }), move);
      const byVol = slopes((x) => higherGreeks(contract, { ...at, vol: vol * (1 + x) }), volMove);
      const passing = slopes((x) => higherGreeks({ ...contract, years: t * (1 - x) }, at), timeMove);
      const byStrike = slopes((x) => higherGreeks({ ...contract, strike: strike * (1 + x) }, at), move);
      const byRate = slopes((x) => higherGreeks(contract, { ...at, rate: at.rate + x }), move / t);
      const byYield = slopes((x) => higherGreeks(contract, { ...at, yield: at.yield + x }), move / t);
      const byCash = slopes((x) => cashOrNothing(contract, { ...at, spot: spot * (1 + x) }), move);
      const byAsset = slopes((x) => assetOrNothing(contract, { ...at, spot: spot * (1 + x) }), move);
      // Scales: what a Greek is at its largest, over all strikes.
      const wide = spot + strike;
      const tall = 1 / (Math.min(spot, strike) * bend);
      const close = (name: string, got: number, expected: number, scale: number): void => {
        // The matcher costs more than all Greeks: it is called where there is something to say.
        if (!(Math.abs(got - expected) / scale < 1e-7)) expect(got, name).toBe(expected);
      };
      close('delta', bySpot('price') / spot, g.delta, wide / spot / bend);
      close('gamma', bySpot('delta') / spot, g.gamma, tall);
      close('speed', bySpot('gamma') / spot, g.speed, tall / spot / bend);
      close('vanna by spot', bySpot('vega') / spot, g.vanna, wide / spot / vol);
      close('vega', byVol('price') / vol, g.vega, wide / vol);
      close('vanna by vol', byVol('delta') / vol, g.vanna, (10 * wide) / spot / vol);
      close('volga', byVol('vega') / vol, g.volga, (10 * wide) / vol / vol);
      close('zomma', byVol('gamma') / vol, g.zomma, (10 * tall) / vol);
      close('theta', passing('price') / t, g.theta, (10 * wide) / (t * bend));
      close('charm', passing('delta') / t, g.charm, (10 * wide) / spot / (t * bend));
      close('color', passing('gamma') / t, g.color, (10 * tall) / (t * bend));
      close('rho', byRate('price'), g.rho, (wide * t) / bend);
      close('psi', byYield('price'), g.psi, (wide * t) / bend);
      close('dual delta', byStrike('price') / strike, g.dualDelta, wide / strike / bend);
      close('dual gamma', byStrike('dualDelta') / strike, g.dualGamma, tall);
      close('cash digital', byCash('price') / spot, cashOrNothing(contract, at).delta, tall);
      close('asset digital', byAsset('price') / spot, assetOrNothing(contract, at).delta, wide / spot / bend);
    }),
    RUNS,
  );
});

test('the vol of a price is found again, within what the rounding of the price allows: 1e-8 to 12 wide, 38 away', () => {
  let solved = 0;
  fc.assert(
    fc.property(right, log(1e-8, 12), distance(38), log(1e-5, 1e6), log(1e-6, 30), (side, stdev, z, forward, t) => {
      const strike = forward * Math.exp(Math.max(-300, Math.min(300, z * stdev)));
      const price = blackPrice(side, forward, strike, stdev);
      const got = impliedVol({ right: side, forward, strike, years: t, discount: 1, price });
      const unit = Math.min(forward, strike);
      const timeValue = price - Math.max(0, side === 'call' ? forward - strike : strike - forward);
      // What two roundings of the dearer leg move, over the vega: in units of stdev.
      const x = Math.abs(Math.log(forward / strike));
      const far = x / stdev - stdev / 2;
      const vega = (unit * Math.exp(-0.5 * far * far)) / Math.sqrt(2 * Math.PI);
      const legs = Math.max(price, unit / Math.max(1, x / stdev)) * Math.min(1, Math.exp(-0.5 * far * far));
      // In the money the legs are of the size of forward and strike.
      const inTheMoney = side === 'call' ? forward > strike : strike > forward;
      const rounding = 16 * EPS * (price + legs) + (inTheMoney ? 2 * EPS * (forward + strike) : 0);
      const bound = rounding / (vega * stdev) + 16 * EPS;
      if (!(bound < 1e-3) || timeValue < 1e-290) {
        if (typeof got === 'number') expect(got >= 0 && got < Infinity).toBe(true);
        return;
      }
      solved += 1;
      expect(typeof got === 'number' ? Math.abs((got * Math.sqrt(t)) / stdev - 1) : got, `bound ${bound}`).toBeLessThan(bound);
    }),
    RUNS,
  );
  expect(solved).toBeGreaterThan(30_000);
});
