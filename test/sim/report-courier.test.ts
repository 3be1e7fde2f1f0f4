import { expect, test } from 'vitest';
import { agentId, instrumentId, lots, money, type Nanos, nanos, orderId, ticks } from '../../src/core/units.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { Line } from '../../src/kernel/line.ts';
import type { Trade } from '../../src/market/data.ts';
import type { Report } from '../../src/market/order.ts';
import { ReportCourier } from '../../src/sim/report-courier.ts';
import { arrivalsOf, constantLine, lineOf, lognormal } from '../support/lines.ts';

const report = (order: number): Report => ({
  kind: 'fill',
  order: orderId(order),
  instrument: instrumentId(2),
  side: 'sell',
  price: ticks(40 + order),
  lots: lots(3),
  remaining: lots(1),
  liquidity: 'maker',
  fee: money(7),
  reason: undefined,
});

/**
 * Three addressees that copy what they get; the second hears no prints, nobody those of instrument 5. Latencies of 5, 0 and 30 nanoseconds
 * for reports, and for prints unless told otherwise.
 */
function post(data: readonly Line[] = [5, 0, 30].map(constantLine)) {
  const kernel = new Kernel({ seed: 'courier', queueCapacity: 100 });
  const reports: { readonly at: number; readonly agent: number; readonly report: Report }[] = [];
  const trades: { readonly at: number; readonly agent: number; readonly trade: Trade }[] = [];
  const addressees = [0, 1, 2].map((agent) => ({
    hearsTradesIn: (instrument: number) => agent !== 1 && instrument !== 5,
    deliverReport: (each: Report) => {
      reports.push({ at: kernel.now, agent, report: { ...each } });
      // Addressees complete reports: that must not show in any later one.
      each.instrument = instrumentId(9);
    },
    deliverTrade: (trade: Readonly<Trade>) => trades.push({ at: kernel.now, agent, trade: { ...trade } }),
  }));
  const courier = new ReportCourier(kernel, { ack: [5, 0, 30].map(constantLine), data }, addressees);
  return { kernel, courier, reports, trades };
}

test('a report reaches its owner alone, after exactly its latency, as it was when it was sent', () => {
  const { kernel, courier, reports } = post();
  kernel.advance(nanos(100));
  const sent = report(1);
  for (const agent of [2, 0, 1]) courier.sendReport(agentId(agent), sent);
  // The exchange fills the same object anew.
  Object.assign(sent, report(8));
  kernel.advance(nanos(1000));
  expect(reports).toEqual([
    { at: 100, agent: 1, report: report(1) },
    { at: 105, agent: 0, report: report(1) },
    { at: 130, agent: 2, report: report(1) },
  ]);
});

test('reports of one owner come in the order in which they were sent, whatever came between', () => {
  const { kernel, courier, reports } = post();
  for (let n = 1; n <= 50; n += 1) {
    kernel.advance(nanos(3 * n));
    courier.sendReport(agentId(2), report(2 * n));
    courier.sendReport(agentId(2), report(2 * n + 1));
    courier.sendReport(agentId(0), report(1000 + n));
  }
  kernel.advance(nanos(1000));
  const to2 = reports.filter(({ agent }) => agent === 2);
  expect(to2.map(({ report: each }) => each.order)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  expect(to2.map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, i) => 3 * (1 + Math.floor(i / 2)) + 30));
  // Parcels are used again, and hold nothing of what was in them before.
  for (const { report: each } of reports) expect(each).toEqual(report(each.order));
  expect(reports).toHaveLength(150);
});

test('a rejection in a parcel that held a fill carries its own reason, and the other way round', () => {
  const { kernel, courier, reports } = post();
  courier.sendReport(agentId(1), { ...report(1), kind: 'rejected', reason: 'not-owner' });
  kernel.advance(nanos(1));
  courier.sendReport(agentId(1), report(2));
  kernel.advance(nanos(2));
  expect(reports.map(({ report: each }) => [each.kind, each.reason])).toEqual([
    ['rejected', 'not-owner'],
    ['fill', undefined],
  ]);
});

const printAt = (at: Nanos, price: number): Trade => ({
  instrument: instrumentId(4),
  price: ticks(price),
  lots: lots(2),
  aggressor: 'buy',
  at,
});

test('a print goes to all who hear prints, after the latency of each, with its own time on it', () => {
  const { kernel, courier, trades } = post();
  const print = (price: number): Trade => printAt(kernel.now, price);
  kernel.advance(nanos(10));
  courier.sendTrade(print(50));
  kernel.advance(nanos(12));
  courier.sendTrade(print(51));
  kernel.advance(nanos(100));
  expect(trades.map(({ at, agent, trade }) => [at, agent, trade.price, trade.at])).toEqual([
    [15, 0, 50, 10],
    [17, 0, 51, 12],
    [40, 2, 50, 10],
    [42, 2, 51, 12],
  ]);
  courier.sendTrade({ ...print(60), aggressor: 'sell', lots: lots(9) });
  kernel.advance(nanos(200));
  expect(trades.slice(4).map(({ trade }) => trade)).toEqual(
    [1, 2].map(() => ({ instrument: 4, price: 60, lots: 9, aggressor: 'sell', at: 100 })),
  );
});

test('a print in an instrument that an addressee does not listen to is not sent to it', () => {
  const { kernel, courier, trades } = post();
  courier.sendTrade({ ...printAt(kernel.now, 50), instrument: instrumentId(5) });
  expect(kernel.pending).toBe(0);
  courier.sendTrade(printAt(kernel.now, 50));
  kernel.advance(nanos(100));
  expect(trades.map(({ agent, trade }) => [agent, trade.instrument])).toEqual([
    [0, 4],
    [2, 4],
  ]);
});

test('prints and reports keep to their own lines: each arrives by the draws of its leg, and in the order of sending', () => {
  const law = lognormal(40, 1);
  const lines = [0, 1, 2].map((agent) => lineOf(law, 'post', `${agent}`));
  const { kernel, courier, reports, trades } = post(lines);
  const arrivals = [0, 2].map((agent) => ({ agent, arrival: arrivalsOf(law, 'post', `${agent}`) }));
  const expected: (readonly [at: number, agent: number, price: number])[] = [];
  for (let n = 1; n <= 100; n += 1) {
    kernel.advance(nanos(10 * n));
    courier.sendTrade(printAt(kernel.now, n));
    for (const { agent, arrival } of arrivals) expected.push([arrival(10 * n), agent, n]);
    courier.sendReport(agentId(2), report(n));
  }
  kernel.advance(nanos(1e6));
  const byAgent = (agent: number) => trades.filter((each) => each.agent === agent).map(({ at, trade }) => [at, agent, trade.price]);
  for (const agent of [0, 2]) expect(byAgent(agent)).toEqual(expected.filter((each) => each[1] === agent));
  expect(byAgent(1)).toEqual([]);
  // A print that waits holds up no report.
  expect(reports.map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, i) => 10 * (i + 1) + 30));
  expect(new Set(byAgent(0).map(([at]) => at)).size).toBeLessThan(100);
});
