import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/core/assert.ts';
import { agentId, instrumentId, lots, type Money, money, orderId, ticks } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { Match } from '../../src/market/order.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const AGENTS = 4;

interface Deal {
  readonly instrument: number;
  readonly price: number;
  readonly size: number;
  readonly taker: number;
  readonly step: number;
  readonly buys: boolean;
  readonly makerFee: number;
  readonly takerFee: number;
}

const deal = fc.record<Deal>({
  instrument: fc.integer({ min: 0, max: CHAIN.instruments.length - 1 }),
  price: fc.integer({ min: 1, max: 20_000 }),
  size: fc.integer({ min: 1, max: 5000 }),
  taker: fc.integer({ min: 0, max: AGENTS - 1 }),
  step: fc.integer({ min: 1, max: AGENTS - 1 }),
  buys: fc.boolean(),
  makerFee: fc.integer({ min: -50_000, max: 500_000 }),
  takerFee: fc.integer({ min: -50_000, max: 500_000 }),
});

function post(ledger: Ledger, { instrument, price, size, taker, step, buys, makerFee, takerFee }: Deal): Match {
  const match: Match = {
    instrument: instrumentId(instrument),
    price: ticks(price),
    lots: lots(size),
    taker: agentId(taker),
    takerOrder: orderId(1),
    takerSide: buys ? 'buy' : 'sell',
    maker: agentId((taker + step) % AGENTS),
    makerOrder: orderId(2),
    cause: 'touch',
  };
  ledger.post(match, money(makerFee), money(takerFee));
  return match;
}

const agents = Array.from({ length: AGENTS }, (_, id) => agentId(id));
const total = (of: (id: (typeof agents)[number]) => number): number => agents.reduce((sum, id) => sum + of(id), 0);

describe('the ledger', () => {
  test('adds up to zero, exactly, after every match and every settlement', () => {
    fc.assert(
      fc.property(
        fc.array(deal, { maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 3, maxLength: 3 }),
        (deals, prices) => {
          const ledger = new Ledger(CHAIN.instruments, AGENTS);
          for (const each of deals) {
            post(ledger, each);
            ledger.verify();
            expect(total((id) => ledger.cash(id)) + ledger.venue).toBe(0);
          }
          expect(ledger.venue).toBe(total((id) => ledger.fees(id)));
          prices.forEach((price, expiry) => {
            for (const option of CHAIN.options.filter((each) => each.expiry === expiry)) {
              ledger.settle(option.id, money(price));
              ledger.verify();
              for (const id of agents) expect(ledger.position(id, option.id)).toBe(0);
            }
          });
          expect(total((id) => ledger.cash(id)) + ledger.venue).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('holds what was bought less what was sold, for the money that was paid', () => {
    fc.assert(
      fc.property(fc.array(deal, { maxLength: 30 }), (deals) => {
        const ledger = new Ledger(CHAIN.instruments, AGENTS);
        const matches = deals.map((each) => [each, post(ledger, each)] as const);
        for (const id of agents) {
          let cash = 0;
          let fills = 0;
          const held = CHAIN.instruments.map(() => 0);
          const traded = CHAIN.instruments.map(() => 0);
          for (const [{ makerFee, takerFee }, match] of matches) {
            if (match.taker !== id && match.maker !== id) continue;
            const takes = match.taker === id;
            const sign = (match.takerSide === 'buy') === takes ? 1 : -1;
            cash -=
              sign * match.price * match.lots * (CHAIN.instruments[match.instrument]?.moneyPerTickLot ?? 0) + (takes ? takerFee : makerFee);
            held[match.instrument] = (held[match.instrument] ?? 0) + sign * match.lots;
            traded[match.instrument] = (traded[match.instrument] ?? 0) + match.lots;
            fills += 1;
          }
          expect(ledger.cash(id)).toBe(cash);
          expect(ledger.fills(id)).toBe(fills);
          expect(CHAIN.instruments.map((listing) => ledger.position(id, listing.id))).toEqual(held);
          expect(CHAIN.instruments.map((listing) => ledger.traded(id, listing.id))).toEqual(traded);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('pays a settlement to the holder, from the writer', () => {
    const ledger = new Ledger(CHAIN.instruments, AGENTS);
    const call = CHAIN.options[0];
    if (call === undefined) throw new Error('no option');
    post(ledger, { instrument: call.id, price: 100, size: 7, taker: 1, step: 1, buys: true, makerFee: 3, takerFee: -2 });
    expect([ledger.cash(agentId(1)), ledger.cash(agentId(2)), ledger.venue]).toEqual([-350_000_000 + 2, 350_000_000 - 3, 1]);
    ledger.settle(call.id, money(60_000_000));
    expect([ledger.cash(agentId(1)), ledger.cash(agentId(2))]).toEqual([70_000_002, -70_000_003]);
    ledger.settle(call.id, money(60_000_000));
    expect(ledger.cash(agentId(1))).toBe(70_000_002);
    ledger.verify();
  });

  test('verify finds money that came from nowhere', () => {
    const ledger = new Ledger(CHAIN.instruments, AGENTS);
    post(ledger, { instrument: 1, price: 100, size: 7, taker: 1, step: 1, buys: true, makerFee: 0, takerFee: 0 });
    // A settlement of lots at a price that is not whole lets the two sides round apart.
    ledger.settle(instrumentId(1), 0.1 as Money);
    expect(() => ledger.verify()).toThrow(InvariantError);
  });

  test('verify finds an account that is no longer exact', () => {
    const ledger = new Ledger(CHAIN.instruments, AGENTS);
    for (let n = 0; n < 3; n += 1)
      post(ledger, { instrument: 1, price: 1e6, size: 1e4, taker: 0, step: 1, buys: true, makerFee: 0, takerFee: 0 });
    expect(() => ledger.verify()).toThrow(/an account holds/);
  });

  test('verify finds positions that do not add up', () => {
    const ledger = new Ledger(CHAIN.instruments, AGENTS);
    // An agent that does not exist takes the other side into the void.
    const match = post(ledger, {
      instrument: CHAIN.options.length,
      price: 1,
      size: 1,
      taker: 0,
      step: 1,
      buys: true,
      makerFee: 0,
      takerFee: 0,
    });
    ledger.post({ ...match, price: ticks(0), maker: agentId(AGENTS) }, money(0), money(0));
    expect(() => ledger.verify()).toThrow(/positions in .* sum to 1/);
  });
});

test('funding moves money from long to short lots or back, and adds up to zero', () => {
  fc.assert(
    fc.property(fc.array(deal, { maxLength: 30 }), fc.integer({ min: -5_000_000, max: 5_000_000 }), (deals, perLot) => {
      const ledger = new Ledger(CHAIN.instruments, AGENTS);
      for (const each of deals) post(ledger, { ...each, instrument: each.instrument % 2 });
      const before = agents.map((id) => ledger.cash(id));
      const venue = ledger.venue;
      ledger.fund(CHAIN.underlying.id, money(perLot));
      agents.forEach((id, n) => {
        expect(ledger.cash(id) - (before[n] ?? 0)).toBe(0 - ledger.position(id, CHAIN.underlying.id) * perLot);
      });
      expect(ledger.venue).toBe(venue);
      ledger.verify();
    }),
  );
});
