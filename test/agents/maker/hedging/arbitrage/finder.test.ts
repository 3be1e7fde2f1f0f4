import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArbitrageFinder, type ArbitragePackage } from '../../../../../src/agents/maker/hedging/arbitrage/finder.ts';
import { arbitrageParams, type Bound } from '../../../../../src/agents/maker/hedging/arbitrage/params.ts';
import { TouchPrices } from '../../../../../src/agents/maker/hedging/arbitrage/touch-prices.ts';
import type { InstrumentId } from '../../../../../src/core/units.ts';
import type { Chain } from '../../../../../src/market/chain.ts';
import { TheoChain } from '../../../../../src/pricing/theo.ts';
import { FakeDesk, fakeSetup, TEST_FACTORS } from '../../../../support/fake-desk.ts';
import { quotingView } from '../../../../support/quoting-view.ts';
import { plainTerms, smallChain, type TestExpiry } from '../../../../support/small-chain.ts';

const SPOT = 70_000;
const EXPIRIES: readonly TestExpiry[] = [
  { days: 7, strikes: [60_000, 66_000, 70_000, 72_000, 80_000] },
  { days: 30, strikes: [60_000, 66_000, 70_000, 72_000, 80_000] },
];

interface Market {
  readonly factors?: readonly number[];
  readonly expiries?: readonly TestExpiry[];
  readonly rate?: number;
  readonly halfSpread?: number;
  readonly params?: object;
  readonly free?: boolean;
  readonly hasBasis?: boolean;
}

/** Books around fair values, in which a test moves what it likes. */
function market({
  factors = TEST_FACTORS,
  expiries = EXPIRIES,
  rate = 0,
  halfSpread = 5,
  params = {},
  free = false,
  hasBasis = false,
}: Market = {}) {
  const chain = smallChain(expiries);
  const theo = new TheoChain(chain, plainTerms(chain, rate));
  theo.move(factors, SPOT, 0);
  theo.valueAll();
  const desk = new FakeDesk();
  desk.show(chain.underlying.id, SPOT - 3, SPOT + 3, 1000);
  const show = (series: number, bid: number, ask: number, size = 50): void => {
    const id = chain.options[series]?.id ?? (0 as InstrumentId);
    desk.show(id, bid / 5 < 1 ? undefined : Math.round(bid / 5), Math.round(ask / 5), size);
  };
  chain.options.forEach((_, i) => {
    const price = theo.price[i] ?? 0;
    show(i, Math.floor((price - halfSpread) / 5) * 5, Math.max(5, Math.ceil((price + halfSpread) / 5) * 5));
  });
  const plain = fakeSetup(chain, { hasBasis });
  const setup = { ...plain, valuation: plainTerms(chain, rate), ...(free ? { feePerUnit: () => 0 } : {}) };
  const set = arbitrageParams.parse(free ? { edgeDollars: 1e-9, deliveryBp: 0, ...params } : params);
  const view = { ...quotingView({ chain }), theo };
  const find = (room = () => 1000, own: ConstructorParameters<typeof TouchPrices>[2] = () => undefined): ArbitragePackage | undefined => {
    const prices = new TouchPrices(setup, set, own);
    prices.look(desk, view);
    return new ArbitrageFinder(chain, rate, set).find(prices, theo, room);
  };
  const series = (expiry: number, strike: number, right: 'call' | 'put'): number =>
    chain.options.findIndex((option) => option.expiry === expiry && option.strike === strike && option.right === right);
  return { chain, theo, desk, show, find, series, set, setup };
}

type Stage = ReturnType<typeof market>;

/** Least that a package brings over all spots at the near expiry, dollars in all, paid and received at the prices that are shown; rate and carry 0. */
function worst({ chain, desk, theo, setup }: Stage, { legs }: ArbitragePackage, deliveryBp: number): number {
  let paid = 0;
  const near = Math.min(...legs.map(({ instrument }) => chain.options[instrument - 1]?.expiry ?? 9));
  for (const { instrument, lots } of legs) {
    const listing = chain.instruments[instrument];
    const { bid, ask } = desk.bbo(instrument);
    const price = (lots > 0 ? ask : bid) ?? (0 as never);
    const fee = setup.feePerUnit(instrument, price, 'taker', SPOT);
    const isPerpetual = instrument === chain.underlying.id;
    // In and out of the perpetual, and out of the touch again; options are delivered.
    const late = isPerpetual ? fee + 3 : (deliveryBp / 10_000) * SPOT;
    paid += lots * (listing?.lotSize ?? 0) * price * (listing?.tickSize ?? 0) + Math.abs(lots) * (listing?.lotSize ?? 0) * (fee + late);
  }
  const years = chain.expiries[near]?.years ?? 0;
  let least = Number.POSITIVE_INFINITY;
  for (const spot of [1, 20_000, 59_999, 60_000, 63_000, 66_000, 69_000, 70_000, 71_000, 72_000, 76_000, 80_000, 90_000, 200_000]) {
    theo.move(TEST_FACTORS, spot, years);
    theo.valueAll();
    let worth = -paid;
    for (const { instrument, lots } of legs) {
      const lotSize = chain.instruments[instrument]?.lotSize ?? 0;
      worth += lots * lotSize * (instrument === chain.underlying.id ? spot : (theo.price[instrument - 1] ?? 0));
    }
    least = Math.min(least, worth);
  }
  return least;
}

describe('in a fair market', () => {
  test('nothing is found, whatever the surface, even if trading were free', () => {
    const factors = fc.tuple(
      fc.double({ min: Math.log(0.15), max: Math.log(1.5), noNaN: true }),
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      fc.double({ min: -0.6, max: 0.6, noNaN: true }),
      fc.double({ min: -0.5, max: 0.2, noNaN: true }),
    );
    const carried = EXPIRIES.map((expiry, i) => ({ ...expiry, carry: 0.02 + 0.03 * i }));
    fc.assert(
      fc.property(factors, fc.constantFrom(0, 1, 5, 30), fc.boolean(), (found, halfSpread, carries) => {
        const terms = carries ? { expiries: carried, rate: 0.04 } : {};
        expect(market({ factors: found, halfSpread, free: true, ...terms }).find()).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe('where forwards fall', () => {
  const LOW = [Math.log(0.15), 0, 0, -0.5];
  const falling = (near: number, far: number): Market => ({
    expiries: [
      { days: 7, strikes: [near] },
      { days: 30, strikes: [far], carry: -0.12 },
    ],
    factors: LOW,
    halfSpread: 0,
    free: true,
    params: { bounds: ['calendar'] },
  });

  test('a near call deep in the money is dearer than a far one for a reason', () => {
    const stage = market(falling(60_000, 59_350));
    expect(stage.theo.price[0]).toBeGreaterThan((stage.theo.price[2] ?? 0) + 20);
    expect(stage.find()).toBeUndefined();
  });

  test('a near put deep in the money is dearer than a far one of a lower strike, by less than the strikes differ', () => {
    const stage = market(falling(80_000, 79_300));
    expect(stage.theo.price[1]).toBeGreaterThan((stage.theo.price[3] ?? 0) + 5);
    expect(stage.find()).toBeUndefined();
    stage.show(1, (stage.theo.price[3] ?? 0) + 720, (stage.theo.price[3] ?? 0) + 730);
    expect(stage.find()?.legs.map(({ lots }) => lots)).toEqual([-20, 20]);
  });
});

/** A price that breaks each bound by so many dollars on top of what the books leave. */
const PLANTED: readonly (readonly [bound: Bound, name: string, plant: (stage: Stage, by: number) => void])[] = [
  [
    'parity',
    'a call that is dear against its put',
    ({ theo, show, series }, by) => {
      const price = theo.price[series(1, 70_000, 'call')] ?? 0;
      show(series(1, 70_000, 'call'), Math.round((price + by) / 5) * 5, Math.round((price + by) / 5) * 5 + 10);
    },
  ],
  [
    'parity',
    'a put that is dear against its call',
    ({ theo, show, series }, by) => {
      const price = theo.price[series(0, 72_000, 'put')] ?? 0;
      show(series(0, 72_000, 'put'), Math.round((price + by) / 5) * 5, Math.round((price + by) / 5) * 5 + 10);
    },
  ],
  [
    'vertical',
    'a put that is dearer than one of a higher strike',
    ({ theo, show, series }, by) => {
      const ask = Math.ceil(((theo.price[series(1, 66_000, 'put')] ?? 0) + 5) / 5) * 5;
      show(series(1, 60_000, 'put'), ask + by, ask + by + 10);
    },
  ],
  [
    'vertical',
    'calls that differ by more than their strikes',
    ({ theo, show, series }, by) => {
      const ask = Math.ceil(((theo.price[series(0, 72_000, 'call')] ?? 0) + 5) / 5) * 5;
      show(series(0, 70_000, 'call'), ask + 2000 + by, ask + 2000 + by + 10);
    },
  ],
  [
    'butterfly',
    'a strike that is dearer than the line between its neighbours',
    ({ theo, show, series }, by) => {
      const ask = (strike: number): number => Math.ceil(((theo.price[series(1, strike, 'call')] ?? 0) + 5) / 5) * 5;
      const line = (2 / 6) * ask(66_000) + (4 / 6) * ask(72_000);
      show(series(1, 70_000, 'call'), Math.ceil((line + by) / 5) * 5, Math.ceil((line + by) / 5) * 5 + 10);
    },
  ],
  [
    'calendar',
    'a near call that is dearer than a far one',
    ({ theo, show, series }, by) => {
      const ask = Math.ceil(((theo.price[series(1, 80_000, 'call')] ?? 0) + 5) / 5) * 5;
      show(series(0, 80_000, 'call'), ask + by, ask + by + 10);
    },
  ],
];

describe.each(PLANTED)('%s: %s', (bound, _, plant) => {
  const only = { params: { bounds: [bound] } };

  test('is found, and brings what it says at every spot', () => {
    const stage = market(only);
    plant(stage, 300);
    const found = stage.find();
    expect(found?.bound).toBe(bound);
    if (found === undefined) return;
    expect(found.gain).toBeGreaterThan(5);
    expect(worst(stage, found, 1.5)).toBeGreaterThan(found.gain * found.contracts - 1e-6);
  });

  test('is left alone where costs and edge take all of it', () => {
    const stage = market(only);
    plant(stage, 20);
    expect(stage.find()).toBeUndefined();
    const free = market({ ...only, free: true });
    plant(free, 20);
    expect(free.find()?.bound).toBe(bound);
  });
});

describe('costs', () => {
  /** What a conversion of the 30-day 70,000 brings per contract, when its call is dear. */
  const gain = (changes: Market = {}): number => {
    const stage = market({ ...changes, params: { edgeDollars: 1e-6, bounds: ['parity'], ...changes.params } });
    stage.show(stage.series(1, 70_000, 'call'), 5000, 5010);
    stage.show(stage.series(1, 70_000, 'put'), 3990, 4000);
    return stage.find()?.gain ?? Number.NaN;
  };

  test('are the fees and spreads of all legs, in and out, and deliveries', () => {
    const fees = 2 * 21;
    const deliveries = 2 * 10.5;
    // The perpetual's fee twice, its half-spread twice.
    const perpetual = 2 * 35.0015 + 2 * 3;
    expect(gain()).toBeCloseTo(1000 - fees - deliveries - perpetual, 2);
    expect(gain({ params: { deliveryBp: 0 } })).toBeCloseTo(1000 - fees - perpetual, 2);
  });

  test('have the basis in them where the perpetual may stand away from the index', () => {
    expect(gain() - gain({ hasBasis: true })).toBeCloseTo(70, 9);
    expect(gain({ hasBasis: true, params: { basisBp: 0 } })).toBe(gain());
  });
});

describe('a package', () => {
  const planted = (changes: Market = {}): Stage => {
    const stage = market({ ...changes, params: { bounds: ['butterfly'], ...changes.params } });
    PLANTED[4]?.[2](stage, 600);
    return stage;
  };
  const lotsIn = (found: ArbitragePackage | undefined): number[] => found?.legs.map(({ lots }) => lots) ?? [];

  test('has the ratio of the strikes in whole lots, as many as its size allows', () => {
    expect(lotsIn(planted().find())).toEqual([6, -18, 12]);
    expect(lotsIn(planted({ params: { size: 0.3 } }).find())).toEqual([1, -3, 2]);
    expect(planted({ params: { size: 0.2 } }).find()).toBeUndefined();
  });

  test('is no larger than what every leg shows, and than the room that each has', () => {
    const thin = planted();
    const ask = thin.desk.bbo(thin.chain.options[thin.series(1, 72_000, 'call')]?.id ?? (0 as InstrumentId)).ask ?? 0;
    thin.show(thin.series(1, 72_000, 'call'), ask * 5 - 10, ask * 5, 5);
    expect(lotsIn(thin.find())).toEqual([2, -6, 4]);
    expect(lotsIn(planted().find(() => 10))).toEqual([3, -9, 6]);
  });

  test('has no leg where its own quote stands in the way', () => {
    const stage = planted();
    const middle = stage.series(1, 70_000, 'call');
    const bid = stage.desk.bbo(stage.chain.options[middle]?.id ?? (0 as InstrumentId)).bid;
    expect(stage.find(undefined, (series, side) => (series === middle && side === 'buy' ? bid : undefined))).toBeUndefined();
    expect(stage.find(undefined, (series, side) => (series === middle && side === 'sell' ? bid : undefined))).toBeDefined();
  });

  test('is the one that brings most in all', () => {
    const stage = market();
    PLANTED[4]?.[2](stage, 300);
    PLANTED[5]?.[2](stage, 3000);
    const best = stage.find();
    expect(best?.bound).not.toBe('butterfly');
    expect((best?.gain ?? 0) * (best?.contracts ?? 0)).toBeGreaterThan(2 * 2000);
  });

  test('with the perpetual has as many units of it as a contract is worth at a rate', () => {
    const stage = market({ rate: 0.05, expiries: [{ days: 365, strikes: [66_000, 70_000], carry: 0.01 }], params: { bounds: ['parity'] } });
    const [call, put] = [stage.series(0, 70_000, 'call'), stage.series(0, 70_000, 'put')];
    stage.show(call, (stage.theo.price[call] ?? 0) + 1000, (stage.theo.price[call] ?? 0) + 1010);
    const found = stage.find();
    expect(found?.legs).toEqual([
      { instrument: call + 1, lots: -20 },
      { instrument: put + 1, lots: 20 },
      { instrument: 0, lots: Math.round(200 * Math.exp(-0.04)) },
    ]);
  });
});

test('expired options are in no package', () => {
  const chain: Chain = smallChain(EXPIRIES);
  const stage = market();
  expect(chain.options).toHaveLength(20);
  stage.theo.move(TEST_FACTORS, SPOT, 8 / 365);
  stage.theo.valueAll();
  for (const [i, { expiry }] of chain.options.entries()) if (expiry === 0) stage.show(i, 50_000, 50_010);
  expect(stage.find()).toBeUndefined();
});
