import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { essviFit } from '../../src/calibration/essvi-fit.ts';
import { forwardEstimate } from '../../src/calibration/forward.ts';
import { expiryQuotes } from '../../src/calibration/quote-filter.ts';
import { type Smile, smile } from '../../src/calibration/smile.ts';
import { type SurfaceFit, surfaceFit } from '../../src/calibration/surface-fit.ts';
import { surfaceFitText } from '../../src/calibration/surface-fit-text.ts';
import { InputError } from '../../src/core/assert.ts';
import { readDeribitChain } from '../../src/data/deribit-chain.ts';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import { repairSlices, type Slice, sliceVol, totalVariance } from '../../src/pricing/ssvi.ts';
import { deribitCsv, deribitRow, type KnownExpiry, type MarketNoise, quotedSurface } from '../support/deribit-csv.ts';

/** A calm surface without arbitrage: 1 day to a year. */
const KNOWN: readonly KnownExpiry[] = [
  { days: 1, forward: 90_010, slice: { theta: 4e-4, rho: -0.05, psi: 0.02 } },
  { days: 7, forward: 90_070, slice: { theta: 3e-3, rho: -0.1, psi: 0.048 } },
  { days: 28, forward: 90_300, slice: { theta: 0.0129, rho: -0.16, psi: 0.1 } },
  { days: 84, forward: 90_900, slice: { theta: 0.0406, rho: -0.2, psi: 0.17 } },
  { days: 357, forward: 94_000, slice: { theta: 0.218, rho: -0.25, psi: 0.31 } },
];
const CLEAN: MarketNoise = { seed: '1', widthVol: 0.005, noiseVol: 0, missing: 0, strikes: 25 };

const fitted = (known: readonly KnownExpiry[], noise: MarketNoise): SurfaceFit =>
  surfaceFit(readDeribitChain('test', deribitCsv(quotedSurface(known, noise))));

/** Nothing of the code under test: calls from the fitted vols must be convex and fall in strike, and total variance rise in time. */
function expectNoArbitrage(slices: readonly Readonly<Slice>[]): void {
  const variances = slices.map((slice) => {
    const scale = Math.sqrt(slice.theta);
    const strikes = Array.from({ length: 161 }, (_, i) => Math.exp(scale * (i - 80) * 0.1));
    const calls = strikes.map((strike) => blackPrice('call', 1, strike, Math.sqrt(totalVariance(slice, Math.log(strike)))));
    for (let i = 1; i + 1 < calls.length; i += 1) {
      const [k0 = 0, k1 = 0, k2 = 0] = strikes.slice(i - 1, i + 2);
      const [c0 = 0, c1 = 0, c2 = 0] = calls.slice(i - 1, i + 2);
      // Slopes between −1 and 0 and rising; prices are exact to some 1e-15, which differences divide by the spacing.
      const slack = 1e-13 / (k1 - k0);
      expect((c1 - c0) / (k1 - k0)).toBeLessThanOrEqual(slack);
      expect((c1 - c0) / (k1 - k0)).toBeGreaterThanOrEqual(-1 - slack);
      expect((c2 - c1) / (k2 - k1)).toBeGreaterThanOrEqual((c1 - c0) / (k1 - k0) - slack);
    }
    return Array.from({ length: 121 }, (_, i) => totalVariance(slice, (i - 60) * 0.05));
  });
  for (const [i, far] of variances.slice(1).entries()) {
    for (const [j, w] of far.entries()) expect(w).toBeGreaterThanOrEqual((variances[i]?.[j] ?? 0) * (1 - 1e-9));
  }
}

describe('a known surface', () => {
  test('is found again from clean quotes', () => {
    const fit = fitted(KNOWN, CLEAN);
    expect(fit.expiries.map((expiry) => expiry.label)).toEqual(['3JAN26', '9JAN26', '30JAN26', '27MAR26', '25DEC26']);
    for (const [i, { slice, forward, days }] of KNOWN.entries()) {
      const expiry = fit.expiries[i];
      // What is left is the weak belief's pull: far below a tick of any market.
      expect(expiry?.forward).toBeCloseTo(forward, 3);
      expect(expiry?.theta).toBeCloseTo(slice.theta, 3);
      expect((expiry?.theta ?? 0) / slice.theta).toBeCloseTo(1, 3);
      expect(Math.abs((expiry?.rho ?? 9) - slice.rho)).toBeLessThan(0.004);
      expect(Math.abs((expiry?.psi ?? 9) / slice.psi - 1)).toBeLessThan(0.01);
      expect(expiry?.atmVol).toBeCloseTo(Math.sqrt((slice.theta / days) * 365), 3);
      expect(expiry).toMatchObject({
        forwardSource: 'parity',
        quotes: 25,
        insideShare: 1,
        repaired: false,
        dropped: { 'in-the-money': 25 },
      });
      expect(expiry?.medianAbsErrorVolPoints).toBeLessThan(0.02);
      expect(expiry?.medianWidthVolPoints).toBeCloseTo(0.5, 2);
    }
    expect(fit).toMatchObject({ symbol: 'BTC', spot: 90_000, repairs: 0, leftOut: [], overall: { quotes: 125, insideShare: 1 } });
    expect(fit.calendarMinimumGrowth).toBeGreaterThan(0);
  });

  test('is found again from noisy quotes with a fifth of them missing, within the standard errors', () => {
    for (const seed of ['1', '2', '3']) {
      const fit = fitted(KNOWN, { seed, widthVol: 0.01, noiseVol: 0.003, missing: 0.2, strikes: 31 });
      for (const [i, { slice, days }] of KNOWN.entries()) {
        const expiry = fit.expiries[i];
        expect(expiry?.quotes).toBeGreaterThan(15);
        expect(expiry?.dropped['one-sided']).toBeGreaterThan(0);
        // 0.3 vol points of noise on 25 strikes: 0.1 at the money, a few times that at a standard deviation.
        for (const [z, tolerance] of [
          [0, 0.003],
          [-1, 0.004],
          [1, 0.004],
          [-2, 0.008],
          [2, 0.008],
        ] as const) {
          const k = z * Math.sqrt(slice.theta);
          expect(Math.abs(sliceVol(expiry ?? slice, k, days / 365) - sliceVol(slice, k, days / 365))).toBeLessThan(tolerance);
        }
      }
      expectNoArbitrage(fit.expiries);
    }
  });

  test('noisy quotes: no nearby slice fits better, under the weights that are documented', () => {
    const noise: MarketNoise = { seed: 'optimum', widthVol: 0.02, noiseVol: 0.01, missing: 0, strikes: 21 };
    const steep: KnownExpiry = { days: 30, forward: 90_000, slice: { theta: 0.03, rho: -0.75, psi: 0.2 } };
    for (const one of [...KNOWN, steep]) {
      const chain = readDeribitChain('test', deribitCsv(quotedSurface([one], noise)));
      const { expiries } = expiryQuotes(chain, 0);
      const [quotes] = expiries;
      if (quotes === undefined) throw new Error('no quotes');
      const own = smile(quotes, forwardEstimate(quotes, 'coin'), 'coin');
      const objective = ({ theta, rho, psi }: Slice): number => {
        const belief = Math.log(psi / Math.sqrt(0.9 * theta)) / 3;
        const centred = Math.atanh(rho / 0.98) / 3;
        return own.points.reduce(
          (sum, { k, vol, bidVol, askVol }) => {
            const stdev = vol * Math.sqrt(own.years);
            const vegaShare = Math.exp(-((stdev / 2 - k / stdev) * (stdev / 2 - k / stdev)) / 2);
            const error = (Math.sqrt(vegaShare) * Math.abs(sliceVol({ theta, rho, psi }, k, own.years) - vol)) / (askVol - bidVol);
            return sum + (error < 0.5 ? error * error : error - 0.25);
          },
          belief * belief + centred * centred,
        );
      };
      const [best] = essviFit([own]).slices;
      if (best === undefined) throw new Error('no slice');
      const least = objective(best);
      for (const by of [1e-2, 1e-3, -1e-3, -1e-2]) {
        expect(objective({ ...best, theta: best.theta * (1 + by) })).toBeGreaterThan(least);
        expect(objective({ ...best, rho: best.rho + by })).toBeGreaterThan(least);
        expect(objective({ ...best, psi: best.psi * (1 + by) })).toBeGreaterThan(least);
      }
    }
  });

  test('keeps its smile when one quote in twelve is wild', () => {
    const rows = quotedSurface(KNOWN, CLEAN).map((row, i) =>
      i % 24 < 2 ? { ...row, bid_price: String(Number(row.bid_price) * 1.5), ask_price: String(Number(row.ask_price) * 1.5) } : row,
    );
    const fit = surfaceFit(readDeribitChain('test', deribitCsv(rows)));
    for (const [i, { slice, days }] of KNOWN.entries()) {
      const expiry = fit.expiries[i] ?? slice;
      for (const z of [-1.5, 0, 1.5]) {
        const k = z * Math.sqrt(slice.theta);
        expect(Math.abs(sliceVol(expiry, k, days / 365) - sliceVol(slice, k, days / 365))).toBeLessThan(0.004);
      }
    }
  });
});

describe('smiles that break the conditions', () => {
  /** Total variance falls from the second expiry to the third, and the skew turns over. */
  const broken: readonly KnownExpiry[] = [
    { days: 2, forward: 3000, slice: { theta: 2e-3, rho: -0.4, psi: 0.045 } },
    { days: 9, forward: 3000, slice: { theta: 0.02, rho: -0.5, psi: 0.16 } },
    { days: 16, forward: 3010, slice: { theta: 0.017, rho: 0.1, psi: 0.12 } },
    { days: 44, forward: 3020, slice: { theta: 0.05, rho: -0.2, psi: 0.3 } },
  ];

  test('are fitted without arbitrage, and named', () => {
    const fit = fitted(broken, CLEAN);
    expect(fit.repairs).toBeGreaterThan(0);
    expect(fit.expiries[2]?.repaired).toBe(true);
    expectNoArbitrage(fit.expiries);
  });

  test('give way where quotes are wide: the joint fit moves the vague smile, a projection of separate fits the exact one', () => {
    const smileOf = (days: number, { slice, width }: { slice: Slice; width: number }): Smile => {
      const years = days / 365;
      const points = Array.from({ length: 21 }, (_, i) => {
        const k = (i - 10) * 0.2 * Math.sqrt(slice.theta);
        const vol = sliceVol(slice, k, years);
        return { strike: 3000 * Math.exp(k), k, vol, bidVol: vol - width / 2, askVol: vol + width / 2 };
      });
      return { years, points, dropped: {} };
    };
    const vague = { slice: { theta: 0.022, rho: -0.3, psi: 0.16 }, width: 0.1 };
    const exact = { slice: { theta: 0.02, rho: -0.25, psi: 0.14 }, width: 0.005 };
    const smiles = [smileOf(9, vague), smileOf(12, exact)];
    const errorAtMoney = (slices: readonly Readonly<Slice>[]): number =>
      Math.abs(Math.sqrt((slices[1]?.theta ?? 0) / exact.slice.theta) - 1);
    const separate = smiles.map((own) => ({ ...(essviFit([own]).slices[0] ?? exact.slice) }));
    expect(errorAtMoney(separate)).toBeLessThan(1e-3);
    repairSlices(separate);
    expect(errorAtMoney(separate)).toBeGreaterThan(0.04);
    const joint = essviFit(smiles);
    expect(errorAtMoney(joint.slices)).toBeLessThan(5e-3);
    expect(joint.repaired).toEqual([false, true]);
    expectNoArbitrage(joint.slices);
  });
});

test('from any quotes comes a surface without arbitrage, or the message that there are too few', () => {
  const vol = fc.double({ min: 0.05, max: 3, noNaN: true });
  const expiry = fc.record({
    days: fc.integer({ min: 1, max: 700 }),
    vols: fc.array(fc.tuple(vol, vol, fc.integer({ min: 40, max: 190 })), { maxLength: 14 }),
  });
  let fits = 0;
  fc.assert(
    fc.property(fc.uniqueArray(expiry, { selector: (one) => one.days, minLength: 1, maxLength: 6 }), (expiries) => {
      const rows = expiries.flatMap(({ days, vols }) =>
        [...new Map(vols.map((one) => [one[2], one])).values()].map(([a, b, percent]) => {
          const right = percent >= 100 ? 'call' : 'put';
          const price = (v: number): number => blackPrice(right, 100, percent, v * Math.sqrt(days / 365)) / 100;
          return deribitRow({ days, strike: percent * 900, right, bid: price(Math.min(a, b)), ask: price(Math.max(a, b)), future: 90_000 });
        }),
      );
      if (rows.length === 0) return;
      try {
        const fit = surfaceFit(readDeribitChain('test', deribitCsv(rows)));
        fits += 1;
        expectNoArbitrage(fit.expiries);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.message).toContain('no expiry with 12 hours left and 5 out-of-the-money options with two sides');
      }
    }),
    { numRuns: 60 },
  );
  expect(fits).toBeGreaterThan(15);
});

test('expiries without a smile are left out and counted; with none left the input is refused', () => {
  const thin: MarketNoise = { ...CLEAN, strikes: 4 };
  const rows = [...quotedSurface(KNOWN.slice(0, 2), CLEAN), ...quotedSurface(KNOWN.slice(2, 3), thin)];
  const fit = surfaceFit(readDeribitChain('test', deribitCsv(rows)), { hoursMinimum: 30 });
  expect(fit.expiries.map((expiry) => expiry.label)).toEqual(['9JAN26']);
  expect(fit.calendarMinimumGrowth).toBeUndefined();
  expect(fit.leftOut).toEqual([
    { label: '3JAN26', years: 1 / 365, reason: 'expires-too-soon', quotes: 50 },
    { label: '30JAN26', years: 28 / 365, reason: 'too-few-strikes', quotes: 8 },
  ]);
  expect(() => fitted(KNOWN, thin)).toThrow(InputError);
  expect(() => fitted(KNOWN, thin)).toThrow('test  BTC  no expiry with 12 hours left and 5 out-of-the-money options with two sides');
});

test('the same input gives the same bits', () => {
  const noise: MarketNoise = { seed: 'bits', widthVol: 0.02, noiseVol: 0.01, missing: 0.1, strikes: 15 };
  expect(fitted(KNOWN, noise)).toEqual(fitted(KNOWN, noise));
});

test('as text: one line per expiry, the error beside the width', () => {
  const rows = quotedSurface(KNOWN, { ...CLEAN, missing: 0.1 });
  const text = surfaceFitText(surfaceFit(readDeribitChain('test', deribitCsv(rows)), { hoursMinimum: 30 }));
  const lines = text.split('\n');
  expect(lines[0]).toBe('BTC surface at 2026-01-02T08:00:00+00:00, spot 90000.00: 4 expiries, 0 repaired');
  expect(lines[1]?.split(/ {2,}/)).toEqual([
    'expiry',
    'days',
    'forward',
    'from',
    'future bp',
    'atm %',
    'rho',
    'psi',
    'quotes',
    'error',
    'rmse',
    'width',
    'inside',
    'min g',
  ]);
  expect(lines[2]).toMatch(
    /^9JAN26 +7\.0 +90070\.00 +parity +-?0\.0 +39\.55 +-0\.100 +0\.0480 +\d+ +0\.0\d +0\.0\d +0\.50 +100% +0\.\d{3}$/,
  );
  expect(lines[6]).toMatch(/^all +\d+ +0\.0\d +0\.0\d +0\.50 +100%$/);
  expect(lines[8]).toMatch(/^raw SVI on top +a +b +rho +m +sigma +share +error +rmse +inside +lost +min g$/);
  expect(lines[9]).toMatch(/^9JAN26( +-?\d\.\d{4}){5} +[01]\.\d{3} +0\.0\d +0\.0\d +100% +0\.0 +0\.\d{3}$/);
  expect(lines[13]).toMatch(/^all +0\.0\d +0\.0\d +100% +0\.0$/);
  expect(lines[15]).toMatch(/^median error between 5 and 95 delta: 0\.0\d\d vol points, with raw SVI 0\.0\d\d$/);
  expect(lines[16]).toMatch(/^no arbitrage: least g 0\.\d{4} \(with raw SVI 0\.\d{4}\), least growth of variance between expiries \d/);
  expect(lines[17]).toBe('left out: 3JAN26 (expires-too-soon, 50 quotes)');
  expect(lines[18]).toMatch(/^quotes not fitted: \d+ one-sided, \d+ in-the-money$/);
});
