import { type InstrumentId, instrumentId, lots, nanos, orderId, ticks } from '../../src/core/units.ts';
import { REMOVAL } from '../../src/exchange/trace-codes.ts';
import type { CancelScope, OrderRequest, ProtectionSettings, QuoteSide, SeriesQuote, Side } from '../../src/market/order.ts';
import { bandedChain, type ExchangeCommand, ExchangeTwins } from './exchange-twins.ts';
import type { NaiveRules } from './naive-exchange.ts';

/** Free of fees and bounds; four agents, A to D. One lot is 0.1 units; per unit C95 has delta 0.7 and vega 0.16, P95 −0.3 and 0.16. */
const EASY: NaiveRules = {
  agents: 4,
  selfTrade: 'cancel-oldest',
  lotsPerOrder: 1000,
  ordersPerAgent: 100,
  requestRate: undefined,
  priceBand: undefined,
  fees: { option: { maker: 0, taker: 0, premiumCap: 0.125 }, perpetual: { maker: 0, taker: 0 } },
  delta: [1_000_000, 500_000, -500_000, 700_000, -300_000, 300_000, -700_000],
  vega: [0, 80_000, 80_000, 160_000, 160_000, 150_000, 150_000],
};

const SERIES = ['XYZ', 'C100', 'P100', 'C95', 'P95', 'C105', 'P105'];
const EXPIRIES = ['7d', '30d'];
const CAUSES = new Map<number, string>(Object.entries(REMOVAL).map(([name, cause]) => [cause, name]));

/**
 * Runs a readable script against the exchange and the naive one, and returns it with what happened in place of what was expected: a test
 * compares the two texts. A row is `command | outcome`. Orders are named by agent and number (`A1`), agents by a letter; the series is C95
 * unless another is named: XYZ is the perpetual, C100 and P100 expire in 7 days, C95, P95, C105 and P105 in 30.
 *
 *     A1 sell 5 x8                    | A1 rests 5 x8                     limit; or: ioc, fok, market, post, slide, day; a series
 *     B1 buy 6 x9                     | 8@5 A1 crossed; B1 rests 6 x1     each match, and how it came about; then what rests
 *     B2 buy 4 x9 ioc                 | B2 dropped x9                     and other causes of a removal: cancelled, replaced, …
 *     reduce B1 x1                    | B1 cancelled x1, x2 left
 *     cancel B1                       | B1 cancelled x2
 *     A cancels B1                    | B1 refused: not-owner (XYZ buy 0 x0)
 *     replace A1 A2 7 x3              | A1 replaced x8; A2 rests 7 x3
 *     A cancels all C95 buy quotes    | A4 cancelled x2                   or: 7d, 30d, sell, orders
 *     A quotes Q1 C95 A5 4x8 keep, P95 - A6 7x2  | A3 replaced x1; …; Q1 quoted 2 sides
 *     A protects units 1 interval 1s frozen 2s   |                        or: delta, vega, nothing
 *     A resets / A disconnects / A connects / day ends / market closes / market opens / list C105 / withhold C105 / expire 7d
 *     wait 500ms / index 100.01
 *     ahead A1                        | 8: lots in front at its price; or none
 *     book P95                        | followed by one row per level, offers on top, first in queue at the left
 *       42 sell A1:5 B2:3
 *
 * Where nothing is told of a book, no book may have changed; where a change is told, one must have.
 */
export function ranExchangeScript(script: string, rules: Partial<NaiveRules> = {}, showsFees = false): string {
  const run = new Script({ ...EASY, ...rules }, showsFees);
  const out: string[] = [];
  for (const row of script.split('\n')) {
    const command = row.split('|')[0]?.trim().replace(/ +/g, ' ') ?? '';
    if (command === '' || /^\d+ (buy|sell) /.test(command)) continue;
    if (command.startsWith('book')) out.push(`${command} |`, ...run.table(command.split(' ')[1] ?? 'C95'));
    else out.push(`${command} | ${run.outcome(command)}`.trim());
  }
  return out.join('\n');
}

class Script {
  readonly #twins: ExchangeTwins;
  readonly #showsFees: boolean;
  readonly #names: string[] = [];

  constructor(rules: NaiveRules, showsFees: boolean) {
    this.#twins = new ExchangeTwins(rules, bandedChain());
    this.#showsFees = showsFees;
  }

  outcome(text: string): string {
    if (text.startsWith('ahead'))
      return String(this.#twins.exchange.book(this.#seriesOf(text)).lotsAhead(this.#id(text.split(' ')[1])) ?? 'none');
    const before = this.#digests();
    const command = this.#command(text);
    const difference = this.#twins.run(command);
    if (difference !== undefined) throw new Error(`${text}: the naive exchange does not agree: ${difference}`);
    this.#twins.verify();
    const { told } = this.#twins;
    const isChanged = this.#digests() !== before;
    if (told.some((line) => line.startsWith('changed')) !== isChanged) throw new Error(`${text}: changes told: ${told.join('; ')}`);
    return this.#shown(told);
  }

  /** One row per level, offers on top; each order placed by what is ahead of it. */
  table(name: string): string[] {
    const { naive } = this.#twins;
    const rows = (side: Side): string[] => {
      const levels = new Map<number, string[]>();
      for (const order of naive.queue(SERIES.indexOf(name), side)) {
        levels.set(order.price, [...(levels.get(order.price) ?? []), `${this.#names[order.id - 1]}:${order.lots}`]);
      }
      return [...levels].map(([price, orders]) => `${price} ${side} ${orders.join(' ')}`);
    };
    return [...rows('sell').reverse(), ...rows('buy')];
  }

  #command(text: string): ExchangeCommand {
    const words = text.split(' ');
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = words;
    switch (first) {
      case 'wait':
        return { op: 'wait', nanos: time(second) };
      case 'index':
        return { op: 'index', cents: Math.round(100 * Number(second)) };
      case 'cancel':
        return { op: 'cancel', agent: agentOf(second), id: this.#id(second) };
      case 'reduce':
        return { op: 'reduce', agent: agentOf(second), id: this.#id(second), by: size(third) };
      case 'replace':
        return {
          op: 'replace',
          agent: agentOf(third),
          id: this.#id(second),
          newId: this.#new(third),
          price: Number(fourth),
          lots: size(fifth),
        };
      case 'list':
      case 'withhold':
        return { op: first, instruments: words.slice(1).map((name) => instrument(name)) };
      case 'day':
        return { op: 'endDay' };
      case 'market':
        return { op: second === 'closes' ? 'close' : 'open' };
      case 'expire':
        return { op: 'expire', expiry: EXPIRIES.indexOf(second) };
    }
    const agent = agentOf(first);
    switch (second) {
      case 'cancels':
        return third === 'all' ? { op: 'cancelAll', agent, scope: scope(words.slice(3)) } : { op: 'cancel', agent, id: this.#id(third) };
      case 'quotes':
        return { op: 'massQuote', agent, message: this.#new(third), quotes: this.#quotes(text.slice(text.indexOf(third) + third.length)) };
      case 'protects':
        return { op: 'protect', agent, settings: settings(words.slice(2)) };
      case 'resets':
        return { op: 'reset', agent };
      case 'disconnects':
        return { op: 'disconnect', agent };
      case 'connects':
        return { op: 'connect', agent };
      default:
        return { op: 'submit', agent, id: this.#new(first), request: request(second, third, words.slice(3)) };
    }
  }

  /** `C95 A1 40x5 A2 42x3, P95 keep -`: each side an order with price and size, `keep`, or `-` to withdraw it. */
  #quotes(text: string): SeriesQuote[] {
    const parts = text.split(',').map((part) => part.trim());
    return parts
      .filter((part) => part !== '')
      .map((part): SeriesQuote => {
        const [name = '', ...words] = part.split(' ');
        const side = (): QuoteSide | 'keep' | undefined => {
          const word = words.shift() ?? '-';
          if (word === '-') return undefined;
          if (word === 'keep') return word;
          const [price = '', quantity = ''] = (words.shift() ?? '').split('x');
          return { order: orderId(this.#new(word)), price: ticks(Number(price)), lots: lots(Number(quantity)) };
        };
        return { instrument: instrument(name), bid: side(), ask: side() };
      });
  }

  #shown(told: readonly string[]): string {
    const causes = [...this.#twins.causes];
    const out: string[] = [];
    for (const line of told) {
      const named = line
        .replace(/#(\d+)/g, (_, id: string) => this.#names[Number(id) - 1] ?? '?')
        .replace(/\bi(\d)\b/g, (_, id: string) => SERIES[Number(id)] ?? '?');
      const words = named.split(' ');
      const [agent = '', kind = '', order = '', series = ''] = words;
      if (agent === 'match') {
        const [, , traded, , , , , maker, cause, makerFee, takerFee] = words;
        out.push(`${traded} ${maker} ${cause}${this.#showsFees ? ` fees ${makerFee} ${takerFee}` : ''}`);
      } else if (agent === 'settle') out.push(`${kind} settled`);
      else if (kind === 'accepted') out.push(`${order} rests ${words[5]} ${words[6]}`);
      else if (kind === 'removed') {
        const left = Number(words.at(-1));
        out.push(`${order} ${CAUSES.get(causes.shift() ?? 0)} ${words[6]}${left > 0 ? `, x${left} left` : ''}`);
      } else if (kind === 'rejected') {
        const reason = words.at(-1) ?? '';
        const isHidden = reason === 'unknown-order' || reason === 'not-owner';
        out.push(`${order} refused: ${reason}${isHidden ? ` (${[series, ...words.slice(4, 7)].join(' ')})` : ''}`);
      } else if (kind === 'quoted') out.push(`${order} quoted ${words[3]?.slice(1)} sides`);
      else if (kind === 'frozen' || kind === 'thawed') out.push(`${letter(Number(agent))} ${kind}`);
    }
    return out.join('; ');
  }

  #digests(): string {
    return this.#twins.chain.instruments.map(({ id }) => this.#twins.exchange.book(id).digest()).join();
  }

  #seriesOf(text: string): InstrumentId {
    return instrument(SERIES.find((name) => text.endsWith(` ${name}`)) ?? 'C95');
  }

  #new(name: string): number {
    if (this.#names.includes(name)) throw new Error(`${name} is named twice`);
    return this.#names.push(name);
  }

  /** An id that was never given out, for a name that was not. */
  #id(name = ''): ReturnType<typeof orderId> {
    const place = this.#names.indexOf(name);
    return orderId(place < 0 ? 1_000_000 : place + 1);
  }
}

function request(side: string, price: string, words: readonly string[]): OrderRequest {
  const has = (word: string): boolean => words.includes(word);
  const series = words.find((word) => SERIES.includes(word)) ?? 'C95';
  const type = price === 'market' ? 'market' : has('ioc') ? 'ioc' : has('fok') ? 'fok' : 'limit';
  return {
    instrument: instrument(series),
    side: side as Side,
    type,
    price: ticks(price === 'market' ? 0 : Number(price)),
    lots: lots(size(words[0] ?? '')),
    post: has('post') ? 'reject' : has('slide') ? 'slide' : undefined,
    day: has('day'),
  };
}

function scope(words: readonly string[]): CancelScope {
  const made: { -readonly [K in keyof CancelScope]: CancelScope[K] } = {};
  for (const word of words) {
    if (SERIES.includes(word)) made.instrument = instrument(word);
    else if (EXPIRIES.includes(word)) made.expiry = EXPIRIES.indexOf(word);
    else if (word === 'buy' || word === 'sell') made.side = word;
    else made.quotes = word === 'quotes';
  }
  return made;
}

function settings(words: readonly string[]): ProtectionSettings | undefined {
  if (words[0] === 'nothing') return undefined;
  const after = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const limit = (word: string): number | undefined => (after(word) === undefined ? undefined : Number(after(word)));
  return {
    intervalNanos: nanos(time(after('interval') ?? '1s')),
    frozenNanos: nanos(time(after('frozen') ?? '0s')),
    units: limit('units'),
    delta: limit('delta'),
    vega: limit('vega'),
  };
}

const instrument = (name: string): InstrumentId => instrumentId(SERIES.indexOf(name));
const agentOf = (name: string): number => name.charCodeAt(0) - 65;
const letter = (agent: number): string => String.fromCharCode(65 + agent);
const size = (word: string): number => Number(word.replace('x', ''));

/** Nanoseconds. */
function time(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(ns|ms|s)$/.exec(text) ?? [];
  return Number(amount) * (unit === 's' ? 1e9 : unit === 'ms' ? 1e6 : 1);
}
