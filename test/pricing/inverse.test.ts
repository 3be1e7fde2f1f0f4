import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blackPrice, greeks } from '../../src/pricing/black-scholes.ts';
import { coinFromUsd, type InverseValue, inverseValue, usdFromCoin } from '../../src/pricing/inverse.ts';

const folder = fileURLToPath(new URL('../../../shared/data/deribit-chain-snapshots/', import.meta.url));
const absent = !existsSync(folder);
if (absent) console.info('skipped: ../shared/data/deribit-chain-snapshots is not there');

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

test.skipIf(absent)("Deribit's marks, deltas and vegas of eight whole chains", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  expect(files).toHaveLength(8);
  for (const file of files) {
    const [header = '', ...lines] = readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n');
    const columns = header.split(',');
    const marks: number[] = [];
    const deltas: number[] = [];
    const vegas: number[] = [];
    for (const line of lines) {
      const cells = line.split(',');
      const text = (name: string): string => cells[columns.indexOf(name)] ?? '';
      const number = (name: string): number => Number(text(name));
      const [forward, vol, mark, years] = [
        number('futures_price'),
        number('implied_volatility'),
        number('mark_price'),
        number('time_to_maturity'),
      ];
      if (!(forward > 0 && vol > 0 && years > 0)) continue;
      const right = text('option_type') === 'call' ? 'call' : 'put';
      const value = inverseValue({ right, strike: number('strike'), years }, forward, vol);
      // Marks have eight decimals, and the vol beside them four.
      if (mark > 0.001) marks.push(Math.abs(value.priceCoin / mark - 1));
      deltas.push(Math.abs(value.deltaUsd - number('delta')));
      // Published per point and in dollars.
      vegas.push(Math.abs(usdFromCoin(value.vegaCoin, forward) / 100 - number('vega')) / (1 + number('vega')));
    }
    expect(marks.length, file).toBeGreaterThan(800);
    // Measured medians: mark 2.7e-4 to 8.7e-4, delta 9e-5 to 1.2e-3, vega 5e-4 to 6e-3; the premium-adjusted delta is .06 off.
    expect(quantile(marks, 0.5), file).toBeLessThan(1e-3);
    expect(quantile(deltas, 0.5), file).toBeLessThan(2e-3);
    expect(quantile(deltas, 0.95), file).toBeLessThan(0.02);
    expect(quantile(vegas, 0.5), file).toBeLessThan(0.01);
  }
});

const right = fc.constantFrom('call' as const, 'put' as const);
const forward = fc.double({ min: 10, max: 2e5, noNaN: true });
const vol = fc.double({ min: 0.05, max: 2, noNaN: true });
const years = fc.double({ min: 0.003, max: 2, noNaN: true });
const distance = fc.double({ min: -4, max: 4, noNaN: true });

describe('properties', () => {
  test("coins times the forward are Black's undiscounted price, its delta and its gamma", () => {
    fc.assert(
      fc.property(right, forward, vol, years, distance, (side, f, v, t, z) => {
        const contract = { right: side, strike: f * Math.exp(z * v * Math.sqrt(t)), years: t };
        const value = inverseValue(contract, f, v);
        const black = greeks(contract, { spot: f, vol: v, rate: 0, yield: 0 });
        expect(value.priceUsd).toBe(blackPrice(side, f, contract.strike, v * Math.sqrt(t)));
        expect(value.priceCoin).toBe(value.priceUsd / f);
        expect([value.deltaUsd, value.gammaUsd]).toEqual([black.delta, black.gamma]);
        expect(usdFromCoin(value.vegaCoin, f) / black.vega).toBeCloseTo(1, 14);
        expect(usdFromCoin(value.thetaCoin, f) / black.theta).toBeCloseTo(1, 14);
        expect(coinFromUsd(usdFromCoin(value.priceCoin, f), f)).toBeCloseTo(value.priceCoin, 14);
      }),
    );
  });

  test('parity in coin: call less put is 1 − K/F, and so are their net deltas K/F', () => {
    fc.assert(
      fc.property(forward, vol, years, distance, (f, v, t, z) => {
        const strike = f * Math.exp(z * v * Math.sqrt(t));
        const call = inverseValue({ right: 'call', strike, years: t }, f, v);
        const put = inverseValue({ right: 'put', strike, years: t }, f, v);
        const scale = 1 + strike / f;
        expect(Math.abs(call.priceCoin - put.priceCoin - (1 - strike / f))).toBeLessThan(1e-15 * scale);
        expect(Math.abs(call.deltaCoinNet - put.deltaCoinNet - strike / f)).toBeLessThan(1e-15 * scale);
        expect(Math.abs(call.deltaUsd - call.priceCoin - call.deltaCoinNet)).toBeLessThan(1e-15 * scale);
      }),
    );
  });

  test('sensitivities are the derivatives that they are said to be', () => {
    const slope = (f: (h: number) => number, h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    fc.assert(
      fc.property(right, forward, vol, years, fc.double({ min: -3, max: 3, noNaN: true }), (side, f, v, t, z) => {
        const contract = { right: side, strike: f * Math.exp(z * v * Math.sqrt(t)), years: t };
        const at = (change: { f?: number; v?: number; t?: number }): InverseValue =>
          inverseValue({ ...contract, years: t + (change.t ?? 0) }, f + (change.f ?? 0), v + (change.v ?? 0));
        const value = at({});
        const bend = Math.min(0.2, v * Math.sqrt(t));
        const size = 1 + contract.strike / f;
        const close = (got: number, expected: number, scale: number): void => expect(Math.abs(got - expected)).toBeLessThan(1e-7 * scale);
        const h = 0.01 * f * bend;
        close(
          slope((x) => at({ f: x }).priceUsd, h),
          value.deltaUsd,
          size / bend,
        );
        close(f * slope((x) => at({ f: x }).priceCoin, h), value.deltaCoinNet, size / bend);
        close(f * slope((x) => at({ f: x }).deltaUsd, h), f * value.gammaUsd, size / bend);
        close(f * slope((x) => at({ f: x }).deltaCoinNet, h), f * value.gammaCoinNet, size / bend);
        close(
          slope((x) => at({ v: x }).priceCoin, 0.01 * v),
          value.vegaCoin,
          size / v,
        );
        close(-slope((x) => at({ t: x }).priceCoin, 0.01 * t), value.thetaCoin, size / t);
      }),
    );
  });
});

test('limits: intrinsic coins at expiry and at zero vol', () => {
  for (const [contract, v] of [
    [{ right: 'put', strike: 80_000, years: 0 }, 0.5],
    [{ right: 'put', strike: 80_000, years: 1 }, 0],
  ] as const) {
    expect(inverseValue(contract, 64_000, v)).toEqual({
      priceCoin: 0.25,
      priceUsd: 16_000,
      deltaUsd: -1,
      deltaCoinNet: -1.25,
      gammaUsd: 0,
      gammaCoinNet: 1.25 / 64_000,
      vegaCoin: 0,
      thetaCoin: 0,
    });
  }
});
