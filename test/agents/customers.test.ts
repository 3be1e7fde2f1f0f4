import { describe, expect, test } from 'vitest';
import type { CustomerWish } from '../../src/agents/agent.ts';
import { customers } from '../../src/agents/customers.ts';
import { lots, NANOS_PER_SECOND, nanos } from '../../src/core/units.ts';
import type { OptionSeries } from '../../src/market/instrument.ts';
import { FakeDesk, FakeOracle, fakeSetup, report } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const OPTION = CHAIN.options[14] as OptionSeries;
const oracle = new FakeOracle(CHAIN);
const FAIR = oracle.fair.price[14] ?? 0;
const VEGA = oracle.fair.vega[14] ?? 0;

const wish = (changes: Partial<CustomerWish> = {}): CustomerWish => ({
  at: nanos(0),
  instrument: OPTION.id,
  side: 'buy',
  contracts: 1,
  reservationVol: 0.004,
  follows: false,
  ...changes,
});

/** What is sent for these wishes of the first step, at the times at which they come. */
function sent(wishes: readonly CustomerWish[]) {
  const desk = new FakeDesk();
  // The world gives the wishes of its present step whenever it is asked.
  const agent = customers.build({}, fakeSetup(CHAIN, { oracle, wishes: () => (desk.now < NANOS_PER_SECOND ? wishes : []) }));
  agent.onOpen(desk);
  const times: number[] = [];
  for (let n = 0; n < 50; n += 1) {
    const at = desk.wakes.shift();
    if (at === undefined || at >= 2 * NANOS_PER_SECOND) break;
    desk.now = at;
    const before = desk.sent.length;
    agent.onWake?.(desk);
    while (times.length < desk.sent.length) times.push(at);
    expect(desk.sent.length).toBeGreaterThanOrEqual(before);
  }
  return desk.heard().map((message, i) => ({ ...message, at: times[i] }));
}

describe('a wish becomes one immediate order', () => {
  test('at fair value plus reservation times vega, rounded against the trade', () => {
    const above = FAIR + 0.004 * VEGA;
    const below = FAIR - 0.004 * VEGA;
    expect(sent([wish()])).toMatchObject([
      { kind: 'submit', instrument: OPTION.id, side: 'buy', type: 'ioc', price: Math.floor(above / 5 + 1e-9), lots: 10 },
    ]);
    expect(sent([wish({ side: 'sell' })])).toMatchObject([{ side: 'sell', type: 'ioc', price: Math.ceil(below / 5 - 1e-9), lots: 10 }]);
    // Who wants better than fair bids below it.
    expect(sent([wish({ reservationVol: -0.004 })])).toMatchObject([{ price: Math.floor(below / 5 + 1e-9) }]);
  });

  test('of whole lots, at least one', () => {
    const sizes = [0.001, 0.14, 0.16, 2.49].map((contracts) => sent([wish({ contracts })])[0]?.lots);
    expect(sizes).toEqual([1, 1, 2, 25]);
  });

  test('a buyer who would pay less than a tick does not come; a seller takes whatever is bid', () => {
    const far = (FAIR / VEGA) * 2;
    expect(sent([wish({ reservationVol: -far })])).toEqual([]);
    expect(sent([wish({ side: 'sell', reservationVol: far })])).toMatchObject([{ side: 'sell', price: 1 }]);
  });

  test('each at its own moment, all of them in order', () => {
    const times = [0, 0.1, 0.1, 0.73, 0.999_999];
    const wishes = times.map((seconds, i) => wish({ at: nanos(Math.round(seconds * NANOS_PER_SECOND)), contracts: i + 1 }));
    const orders = sent(wishes);
    expect(orders.map(({ lots }) => lots)).toEqual([10, 20, 30, 40, 50]);
    expect(orders.map(({ at }) => at)).toEqual(times.map((seconds) => Math.round(seconds * NANOS_PER_SECOND)));
  });
});

test('a wish for what is no option is not sent', () => {
  expect(sent([wish({ instrument: CHAIN.underlying.id })])).toEqual([]);
});

describe('a package', () => {
  const other = CHAIN.options[15] as OptionSeries;
  /** Messages after the first leg has been reported on. */
  function legs(reports: readonly { readonly kind: 'fill' | 'removed'; readonly lots: number; readonly remaining: number }[]) {
    const desk = new FakeDesk();
    const wishes = [
      wish({ contracts: 2 }),
      wish({ instrument: other.id, side: 'sell', contracts: 2, reservationVol: 0.01, follows: true }),
    ];
    const agent = customers.build({}, fakeSetup(CHAIN, { oracle, wishes: () => wishes }));
    agent.onOpen(desk);
    agent.onWake?.(desk);
    agent.onWake?.(desk);
    const [first] = desk.heard();
    expect(first).toMatchObject({ instrument: OPTION.id, lots: 20 });
    for (const { kind, ...rest } of reports) {
      const more = { lots: lots(rest.lots), remaining: lots(rest.remaining) };
      agent.onReport?.(report(kind, first?.order ?? 0, OPTION.id, 'buy', more), desk);
    }
    return desk.heard();
  }

  test('sends its second leg for what the first has traded', () => {
    const second = { instrument: other.id, side: 'sell', type: 'ioc' };
    expect(legs([{ kind: 'fill', lots: 20, remaining: 0 }])).toMatchObject([{ ...second, lots: 20 }]);
    expect(
      legs([
        { kind: 'fill', lots: 3, remaining: 17 },
        { kind: 'fill', lots: 4, remaining: 13 },
        { kind: 'removed', lots: 13, remaining: 0 },
      ]),
    ).toMatchObject([{ ...second, lots: 7 }]);
  });

  test('sends none where the first did not trade, or is not over', () => {
    expect(legs([{ kind: 'removed', lots: 20, remaining: 0 }])).toEqual([]);
    expect(legs([{ kind: 'fill', lots: 3, remaining: 17 }])).toEqual([]);
    expect(legs([])).toEqual([]);
  });
});
