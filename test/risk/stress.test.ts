import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import { powerLawPhi } from '../../src/pricing/factors.ts';
import { sliceVol } from '../../src/pricing/ssvi.ts';
import { type OptionPosition, type Position, valuation } from '../../src/risk/portfolio.ts';
import { NO_SHOCK, shocked } from '../../src/risk/shock.ts';
import { expiryAt, refined, type SmileExpiry, type SmileSurface } from '../../src/risk/smile-surface.ts';
import { type GridCell, HOUSE_GRID, type StressGrid, type StressResult, stress } from '../../src/risk/stress.ts';
import { stressText } from '../../src/risk/stress-text.ts';

const RATE = 0.03;
function expiry(years: number, vol: number, rho: number): SmileExpiry {
  const theta = vol * vol * years;
  return { years, carry: 0.05, slice: { theta, rho, psi: theta * powerLawPhi(theta, 0.95) } };
}
const MARKET: SmileSurface = {
  spot: 100,
  rate: RATE,
  yearsPassed: 0,
  expiries: [expiry(7 / 365, 0.48, -0.12), expiry(30 / 365, 0.51, -0.17), expiry(90 / 365, 0.54, -0.2)],
};
const option = (right: 'call' | 'put', strike: number, days: number, quantity: number): OptionPosition => ({
  kind: 'option',
  right,
  strike,
  years: days / 365,
  quantity,
});
const underlying = (quantity: number): Position => ({ kind: 'underlying', quantity });

const BOOK: readonly Position[] = [
  option('call', 115, 30, -10),
  option('put', 89, 30, -10),
  option('put', 70, 50, 4),
  option('call', 130, 200, 3),
  option('call', 100, 2, 1),
  underlying(0.6),
];
const run = (positions: readonly Position[], grid: StressGrid = HOUSE_GRID): StressResult =>
  stress({
    portfolio: { name: 'book', positions },
    surface: MARKET,
    grid,
    regimeShifts: [{ name: 'stressed', spot: -0.15, level: 0.6, slope: -0.2, skew: -0.15, curvature: 0.05 }],
  });
const cellAt = (result: StressResult, spot: number, vol: number, days: number): GridCell => {
  const cell = result.grid.find((c) => c.spotShock === spot && c.volShock === vol && c.daysPassed === days);
  if (cell === undefined) throw new Error('no such cell');
  return cell;
};

const positions = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('option' as const),
      right: fc.constantFrom('call' as const, 'put' as const),
      strike: fc.double({ min: 50, max: 200, noNaN: true }),
      years: fc.double({ min: 0.003, max: 2, noNaN: true }),
      quantity: fc.integer({ min: -20, max: 20 }),
    }),
    fc.record({ kind: fc.constant('underlying' as const), quantity: fc.integer({ min: -20, max: 20 }) }),
  ),
  { minLength: 1, maxLength: 8 },
);

describe('the grid', () => {
  test('no shock has PnL 0, exactly', () => {
    fc.assert(
      fc.property(positions, (book) => {
        const cell = cellAt(run(book, { spotShocks: [0], volShocks: [0], days: [0] }), 0, 0, 0);
        expect(cell.pnl).toBe(0);
        expect(cell.repairs).toBe(0);
      }),
    );
  });

  test('a linear position moves with the spot and with nothing else', () => {
    const result = run([underlying(-3)]);
    for (const cell of result.grid) {
      expect(cell.pnl).toBeCloseTo(-3 * 100 * cell.spotShock, 10);
      expect(cell.delta).toBe(-3);
      expect(cell.vegaPerPoint).toBe(0);
    }
    expect(result.base).toMatchObject({ value: -300, greeks: { delta: -3, gamma: 0, vegaPerPoint: 0, thetaPerDay: 0 } });
  });

  test('each cell is what Black (1976) gives at the shocked spot and vol, by another route', () => {
    // 30 and 90 days are expiries of the surface: σ(k) of the base slice, times 1 + shock, at the shocked log-moneyness.
    const book = [option('call', 115, 30, -10), option('put', 80, 90, 7)];
    for (const cell of run(book).grid) {
      let value = 0;
      for (const { right, strike, years, quantity } of book) {
        const slice = MARKET.expiries.find((e) => e.years === years)?.slice;
        if (slice === undefined) throw new Error('no slice');
        const left = years - cell.daysPassed / 365;
        const forward = 100 * (1 + cell.spotShock) * Math.exp(0.05 * left);
        const vol = sliceVol(slice, Math.log(strike / forward), years) * (1 + cell.volShock);
        value += quantity * Math.exp(-RATE * left) * blackPrice(right, forward, strike, vol * Math.sqrt(left));
      }
      expect(cell.repairs).toBe(0);
      expect(Math.abs(cell.value - value)).toBeLessThan(1e-10 * 100);
    }
  });

  test('an option between two expiries keeps its own smile when the nearer one runs out', () => {
    const call = option('call', 104, 10, 1);
    const [cell] = run([call], { spotShocks: [0.02], volShocks: [0.25], days: [8] }).grid;
    const left = 2 / 365;
    const { slice, carry } = expiryAt(MARKET.expiries, call.years);
    const forward = 102 * Math.exp(carry * left);
    const vol = 1.25 * sliceVol(slice, Math.log(104 / forward), call.years);
    expect(cell?.value).toBeCloseTo(Math.exp(-RATE * left) * blackPrice('call', forward, 104, vol * Math.sqrt(left)), 10);
  });

  test('put-call parity: a synthetic forward has no vega and the value of a forward in every cell', () => {
    for (const days of [30, 45]) {
      for (const strike of [70, 100, 130]) {
        for (const cell of run([option('call', strike, days, 1), option('put', strike, days, -1)]).grid) {
          const left = (days - cell.daysPassed) / 365;
          const forward = 100 * (1 + cell.spotShock) * Math.exp(0.05 * left);
          expect(cell.value).toBeCloseTo(Math.exp(-RATE * left) * (forward - strike), 10);
          expect(cell.vegaPerPoint).toBeCloseTo(0, 12);
        }
      }
    }
  });

  test('the worst cell is the least of all, and says when it lies on the rim', () => {
    fc.assert(
      fc.property(positions, (book) => {
        const { grid, worst } = run(book);
        expect(worst.pnl).toBe(Math.min(...grid.map((cell) => cell.pnl)));
      }),
      { numRuns: 30 },
    );
    const { worst } = run([option('call', 115, 30, -10), option('put', 89, 30, -10)]);
    expect(worst.name).toBe('spot +30 %, vol +100 %, at once');
    expect(worst.atEdge).toBe(true);
    const straddle = run([option('call', 100, 30, 10), option('put', 100, 30, 10)], { ...HOUSE_GRID, volShocks: [0] }).worst;
    expect(straddle).toMatchObject({ spotShock: 0, daysPassed: 1, atEdge: false, name: 'spot 0 %, vol 0 %, after 1 day' });
  });

  test('an option that runs out on the way is worth its intrinsic value at the shocked spot', () => {
    const result = run([option('call', 95, 2, 1), option('put', 95, 1, 1)], { spotShocks: [-0.2, 0, 0.2], volShocks: [1], days: [3] });
    expect(result.grid.map((cell) => cell.value)).toEqual([95 - 80, 100 - 95, 120 - 95]);
    expect(result.grid.map((cell) => cell.delta)).toEqual([-1, 1, 1]);
    expect(result.grid.every((cell) => cell.vegaPerPoint === 0)).toBe(true);
  });

  test('it does not depend on which other positions there are', () => {
    const alone = run([option('put', 92, 16, -1)]);
    const among = run([option('put', 92, 16, -1), option('call', 100, 15, 0), option('call', 100, 40, 0)]);
    for (const [i, cell] of alone.grid.entries()) expect(among.grid[i]?.value).toBeCloseTo(cell.value, 9);
  });

  test('smiles that a shock drives into arbitrage are repaired and counted', () => {
    const result = stress({
      portfolio: { name: 'book', positions: BOOK },
      surface: MARKET,
      grid: { spotShocks: [0], volShocks: [0, 9], days: [0] },
      regimeShifts: [{ name: 'inverted', spot: 0, level: 0, slope: -1.5, skew: 0, curvature: 0 }],
    });
    expect(result.grid.map((cell) => cell.repairs > 0)).toEqual([false, true]);
    expect(result.regimes[0]?.repairs).toBeGreaterThan(0);
    expect(stressText(result)).toContain('In 1 of 2 cells shocked smiles would admit arbitrage');
  });
});

describe('Greeks', () => {
  test('are the derivatives of the value that the grid shows', () => {
    for (const position of BOOK) {
      const { greeks } = run([position]).base;
      // Positions between expiries first get a smile of their own, as in stress.
      const market = position.kind === 'option' ? refined(MARKET, [position.years]) : MARKET;
      const at = (shock: Partial<typeof NO_SHOCK>): number =>
        valuation([position], shocked(market, { ...NO_SHOCK, ...shock }).surface).value;
      const h = 1e-4;
      expect(greeks.delta).toBeCloseTo((at({ spot: h }) - at({ spot: -h })) / (200 * h), 5);
      const wide = 2e-3;
      expect(greeks.gamma).toBeCloseTo((at({ spot: wide }) - 2 * at({}) + at({ spot: -wide })) / (100 * wide * 100 * wide), 4);
      expect(greeks.thetaPerDay).toBeCloseTo((at({ days: 1e-3 }) - at({})) / 1e-3, 3);
    }
  });

  test('vega per point is the change when every vol gains 0.01', () => {
    const put = option('put', 90, 30, -2);
    const slice = MARKET.expiries[1]?.slice;
    if (slice === undefined) throw new Error('no slice');
    const forward = 100 * Math.exp((0.05 * 30) / 365);
    const price = (bump: number): number => {
      const vol = sliceVol(slice, Math.log(90 / forward), put.years) + bump;
      return -2 * Math.exp(-RATE * put.years) * blackPrice('put', forward, 90, vol * Math.sqrt(put.years));
    };
    expect(run([put]).base.greeks.vegaPerPoint).toBeCloseTo((price(1e-4) - price(-1e-4)) / 0.02, 6);
  });

  test('the delta without a skew is that of Black and Scholes', () => {
    const flat = { ...MARKET, expiries: [{ years: 0.25, carry: RATE, slice: { theta: 0.04, rho: 0, psi: 1e-6 } }] };
    const { delta } = valuation([{ kind: 'option', right: 'call', strike: 100, years: 0.25, quantity: 1 }], flat);
    // d₁ = (0.03 + 0.08)·0.25/0.2 = 0.1375, N(d₁) = 0.55468.
    expect(delta).toBeCloseTo(0.55468, 5);
  });
});

describe('shocks of the factors', () => {
  const atm = (surface: SmileSurface, i: number): number =>
    Math.sqrt((surface.expiries[i]?.slice.theta ?? 0) / (surface.expiries[i]?.years ?? 1));

  test('level multiplies every vol, slope leaves 30 days alone, skew and curvature leave the at-the-money vol alone', () => {
    const level = shocked(MARKET, { ...NO_SHOCK, level: 0.3 }).surface;
    for (const i of [0, 1, 2]) expect(atm(level, i) / atm(MARKET, i)).toBeCloseTo(Math.exp(0.3), 12);
    const slope = shocked(MARKET, { ...NO_SHOCK, slope: 0.05 }).surface;
    expect(atm(slope, 0)).toBeLessThan(atm(MARKET, 0));
    expect(atm(slope, 1)).toBeCloseTo(atm(MARKET, 1), 12);
    expect(atm(slope, 2)).toBeGreaterThan(atm(MARKET, 2));
    const wings = shocked(MARKET, { ...NO_SHOCK, skew: -0.1, curvature: 0.2 });
    expect(wings.repairs).toBe(0);
    MARKET.expiries.forEach((before, i) => {
      const after = wings.surface.expiries[i]?.slice;
      expect(after?.theta).toBe(before.slice.theta);
      expect(after?.rho).toBeCloseTo(before.slice.rho - 0.1, 14);
      expect(after?.psi).toBeCloseTo(before.slice.psi * Math.exp(0.2), 12);
    });
  });

  test('a shift to stress is worse for a short put than its spot move alone', () => {
    const result = run([option('put', 89, 30, -1)], { spotShocks: [-0.15], volShocks: [0], days: [0] });
    expect(result.regimes[0]?.pnl).toBeLessThan(result.grid[0]?.pnl ?? 0);
  });
});

describe('history', () => {
  test('applies the move of the index as a ratio', () => {
    const { historical } = run(BOOK);
    const crash = historical.find((event) => event.name.startsWith('5 Feb 2018'));
    expect(crash?.volShock).toBeCloseTo(37.3 / 17.3 - 1, 12);
    const same = run(BOOK, { spotShocks: [-0.041], volShocks: [37.3 / 17.3 - 1], days: [0] }).grid[0];
    expect(crash?.pnl).toBeCloseTo(same?.pnl ?? NaN, 9);
    expect(new Set(historical.map((event) => event.name)).size).toBe(historical.length);
  });
});

describe('stressText', () => {
  const result = run(BOOK);

  test('has one table per day count, vol down, spot across, and one cell with the word worst', () => {
    const text = stressText(result, 200);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('vol \\ spot')).length).toBe(2);
    expect(lines.filter((line) => line.startsWith('+100 %')).length).toBe(2);
    expect(text.match(/worst -?[\d.]+/g)?.length).toBe(1);
    expect(text).toContain(`Worst of the grid: ${result.worst.name}`);
    expect(text).not.toContain('\u001b');
  });

  test('splits a wide grid so that each line of it fits', () => {
    const lines = stressText(result, 60).split('\n');
    const heads = lines.filter((line) => line.startsWith('vol \\ spot'));
    expect(heads.length).toBeGreaterThan(2);
    for (const line of lines.filter((l) => /^(vol \\ spot|[+-]?\d+ % )/.test(l))) expect(line.length).toBeLessThanOrEqual(60);
    expect(heads.join(' ').match(/[+-]?\d+ %/g)?.length).toBe(2 * 13);
  });
});

describe('stress.schema.json', () => {
  const schema: object = JSON.parse(readFileSync(new URL('../../docs/schemas/stress.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ strict: true }).compile(schema);

  test('accepts what stress makes, and nothing more or less', () => {
    const document = JSON.parse(JSON.stringify({ schema: 'volpit.stress/1', version: '0.1.0', ...run(BOOK) }));
    expect(validate(document) || validate.errors).toBe(true);
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, worst: undefined })).toBe(false);
    expect(validate({ ...document, grid: [{ ...document.grid[0], colour: 'red' }] })).toBe(false);
  });
});
