import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { instrumentId, lots, ticks } from '../../src/core/units.ts';
import { submittedAs } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { Instrument } from '../../src/market/instrument.ts';
import type { Side } from '../../src/market/order.ts';
import { MARKOUT_GROUPS, type MarkoutMarks, type MarkoutSummary, Markouts } from '../../src/sim/markouts.ts';
import { smallChain } from '../support/exchange-log.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

const chain = smallChain();
const [perpetual, call, put] = chain.instruments;
if (perpetual === undefined || call === undefined || put === undefined) throw new Error('the chain is too small');

/** Fair values, deltas and exposures to the level as they are told, and a ledger of markouts that sees them. */
class Marks {
  readonly fairs = new Map<number, number>();
  readonly deltas = new Map<number, number>();
  readonly levels = new Map<number, number>();
  readonly markouts: Markouts;

  constructor(stepSeconds = 1) {
    this.markouts = new Markouts(chain, stepSeconds);
  }

  at(step: number, spot = 100, level = -0.7): MarkoutMarks {
    const values = {
      fair: (id: number) => this.fairs.get(id) ?? 0,
      delta: (id: number) => this.deltas.get(id) ?? 0,
      exposure: (id: number, factor: number) => (factor === 0 ? (this.levels.get(id) ?? 0) : Number.NaN),
    };
    return { values, spot, level, step };
  }

  note(listing: Instrument, side: Side, price: number, size: number, counterparty: string, step: number, regime = 'calm'): void {
    const fill = { instrument: listing.id, side, price: ticks(price), size: lots(size), counterparty, regime };
    this.markouts.note(fill, this.at(step));
  }
}

const at = (summaries: readonly MarkoutSummary[], seconds: number, counterparty = 'customers'): MarkoutSummary | undefined =>
  summaries.find((each) => each.seconds === seconds && each.counterparty === counterparty);

describe('a fill', () => {
  test('is judged once at each horizon: raw, less what its delta would have gained, and less what its level would', () => {
    const marks = new Marks();
    const { markouts } = marks;
    marks.fairs.set(1, 1.17);
    marks.deltas.set(1, 0.4);
    marks.levels.set(1, 3);
    // Sold 5 lots of 0.1 units at 120 ticks of 0.01: 0.5 units at 1.20, spot 100, level -0.7.
    marks.note(call, 'sell', 120, 5, 'customers', 10);
    // Delta and exposure count that were there at the fill.
    marks.deltas.set(1, 0.9);
    marks.levels.set(1, 9);
    const fairAt: Record<number, number> = { 10: 1.25, 11: 1.1, 20: 1.5, 70: 0.7 };
    for (let step = 10; step <= 3000; step += 1) {
      marks.fairs.set(1, fairAt[step] ?? 99);
      markouts.step(marks.at(step, step === 11 ? 101 : step === 20 ? 98 : 100, step === 11 ? -0.68 : step === 70 ? -0.75 : -0.7));
    }
    const summaries = markouts.summaries();
    expect(summaries.map(({ seconds }) => seconds)).toEqual([1, 10, 60, 300, 1800]);
    const [one, ten, sixty] = summaries;
    expect(one).toMatchObject({ counterparty: 'customers', fills: 1, contracts: 0.5 });
    expect(one?.raw).toBeCloseTo(-(1.1 - 1.2), 12);
    expect(one?.hedged).toBeCloseTo(-(1.1 - 1.2) + 0.4 * 1, 12);
    expect(one?.vegaHedged).toBeCloseTo(-(1.1 - 1.2) + 0.4 * 1 + 3 * 0.02, 12);
    expect(ten?.raw).toBeCloseTo(-0.3, 12);
    expect(ten?.hedged).toBeCloseTo(-0.3 - 0.4 * 2, 12);
    expect(ten?.vegaHedged).toBeCloseTo(-0.3 - 0.4 * 2, 12);
    expect(sixty?.raw).toBeCloseTo(0.5, 12);
    expect(sixty?.hedged).toBeCloseTo(0.5, 12);
    expect(sixty?.vegaHedged).toBeCloseTo(0.5 - 3 * 0.05, 12);
    expect(summaries.every(({ fills }) => fills === 1)).toBe(true);
    for (const { capture } of summaries) expect(capture).toBeCloseTo(1.2 - 1.17, 12);
  });

  test('counts by its size, and by who was on the other side', () => {
    const marks = new Marks();
    marks.fairs.set(1, 2).set(2, 3);
    marks.note(call, 'buy', 150, 30, 'customers', 0);
    marks.note(put, 'sell', 310, 10, 'customers', 0);
    marks.note(put, 'sell', 270, 10, 'informed', 0);
    marks.note(perpetual, 'buy', 9000, 10, 'customers', 0);
    marks.markouts.step(marks.at(1));
    const summaries = marks.markouts.summaries();
    expect(summaries.map(({ seconds, counterparty }) => `${seconds} ${counterparty}`)).toEqual(['1 customers', '1 informed']);
    expect(at(summaries, 1)).toMatchObject({ fills: 2, contracts: 4 });
    // 3 units gained 0.5 each, 1 unit gained 0.1.
    expect(at(summaries, 1)?.raw).toBeCloseTo((3 * 0.5 + 0.1) / 4, 12);
    expect(at(summaries, 1, 'informed')?.raw).toBeCloseTo(-0.3, 12);
  });

  test('counts in each group that it belongs to: series and expiry in the order of the chain, regime as it was then, side of the one judged', () => {
    const marks = new Marks();
    marks.fairs.set(1, 2).set(2, 3);
    marks.note(put, 'sell', 310, 10, 'informed', 0, 'stressed');
    marks.note(call, 'buy', 150, 30, 'customers', 0, 'calm');
    marks.note(call, 'sell', 230, 20, 'customers', 0, 'stressed');
    marks.markouts.step(marks.at(1));
    const rows = (by: (typeof MARKOUT_GROUPS)[number]) =>
      marks.markouts.rows(by).map(({ name, fills, contracts, raw, ...rest }) => [rest.by, name, fills, contracts, raw.toFixed(6)]);
    const expiry = chain.expiries[0]?.label;
    expect(rows('series')).toEqual([
      ['series', call.symbol, 2, 5, ((3 * 0.5 + 2 * 0.3) / 5).toFixed(6)],
      ['series', put.symbol, 1, 1, '0.100000'],
    ]);
    expect(rows('expiry')).toEqual([['expiry', expiry, 3, 6, ((3 * 0.5 + 2 * 0.3 + 0.1) / 6).toFixed(6)]]);
    expect(rows('regime')).toEqual([
      ['regime', 'calm', 1, 3, '0.500000'],
      ['regime', 'stressed', 2, 3, ((2 * 0.3 + 0.1) / 3).toFixed(6)],
    ]);
    expect(rows('side')).toEqual([
      ['side', 'buy', 1, 3, '0.500000'],
      ['side', 'sell', 2, 3, ((2 * 0.3 + 0.1) / 3).toFixed(6)],
    ]);
    for (const by of MARKOUT_GROUPS) expect(marks.markouts.rows(by).reduce((sum, { fills }) => sum + fills, 0)).toBe(3);
  });

  test('gave back what its hedged markout at five minutes lacks of the capture', () => {
    const marks = new Marks();
    marks.fairs.set(1, 2);
    marks.deltas.set(1, 0.5);
    // Captures of 0.5 and 0.2 at 1 and 3 units; the value falls to 1.6 while the spot falls by 0.2.
    marks.note(call, 'buy', 150, 10, 'informed', 0);
    marks.note(call, 'buy', 180, 30, 'informed', 0);
    marks.note(call, 'sell', 230, 10, 'customers', 100);
    marks.fairs.set(1, 1.6);
    for (let step = 1; step < 400; step += 1) marks.markouts.step(marks.at(step, 99.8));
    // The fill of the hundredth second is too young.
    expect(marks.markouts.adverseSelection()).toEqual([
      {
        counterparty: 'informed',
        seconds: 300,
        fills: 2,
        contracts: 4,
        capture: expect.closeTo((0.5 + 3 * 0.2) / 4, 12),
        hedged: expect.closeTo((0.1 - 3 * 0.2) / 4 + 0.5 * 0.2, 12),
        adverseSelection: expect.closeTo(-0.4 + 0.1, 12),
      },
    ]);
  });

  test('waits for the first step that is not before its horizon', () => {
    const marks = new Marks(7);
    marks.note(call, 'buy', 100, 10, 'customers', 3);
    const judged: number[][] = [];
    for (let step = 3; step <= 13; step += 1) {
      marks.markouts.step(marks.at(step));
      judged.push(marks.markouts.summaries().map(({ seconds }) => seconds));
    }
    // 1 s and 10 s at steps of 7 s: one and two steps on; 60 s: nine.
    expect(judged.map((list) => list.length)).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
  });

  test('of a series that expires is judged against the payout, whatever spot and level do afterwards', () => {
    const marks = new Marks();
    const { markouts } = marks;
    marks.fairs.set(1, 2).set(2, 5);
    marks.deltas.set(1, 0.5).set(2, -0.5);
    marks.levels.set(1, 2);
    marks.note(call, 'sell', 220, 10, 'customers', 0);
    marks.note(put, 'sell', 520, 10, 'informed', 0);
    markouts.step(marks.at(1));
    markouts.settled(call.id, 3, 103, -0.6);
    marks.fairs.set(1, 40);
    markouts.step(marks.at(10, 140, 0.5));
    const summaries = markouts.summaries();
    expect(at(summaries, 1)?.raw).toBeCloseTo(0.2, 12);
    expect(at(summaries, 10)?.raw).toBeCloseTo(-(3 - 2.2), 12);
    expect(at(summaries, 10)?.hedged).toBeCloseTo(-(3 - 2.2) + 0.5 * 3, 12);
    expect(at(summaries, 10)?.vegaHedged).toBeCloseTo(-(3 - 2.2) + 0.5 * 3 + 2 * 0.1, 12);
    expect(at(summaries, 10, 'informed')?.hedged).toBeCloseTo(0.2 - 0.5 * 40, 12);
  });
});

describe('in a run', () => {
  test('every option fill of the subject is judged once per horizon that fits in', () => {
    const scenario = tinyScenario();
    const sim = simulation(scenario);
    sim.advance(290);
    const options = sim.records.recorder.log.filter((line) => line.kind === 'fill').length;
    expect(options).toBeGreaterThan(5);
    sim.advance(300);
    const total = (seconds: number): number =>
      sim.records.markouts
        .summaries()
        .filter((each) => each.seconds === seconds)
        .reduce((sum, each) => sum + each.fills, 0);
    expect(total(10)).toBe(options);
    expect(total(1)).toBeGreaterThanOrEqual(options);
    expect(total(60)).toBeLessThanOrEqual(options);
    expect(total(300)).toBe(0);
  });

  test('all sums are those of a plain reckoning from the trace, settled series included', () => {
    const scenario = tinyScenario([
      `market.expiries.0={ days: ${60 / 86_400}, strikes: [69000, 69800, 70000] }`,
      'world.timeline=[]',
      'flow.rate=60000',
      'duration=400',
      'subject=rivals',
    ]);
    const sim = simulation(scenario, '2');
    const me = hashText(sim.subject.name);
    const kinds = new Map(scenario.agents.map(({ name, kind }) => [hashText(name), kind.kind]));
    const orders = new Map<number, { readonly agent: number; readonly sign: number }>();
    const fills: {
      id: number;
      sign: number;
      lots: number;
      price: number;
      step: number;
      with: string;
      spot: number;
      delta: number;
      level: number;
      exposure: number;
      fair: number;
    }[] = [];
    const payouts = new Map<number, { readonly fair: number; readonly spot: number; readonly level: number }>();
    sim.trace.observe({
      onRecord: (kind, _at, id, agent, order, price, size, extra) => {
        const { tickSize, lotSize } = scenario.chain.instruments[id] ?? { tickSize: 0, lotSize: 0 };
        const spot = sim.world.spot();
        if (kind === TRACE.submitted) orders.set(order, { agent, sign: submittedAs(extra)?.side === 'sell' ? -1 : 1 });
        if (kind === TRACE.settled) payouts.set(id, { fair: extra / 1e6 / lotSize, spot, level: sim.world.factor(0) });
        const maker = orders.get(extra);
        const taker = orders.get(order);
        if (kind !== TRACE.filled || id === 0 || maker === undefined || taker === undefined) return;
        const { sign } = maker.agent === me ? maker : taker;
        const other = kinds.get(maker.agent === me ? taker.agent : maker.agent) ?? '';
        if (maker.agent !== me && taker.agent !== me) return;
        const series = instrumentId(id);
        fills.push({
          ...{ id, sign, lots: size, price: price * tickSize, step: sim.world.step, with: other, spot, level: sim.world.factor(0) },
          ...{ delta: sim.attribution.delta(series), exposure: sim.attribution.exposure(series, 0), fair: sim.attribution.fair(series) },
        });
      },
    });
    const marks: { readonly spot: number; readonly level: number; readonly fairs: readonly number[] }[] = [];
    for (let second = 0; second <= 400; second += 1) {
      sim.advance(second);
      marks.push({
        spot: sim.world.spot(),
        level: sim.world.factor(0),
        fairs: scenario.chain.instruments.map(({ id }) => sim.attribution.fair(id)),
      });
    }
    const sums = new Map<string, { fills: number; contracts: number; raw: number; hedged: number; vegaHedged: number; capture: number }>();
    let afterSettlement = 0;
    for (const fill of fills) {
      for (const seconds of [1, 10, 60, 300]) {
        const then = marks[fill.step + seconds];
        if (then === undefined) continue;
        const payout = fill.step + seconds >= 60 ? payouts.get(fill.id) : undefined;
        if (payout !== undefined) afterSettlement += 1;
        const { fair, spot, level } = payout ?? { fair: then.fairs[fill.id] ?? 0, spot: then.spot, level: then.level };
        const units = fill.lots * 0.1;
        const sum = sums.get(`${seconds} ${fill.with}`) ?? { fills: 0, contracts: 0, raw: 0, hedged: 0, vegaHedged: 0, capture: 0 };
        const raw = fill.sign * units * (fair - fill.price);
        sum.fills += 1;
        sum.contracts += units;
        sum.raw += raw;
        sum.hedged += raw - fill.sign * units * fill.delta * (spot - fill.spot);
        sum.vegaHedged += raw - fill.sign * units * (fill.delta * (spot - fill.spot) + fill.exposure * (level - fill.level));
        sum.capture += fill.sign * units * (fill.fair - fill.price);
        sums.set(`${seconds} ${fill.with}`, sum);
      }
    }
    const summaries = sim.records.markouts.summaries();
    expect(summaries).toHaveLength(sums.size);
    expect(afterSettlement).toBeGreaterThan(10);
    for (const { seconds, counterparty, ...found } of summaries) {
      const expected = sums.get(`${seconds} ${counterparty}`);
      expect(found.fills).toBe(expected?.fills);
      expect(found.contracts).toBeCloseTo(expected?.contracts ?? 0, 6);
      for (const figure of ['raw', 'hedged', 'vegaHedged', 'capture'] as const) {
        expect(found[figure]).toBeCloseTo((expected?.[figure] ?? 0) / (expected?.contracts ?? 1), 6);
      }
    }
  });
});
