import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, type InstrumentId, lots, MONEY_PER_DOLLAR, money, orderId, ticks } from '../../src/core/units.ts';
import { Attribution, CAUSES } from '../../src/ledger/attribution.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { opposite, type Side } from '../../src/market/order.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const [A, B] = [agentId(0), agentId(1)];
const SPOT = 70_000;
const SMILE = [Math.log(0.5), 0.05, -0.2, -0.05];
/** No skew, and wings so flat that the smile is a line: the Greeks are those of Black and Scholes. */
const FLAT = [Math.log(0.5), 0, 0, -18];

/** Two agents and the accounts between them. */
class Books {
  readonly theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  readonly ledger = new Ledger(CHAIN.instruments, 2);
  readonly attribution = new Attribution(CHAIN, 2);

  constructor(factors: readonly number[]) {
    this.value(factors, SPOT, 0);
    this.attribution.open(this.theo, Float64Array.from(factors), 0);
  }

  value(factors: readonly number[], spot: number, nowYears: number): void {
    this.theo.move(factors, spot, nowYears);
    this.theo.valueAll();
  }

  step(factors: readonly number[], spot: number, nowYears = 0): void {
    this.value(factors, spot, nowYears);
    this.attribution.step(this.theo, Float64Array.from(factors), nowYears, this.ledger, [A, B]);
  }

  deal(instrument: InstrumentId, takerSide: Side, price: number, size: number, fee = 0): void {
    const match = {
      instrument,
      price: ticks(price),
      lots: lots(size),
      taker: A,
      takerOrder: orderId(1),
      takerSide,
      maker: B,
      makerOrder: orderId(2),
      cause: 'touch' as const,
    };
    this.ledger.post(match, money(0), money(fee));
    this.attribution.fill(A, instrument, takerSide, price, lots(size), money(fee));
    this.attribution.fill(B, instrument, opposite(takerSide), price, lots(size), money(0));
  }

  settle(instrument: InstrumentId, dollarsPerUnit: number): void {
    const perLot = money(Math.round(dollarsPerUnit * (CHAIN.instruments[instrument]?.lotSize ?? 0) * MONEY_PER_DOLLAR));
    this.attribution.settle(instrument, perLot, money(0), this.ledger, [A, B]);
    this.ledger.settle(instrument, perLot);
  }
}

const optionAt = (index: number) => {
  const option = CHAIN.options[index];
  if (option === undefined) throw new Error(`no option ${index}`);
  return option;
};
/** The 30-day call at 70,000. */
const CALL = optionAt(CHAIN.options.findIndex((option) => option.expiry === 1 && option.strike === 70_000 && option.right === 'call'));

describe('profit and loss by cause', () => {
  const event = fc.oneof(
    fc.record({
      kind: fc.constant('deal' as const),
      instrument: fc.integer({ min: 0, max: CHAIN.options.length }),
      buys: fc.boolean(),
      price: fc.integer({ min: 1, max: 15_000 }),
      size: fc.integer({ min: 1, max: 300 }),
      fee: fc.integer({ min: -1000, max: 5_000_000 }),
    }),
    fc.record({
      kind: fc.constant('step' as const),
      factors: fc.tuple(...[0.1, 0.05, 0.1, 0.1].map((size) => fc.double({ min: -size, max: size, noNaN: true }))),
      spot: fc.double({ min: 50_000, max: 90_000, noNaN: true }),
      days: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );

  test('sums to what the ledger says, through fills, steps and settlements', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), fc.double({ min: 60_000, max: 80_000, noNaN: true }), (events, last) => {
        const books = new Books(SMILE);
        let days = 0;
        for (const each of events) {
          if (each.kind === 'deal') {
            const instrument = CHAIN.instruments[each.instrument]?.id ?? CHAIN.underlying.id;
            books.deal(instrument, each.buys ? 'buy' : 'sell', each.price, each.size, each.fee);
          } else if (days + each.days < 6.9) {
            days += each.days;
            books.step(
              SMILE.map((value, f) => value + (each.factors[f] ?? 0)),
              each.spot,
              days / 365,
            );
          }
        }
        for (const option of CHAIN.options.filter((each) => each.expiry === 0)) {
          books.settle(option.id, Math.max(0, option.right === 'call' ? last - option.strike : option.strike - last));
        }
        books.step(SMILE, last, 7 / 365);
        for (const agent of [A, B]) {
          const equity = books.attribution.equity(agent, books.ledger);
          const sum = CAUSES.reduce((all, cause) => all + books.attribution.amount(agent, cause), 0);
          const scale = 1 + Math.abs(equity) + Math.abs(books.ledger.cash(agent)) / MONEY_PER_DOLLAR;
          expect(books.attribution.total(agent)).toBe(sum);
          expect(Math.abs(sum - equity)).toBeLessThan(1e-9 * scale);
        }
        // What one gains the other loses, but for the venue's fees.
        const together = books.attribution.total(A) + books.attribution.total(B) + books.ledger.venue / MONEY_PER_DOLLAR;
        expect(Math.abs(together)).toBeLessThan(1e-4);
      }),
      { numRuns: 150 },
    );
  });

  test('edges go to the spread in options, to the cost of hedges in the underlying, and fees stand apart', () => {
    const books = new Books(SMILE);
    const fair = books.theo.price[CALL.id - 1] ?? 0;
    books.deal(CALL.id, 'buy', 850, 20, 1_500_000);
    books.deal(CHAIN.underlying.id, 'sell', 69_990, 100, 250_000);
    expect(books.attribution.amount(A, 'spreadCapture')).toBeCloseTo((fair - 4250) * 2, 8);
    expect(books.attribution.amount(B, 'spreadCapture')).toBeCloseTo((4250 - fair) * 2, 8);
    expect(books.attribution.amount(A, 'hedgeCost')).toBeCloseTo(-10, 8);
    expect(books.attribution.amount(A, 'fees')).toBeCloseTo(-1.75, 12);
    expect(books.attribution.amount(B, 'fees')).toBeCloseTo(0, 12);
    expect(books.attribution.delta(CHAIN.underlying.id)).toBe(1);
    expect(books.attribution.fair(CALL.id)).toBe(fair);
  });

  test('each cause is the Greek at the start times what moved', () => {
    const books = new Books(SMILE);
    books.deal(CALL.id, 'buy', 800, 30);
    books.deal(CHAIN.underlying.id, 'sell', 70_000, 50);
    const i = CALL.id - 1;
    const [delta, gamma, theta] = [books.theo.delta[i] ?? 0, books.theo.gamma[i] ?? 0, books.theo.theta[i] ?? 0];
    const exposures = Array.from(books.theo.exposures.subarray(4 * i, 4 * i + 4));
    const move = [0.01, -0.002, 0.004, 0.006];
    books.step(
      SMILE.map((value, f) => value + (move[f] ?? 0)),
      SPOT + 40,
      0.5 / 365,
    );
    const amount = (cause: (typeof CAUSES)[number]): number => books.attribution.amount(A, cause);
    expect(amount('delta')).toBeCloseTo((3 * delta - 0.5) * 40, 8);
    expect(amount('gamma')).toBeCloseTo(3 * 0.5 * gamma * 1600, 8);
    expect(amount('theta')).toBeCloseTo((3 * theta * 0.5) / 365, 8);
    (['level', 'slope', 'skew', 'curvature'] as const).forEach((cause, f) => {
      expect(amount(cause)).toBeCloseTo(3 * (exposures[f] ?? 0) * (move[f] ?? 0), 8);
    });
    expect(Math.abs(amount('residual'))).toBeLessThan(0.05 * Math.abs(amount('level')));
  });

  test('time counts from the step before', () => {
    const [once, twice] = [new Books(SMILE), new Books(SMILE)];
    for (const books of [once, twice]) books.deal(CALL.id, 'buy', 800, 30);
    twice.step(SMILE, SPOT, 0.25 / 365);
    const half = twice.attribution.amount(A, 'theta');
    twice.step(SMILE, SPOT, 0.5 / 365);
    once.step(SMILE, SPOT, 0.5 / 365);
    expect(half / once.attribution.amount(A, 'theta')).toBeCloseTo(0.5, 12);
    expect(twice.attribution.amount(A, 'theta') / once.attribution.amount(A, 'theta')).toBeCloseTo(1, 1);
  });

  test('a settlement books the gap to the last fair value', () => {
    const books = new Books(SMILE);
    const near = optionAt(0);
    books.deal(near.id, 'buy', 1200, 10);
    const fair = books.theo.price[0] ?? 0;
    books.settle(near.id, 6500);
    expect(books.attribution.amount(A, 'settlement')).toBeCloseTo(6500 - fair, 6);
    expect(books.attribution.amount(B, 'settlement')).toBeCloseTo(fair - 6500, 6);
    expect(books.attribution.equity(A, books.ledger)).toBeCloseTo(books.attribution.total(A), 8);
  });
});

describe('a perpetual away from the index', () => {
  test('is marked where it stands, and its move against the index is a cause of its own', () => {
    const books = new Books(SMILE);
    books.attribution.open(books.theo, Float64Array.from(SMILE), 0, SPOT + 100);
    books.deal(CHAIN.underlying.id, 'buy', SPOT + 103, 200);
    expect(books.attribution.fair(CHAIN.underlying.id)).toBe(SPOT + 100);
    expect(books.attribution.amount(A, 'hedgeCost')).toBeCloseTo(-6, 9);
    books.value(SMILE, SPOT + 40, 0);
    books.attribution.step(books.theo, Float64Array.from(SMILE), 0, books.ledger, [A, B], SPOT + 125);
    expect(books.attribution.amount(A, 'delta')).toBeCloseTo(80, 9);
    expect(books.attribution.amount(A, 'basis')).toBeCloseTo(-30, 9);
    expect(books.attribution.amount(B, 'basis')).toBeCloseTo(30, 9);
    for (const agent of [A, B]) {
      expect(books.attribution.total(agent)).toBeCloseTo(books.attribution.equity(agent, books.ledger), 8);
    }
  });

  test('is funded: what longs pay shorts get, and the causes follow the ledger', () => {
    const books = new Books(SMILE);
    books.deal(CHAIN.underlying.id, 'buy', SPOT, 200);
    books.attribution.fund(money(52_500), books.ledger, [A, B]);
    books.ledger.fund(CHAIN.underlying.id, money(52_500));
    expect([books.attribution.amount(A, 'funding'), books.attribution.amount(B, 'funding')]).toEqual([-10.5, 10.5]);
    for (const agent of [A, B]) {
      expect(books.attribution.total(agent)).toBeCloseTo(books.attribution.equity(agent, books.ledger), 8);
    }
  });

  test('is named among the causes where a market has such a thing', () => {
    const causes = (basis: boolean, funding: boolean) => new Attribution(CHAIN, 1, { basis, funding }).causes;
    expect(causes(true, true)).toEqual(CAUSES);
    expect(causes(false, true)).toEqual(CAUSES.filter((cause) => cause !== 'basis'));
    expect(causes(false, false)).toEqual(CAUSES.filter((cause) => cause !== 'basis' && cause !== 'funding'));
  });
});

describe('the residual', () => {
  /** Of a hundred lots of every series, after one move. */
  function residual(start: readonly number[], move: readonly number[], spotMove: number): number {
    const books = new Books(start);
    for (const option of CHAIN.options) books.deal(option.id, 'buy', 100, option.right === 'call' ? 100 : 60);
    books.step(
      start.map((value, f) => value + (move[f] ?? 0)),
      SPOT + spotMove,
    );
    return books.attribution.amount(A, 'residual');
  }

  test('falls to an eighth when the move of the spot halves, under a flat smile', () => {
    for (const h of [400, -400]) {
      const ratio = residual(FLAT, [0, 0, 0, 0], h) / residual(FLAT, [0, 0, 0, 0], h / 2);
      expect(ratio).toBeGreaterThan(7);
      expect(ratio).toBeLessThan(9);
    }
  });

  test('falls to a quarter when factors move, as nothing of the second order is booked for them', () => {
    for (const factor of [0, 1, 2, 3]) {
      const move = (size: number): number[] => [0, 1, 2, 3].map((f) => (f === factor ? size : 0));
      const ratio = residual(SMILE, move(0.02), 0) / residual(SMILE, move(0.01), 0);
      expect(ratio, `factor ${factor}`).toBeGreaterThan(3.6);
      expect(ratio, `factor ${factor}`).toBeLessThan(4.4);
    }
  });

  test('under a smile it holds the part of the second derivative in the spot that the smile adds to gamma', () => {
    const h = 50;
    const second = (theo: (spot: number) => TheoChain): number =>
      CHAIN.options.reduce((sum, option) => {
        const i = option.id - 1;
        const lotsHeld = option.right === 'call' ? 100 : 60;
        const [up, mid, down] = [SPOT + h, SPOT, SPOT - h].map((spot) => theo(spot).price[i] ?? 0);
        const whole = ((up ?? 0) - 2 * (mid ?? 0) + (down ?? 0)) / (h * h);
        return sum + lotsHeld * option.lotSize * (whole - (theo(SPOT).gamma[i] ?? 0));
      }, 0);
    const expected = second((spot) => {
      const theo = new TheoChain(CHAIN, plainTerms(CHAIN));
      theo.move(SMILE, spot, 0);
      theo.valueAll();
      return theo;
    });
    // Both directions, so that the third order cancels.
    const measured = (residual(SMILE, [0, 0, 0, 0], h) + residual(SMILE, [0, 0, 0, 0], -h)) / (h * h);
    expect(Math.abs(measured / expected - 1)).toBeLessThan(1e-3);
  });

  test('is nothing at all where nothing moves', () => {
    expect(residual(SMILE, [0, 0, 0, 0], 0)).toBe(0);
  });
});
