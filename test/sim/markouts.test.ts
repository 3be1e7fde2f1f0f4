import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/core/hash.ts';
import { instrumentId, lots } from '../../src/core/units.ts';
import { submittedAs } from '../../src/exchange/trace-codes.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import type { Attribution } from '../../src/ledger/attribution.ts';
import { type MarkoutSummary, Markouts } from '../../src/sim/markouts.ts';
import { smallChain } from '../support/exchange-log.ts';
import { simulation, tinyScenario } from '../support/tiny.ts';

const chain = smallChain();
const [perpetual, call, put] = chain.instruments;
if (perpetual === undefined || call === undefined || put === undefined) throw new Error('the chain is too small');

/** Fair values and deltas as they are told. */
class Marks {
  readonly fairs = new Map<number, number>();
  readonly deltas = new Map<number, number>();
  fair = (id: number): number => this.fairs.get(id) ?? 0;
  delta = (id: number): number => this.deltas.get(id) ?? 0;
  get asAttribution(): Attribution {
    return this as unknown as Attribution;
  }
}

const at = (summaries: readonly MarkoutSummary[], seconds: number, counterparty = 'customers'): MarkoutSummary | undefined =>
  summaries.find((each) => each.seconds === seconds && each.counterparty === counterparty);

describe('a fill', () => {
  test('is judged once at each horizon: raw, and less what its delta would have gained', () => {
    const marks = new Marks();
    marks.deltas.set(1, 0.4);
    const markouts = new Markouts(1);
    // Sold 5 lots of 0.1 units at 120 ticks of 0.01: 0.5 units at 1.20, spot 100.
    markouts.note(call, 'sell', 120, lots(5), 'customers', marks.asAttribution, 100, 10);
    // The delta counts that was there at the fill.
    marks.deltas.set(1, 0.9);
    const fairAt: Record<number, number> = { 10: 1.25, 11: 1.1, 20: 1.5, 70: 0.7 };
    for (let step = 10; step <= 3000; step += 1) {
      marks.fairs.set(1, fairAt[step] ?? 99);
      markouts.step(marks.asAttribution, step === 11 ? 101 : step === 20 ? 98 : 100, step);
    }
    const summaries = markouts.summaries();
    expect(summaries.map(({ seconds }) => seconds)).toEqual([1, 10, 60, 300, 1800]);
    const [one, ten, sixty] = summaries;
    expect(one).toMatchObject({ counterparty: 'customers', fills: 1, contracts: 0.5 });
    expect(one?.raw).toBeCloseTo(-(1.1 - 1.2), 12);
    expect(one?.hedged).toBeCloseTo(-(1.1 - 1.2) + 0.4 * 1, 12);
    expect(ten?.raw).toBeCloseTo(-0.3, 12);
    expect(ten?.hedged).toBeCloseTo(-0.3 - 0.4 * 2, 12);
    expect(sixty?.raw).toBeCloseTo(0.5, 12);
    expect(sixty?.hedged).toBeCloseTo(0.5, 12);
    expect(summaries.every(({ fills }) => fills === 1)).toBe(true);
  });

  test('counts by its size, and by who was on the other side', () => {
    const marks = new Marks();
    marks.fairs.set(1, 2).set(2, 3);
    const markouts = new Markouts(1);
    markouts.note(call, 'buy', 150, lots(30), 'customers', marks.asAttribution, 100, 0);
    markouts.note(put, 'sell', 310, lots(10), 'customers', marks.asAttribution, 100, 0);
    markouts.note(put, 'sell', 270, lots(10), 'informed', marks.asAttribution, 100, 0);
    markouts.note(perpetual, 'buy', 9000, lots(10), 'customers', marks.asAttribution, 100, 0);
    markouts.step(marks.asAttribution, 100, 1);
    const summaries = markouts.summaries();
    expect(summaries.map(({ seconds, counterparty }) => `${seconds} ${counterparty}`)).toEqual(['1 customers', '1 informed']);
    expect(at(summaries, 1)).toMatchObject({ fills: 2, contracts: 4 });
    // 3 units gained 0.5 each, 1 unit gained 0.1.
    expect(at(summaries, 1)?.raw).toBeCloseTo((3 * 0.5 + 0.1) / 4, 12);
    expect(at(summaries, 1, 'informed')?.raw).toBeCloseTo(-0.3, 12);
  });

  test('waits for the first step that is not before its horizon', () => {
    const marks = new Marks();
    const markouts = new Markouts(7);
    markouts.note(call, 'buy', 100, lots(10), 'customers', marks.asAttribution, 100, 3);
    const judged: number[][] = [];
    for (let step = 3; step <= 13; step += 1) {
      markouts.step(marks.asAttribution, 100, step);
      judged.push(markouts.summaries().map(({ seconds }) => seconds));
    }
    // 1 s and 10 s at steps of 7 s: one and two steps on; 60 s: nine.
    expect(judged.map((list) => list.length)).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
  });

  test('of a series that expires is judged against the payout, whatever the spot does afterwards', () => {
    const marks = new Marks();
    marks.fairs.set(1, 2).set(2, 5);
    marks.deltas.set(1, 0.5).set(2, -0.5);
    const markouts = new Markouts(1);
    markouts.note(call, 'sell', 220, lots(10), 'customers', marks.asAttribution, 100, 0);
    markouts.note(put, 'sell', 520, lots(10), 'informed', marks.asAttribution, 100, 0);
    markouts.step(marks.asAttribution, 100, 1);
    markouts.settled(call.id, 3, 103);
    marks.fairs.set(1, 40);
    markouts.step(marks.asAttribution, 140, 10);
    const summaries = markouts.summaries();
    expect(at(summaries, 1)?.raw).toBeCloseTo(0.2, 12);
    expect(at(summaries, 10)?.raw).toBeCloseTo(-(3 - 2.2), 12);
    expect(at(summaries, 10)?.hedged).toBeCloseTo(-(3 - 2.2) + 0.5 * 3, 12);
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
    const fills: { id: number; sign: number; lots: number; price: number; step: number; with: string; spot: number; delta: number }[] = [];
    const payouts = new Map<number, { readonly fair: number; readonly spot: number }>();
    sim.trace.observe({
      onRecord: (kind, _at, id, agent, order, price, size, extra) => {
        const { tickSize, lotSize } = scenario.chain.instruments[id] ?? { tickSize: 0, lotSize: 0 };
        const spot = sim.world.spot();
        if (kind === TRACE.submitted) orders.set(order, { agent, sign: submittedAs(extra)?.side === 'sell' ? -1 : 1 });
        if (kind === TRACE.settled) payouts.set(id, { fair: extra / 1e6 / lotSize, spot });
        const maker = orders.get(extra);
        const taker = orders.get(order);
        if (kind !== TRACE.filled || id === 0 || maker === undefined || taker === undefined) return;
        const { sign } = maker.agent === me ? maker : taker;
        const other = kinds.get(maker.agent === me ? taker.agent : maker.agent) ?? '';
        const fill = { id, sign, lots: size, price: price * tickSize, step: sim.world.step, with: other, spot };
        if (maker.agent === me || taker.agent === me) fills.push({ ...fill, delta: sim.attribution.delta(instrumentId(id)) });
      },
    });
    const marks: { readonly spot: number; readonly fairs: readonly number[] }[] = [];
    for (let second = 0; second <= 400; second += 1) {
      sim.advance(second);
      marks.push({ spot: sim.world.spot(), fairs: scenario.chain.instruments.map(({ id }) => sim.attribution.fair(id)) });
    }
    const sums = new Map<string, { fills: number; contracts: number; raw: number; hedged: number }>();
    let afterSettlement = 0;
    for (const fill of fills) {
      for (const seconds of [1, 10, 60, 300]) {
        const then = marks[fill.step + seconds];
        if (then === undefined) continue;
        const payout = fill.step + seconds >= 60 ? payouts.get(fill.id) : undefined;
        if (payout !== undefined) afterSettlement += 1;
        const { fair, spot } = payout ?? { fair: then.fairs[fill.id] ?? 0, spot: then.spot };
        const units = fill.lots * 0.1;
        const sum = sums.get(`${seconds} ${fill.with}`) ?? { fills: 0, contracts: 0, raw: 0, hedged: 0 };
        const raw = fill.sign * units * (fair - fill.price);
        sum.fills += 1;
        sum.contracts += units;
        sum.raw += raw;
        sum.hedged += raw - fill.sign * units * fill.delta * (spot - fill.spot);
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
      expect(found.raw).toBeCloseTo((expected?.raw ?? 0) / (expected?.contracts ?? 1), 6);
      expect(found.hedged).toBeCloseTo((expected?.hedged ?? 0) / (expected?.contracts ?? 1), 6);
    }
  });
});
