import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentId, type InstrumentId, lots, MONEY_PER_DOLLAR, money, orderId, ticks } from '../../src/core/units.ts';
import { Attribution } from '../../src/ledger/attribution.ts';
import { CAUSES } from '../../src/ledger/causes.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { STEP_PARTS, type StepMarks } from '../../src/ledger/step-changes.ts';
import { opposite, type Side } from '../../src/market/order.ts';
import { TheoChain } from '../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const [A, B] = [agentId(0), agentId(1)];
const SPOT = 70_000;
const SMILE = [Math.log(0.5), 0.05, -0.2, -0.05];

/** Two agents and the accounts between them. */
class Books {
  readonly theo = new TheoChain(CHAIN, plainTerms(CHAIN));
  readonly ledger = new Ledger(CHAIN.instruments, 2);
  readonly attribution = new Attribution(CHAIN, plainTerms(CHAIN), 2);

  constructor(factors: readonly number[], perpetual = SPOT) {
    this.attribution.open(this.marks(factors, SPOT, 0, perpetual, false));
  }

  marks(factors: readonly number[], spot: number, nowYears: number, perpetual: number, jumped: boolean): StepMarks {
    this.theo.move(factors, spot, nowYears);
    this.theo.valueAll();
    return { theo: this.theo, factors: Float64Array.from(factors), nowYears, perpetual, jumped };
  }

  step(factors: readonly number[], spot: number, nowYears = 0, { perpetual = spot, jumped = false } = {}): void {
    this.attribution.step(this.marks(factors, spot, nowYears, perpetual, jumped), this.ledger, [A, B]);
  }

  get error(): number {
    const of = (agent: typeof A): number => Math.abs(this.attribution.total(agent) - this.attribution.equity(agent, this.ledger));
    return Math.max(of(A), of(B));
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
      jumped: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('fund' as const), perLot: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
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
          } else if (each.kind === 'fund') {
            books.attribution.fund(money(each.perLot), books.ledger, [A, B]);
            books.ledger.fund(CHAIN.underlying.id, money(each.perLot));
          } else if (days + each.days < 6.9) {
            days += each.days;
            books.step(
              SMILE.map((value, f) => value + (each.factors[f] ?? 0)),
              each.spot,
              days / 365,
              { jumped: each.jumped },
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
          const gross = CAUSES.reduce((all, cause) => all + Math.abs(books.attribution.amount(agent, cause)), 0);
          expect(books.attribution.total(agent)).toBe(sum);
          expect(books.attribution.gross(agent)).toBe(gross);
          expect(Math.abs(sum - equity)).toBeLessThanOrEqual(1e-9 * gross);
          const perInstrument = CHAIN.instruments.map(({ id }) => books.attribution.instrument(agent, id, books.ledger));
          expect(Math.abs(perInstrument.reduce((all, { total }) => all + total, 0) - equity)).toBeLessThanOrEqual(1e-9 * gross);
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

  test('first orders are the Greeks at the start times what moved', () => {
    const books = new Books(SMILE);
    books.deal(CALL.id, 'buy', 800, 30);
    books.deal(CHAIN.underlying.id, 'sell', 70_000, 50);
    const i = CALL.id - 1;
    const delta = books.theo.delta[i] ?? 0;
    const exposures = Array.from(books.theo.exposures.subarray(4 * i, 4 * i + 4));
    expect([0, 1, 2, 3].map((f) => books.attribution.exposure(CALL.id, f))).toEqual(exposures);
    expect(books.attribution.exposure(CHAIN.underlying.id, 0)).toBe(0);
    const move = [0.01, -0.002, 0.004, 0.006];
    books.step(
      SMILE.map((value, f) => value + (move[f] ?? 0)),
      SPOT + 40,
      0.5 / 365,
    );
    const amount = (cause: (typeof CAUSES)[number]): number => books.attribution.amount(A, cause);
    expect(amount('delta')).toBeCloseTo((3 * delta - 0.5) * 40, 8);
    (['level', 'slope', 'skew', 'curvature'] as const).forEach((cause, f) => {
      expect(amount(cause)).toBeCloseTo(3 * (exposures[f] ?? 0) * (move[f] ?? 0), 8);
    });
    for (const cause of ['gamma', 'vanna', 'volga', 'theta'] as const) expect(amount(cause), cause).not.toBe(0);
    expect(amount('jump')).toBe(0);
    // A third order: the second times a third of the move or so.
    expect(Math.abs(amount('residual'))).toBeLessThan(0.01 * Math.abs(amount('volga')));
  });

  test('each agent gets its units of each series, whatever else it holds', () => {
    const [both, one, other] = [new Books(SMILE), new Books(SMILE), new Books(SMILE)];
    const PUT = optionAt(CALL.id);
    for (const books of [both, one]) books.deal(CALL.id, 'buy', 800, 30);
    for (const books of [both, other]) books.deal(PUT.id, 'sell', 800, 70);
    for (const books of [both, one, other]) books.step([-0.7, 0.06, -0.18, -0.03], SPOT + 90, 0.3 / 365);
    for (const cause of STEP_PARTS) {
      const sum = one.attribution.amount(A, cause) + other.attribution.amount(A, cause);
      expect(both.attribution.amount(A, cause), cause).toBeCloseTo(sum, 8);
      expect(both.attribution.amount(B, cause), cause).toBeCloseTo(-sum, 8);
    }
  });

  test('a step with a jump is one cause, hedges included; time and basis stay apart', () => {
    const [jumped, quiet] = [new Books(SMILE), new Books(SMILE)];
    for (const [books, flag] of [
      [jumped, true],
      [quiet, false],
    ] as const) {
      books.deal(optionAt(0).id, 'buy', 800, 30);
      books.deal(CHAIN.underlying.id, 'sell', 70_000, 50);
      books.step([-0.6, 0.02, -0.3, -0.02], SPOT - 3000, 0.2 / 365, { jumped: flag, perpetual: SPOT - 2990 });
      expect(books.error).toBeLessThan(1e-8);
    }
    const amount = (books: Books, cause: (typeof CAUSES)[number]): number => books.attribution.amount(A, cause);
    for (const cause of STEP_PARTS) {
      if (cause === 'theta' || cause === 'jump') continue;
      expect(amount(jumped, cause), cause).toBe(0);
      expect(amount(quiet, cause), cause).not.toBe(0);
    }
    for (const cause of ['theta', 'basis'] as const) expect(amount(jumped, cause)).toBe(amount(quiet, cause));
    expect(amount(quiet, 'jump')).toBe(0);
    expect(amount(jumped, 'basis')).toBeCloseTo(-0.5 * 10, 9);
    const rest = STEP_PARTS.reduce((sum, cause) => sum + (cause === 'theta' ? 0 : amount(quiet, cause)), 0);
    expect(amount(jumped, 'jump')).toBeCloseTo(rest, 8);
  });

  test('an instrument’s result is its cash and what is held of it', () => {
    const books = new Books(SMILE);
    books.deal(CALL.id, 'buy', 800, 30, 2_000_000);
    books.deal(CALL.id, 'sell', 900, 10, 500_000);
    books.deal(CHAIN.underlying.id, 'sell', 70_010, 50, 70_000);
    const fair = books.theo.price[CALL.id - 1] ?? 0;
    const { total, capture, fees, position } = books.attribution.instrument(A, CALL.id, books.ledger);
    expect(position).toBeCloseTo(2, 12);
    expect(fees).toBeCloseTo(-2.5, 12);
    expect(capture).toBeCloseTo((fair - 4000) * 3 + (4500 - fair), 8);
    expect(total).toBeCloseTo(-4000 * 3 + 4500 + 2 * fair - 2.5, 8);
    const hedge = books.attribution.instrument(A, CHAIN.underlying.id, books.ledger);
    expect(hedge).toEqual({
      total: expect.closeTo(4.93, 8),
      capture: expect.closeTo(5, 8),
      fees: expect.closeTo(-0.07, 12),
      position: -0.5,
    });
    expect(books.attribution.instrument(A, optionAt(0).id, books.ledger)).toEqual({ total: 0, capture: 0, fees: 0, position: 0 });
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
    const books = new Books(SMILE, SPOT + 100);
    books.deal(CHAIN.underlying.id, 'buy', SPOT + 103, 200);
    expect(books.attribution.fair(CHAIN.underlying.id)).toBe(SPOT + 100);
    expect(books.attribution.amount(A, 'hedgeCost')).toBeCloseTo(-6, 9);
    books.step(SMILE, SPOT + 40, 0, { perpetual: SPOT + 125 });
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
    const causes = (basis: boolean, funding: boolean) => new Attribution(CHAIN, plainTerms(CHAIN), 1, { basis, funding }).causes;
    expect(causes(true, true)).toEqual(CAUSES);
    expect(causes(false, true)).toEqual(CAUSES.filter((cause) => cause !== 'basis'));
    expect(causes(false, false)).toEqual(CAUSES.filter((cause) => cause !== 'basis' && cause !== 'funding'));
  });
});
