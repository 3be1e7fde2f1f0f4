import type { Rng } from '../../src/core/rng.ts';
import { type InstrumentId, instrumentId, lots, nanos, orderId, ticks } from '../../src/core/units.ts';
import type { FeeSchedule } from '../../src/exchange/rules.ts';
import type { CancelScope, OrderType, ProtectionSettings, QuoteSide, SeriesQuote, Side } from '../../src/market/order.ts';
import { type ExchangeCommand, ExchangeTwins } from './exchange-twins.ts';
import type { NaiveRules } from './naive-exchange.ts';

const FEES: FeeSchedule = {
  option: { maker: -0.0001, taker: 0.0003, premiumCap: 0.125 },
  perpetual: { maker: -0.0001, taker: 0.0005 },
};
/** Of one unit, in millionths; none of the sums comes out even. */
const DELTA = [1_000_000, 512_345, -487_655, 700_001, -300_007, 299_993, -699_991];
const VEGA = [0, 81_234, 81_234, 160_003, 159_989, 150_011, 149_993];

/** Weights of the commands. */
const OPS: readonly (readonly [op: ExchangeCommand['op'], weight: number])[] = [
  ['submit', 400],
  ['massQuote', 140],
  ['cancel', 90],
  ['replace', 110],
  ['wait', 70],
  ['reduce', 50],
  ['cancelAll', 14],
  ['protect', 14],
  ['reset', 10],
  ['connect', 14],
  ['index', 6],
  ['disconnect', 2],
  ['endDay', 2],
  ['close', 2],
  ['open', 20],
];
const TOTAL = OPS.reduce((sum, [, weight]) => sum + weight, 0);
/** The series that is listed late, in the expiry that outlives the other. */
const LATE = instrumentId(5);
const TRADED = [0, 1, 3, 3, 4, LATE].map((id) => instrumentId(id));
const VALID = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28];

/** All verbs and reasons of lines, sorted: a fuzz that is worth its time meets each. */
export const EVERYTHING_TOLD: readonly string[] = [
  'accepted',
  'changed',
  'fill',
  'frozen',
  'instrument-expired',
  'lots-above-maximum',
  'lots-not-positive',
  'market-closed',
  'match',
  'not-connected',
  'not-listed',
  'not-owner',
  'price-not-positive',
  'price-off-tick',
  'price-outside-band',
  'protection-frozen',
  'quote-crosses-itself',
  'quoted',
  'removed',
  'series-quoted-twice',
  'settle',
  'thawed',
  'too-many-orders',
  'too-many-requests',
  'unknown-order',
  'would-trade',
];

/** Every combination of rules, in an order that begins with unlike ones. */
export function rulesOf(variant: number): NaiveRules {
  const selfTrade = (['cancel-oldest', 'cancel-newest', 'cancel-both'] as const)[variant % 3] ?? 'cancel-oldest';
  return {
    agents: 4 + (variant % 3),
    selfTrade,
    lotsPerOrder: 8,
    ordersPerAgent: variant % 4 === 0 ? 5 : 10,
    requestRate: variant % 2 === 0 ? undefined : { perSecond: 40, burst: 7 },
    // 57 % is no exact double: the edges must be those of whole numbers all the same.
    priceBand: variant % 4 < 2 ? undefined : { thousandths: variant % 4 === 2 ? 570 : 250, ticksMinimum: 3 },
    fees: FEES,
    delta: DELTA,
    vega: VEGA,
  };
}

export interface FuzzResult {
  readonly matches: number;
  /** Lines told, by their verb or their reason: what has been met at all. */
  readonly met: ReadonlyMap<string, number>;
}

/**
 * Runs commands under one set of rules, against the exchange and the naive one, comparing after each; what costs more is checked every
 * `verifyEach` commands. Ends with everything cancelled. @throws at the first difference, with the command.
 */
export function fuzzed(variant: number, rng: Rng, commands: number, verifyEach: number): FuzzResult {
  const twins = new ExchangeTwins(rulesOf(variant));
  const source = new CommandSource(rng, twins);
  const met = new Map<string, number>();
  const run = (command: ExchangeCommand, at: number): void => {
    const difference = twins.run(command);
    if (difference !== undefined) throw new Error(`rules ${variant}, command ${at}: ${JSON.stringify(command)}\n${difference}`);
    for (const line of twins.told) {
      const word = line.includes('rejected')
        ? line.slice(line.lastIndexOf(' ') + 1)
        : (line.split(' ').find((part) => part.length > 3) ?? '');
      met.set(word, (met.get(word) ?? 0) + 1);
    }
    if (at % verifyEach === 0) twins.verify();
  };
  run({ op: 'withhold', instruments: [LATE] }, 0);
  for (let at = 1; at <= commands; at += 1) {
    if (at === Math.floor(commands / 4)) run({ op: 'list', instruments: [LATE] }, at);
    if (at === Math.floor((3 * commands) / 4)) run({ op: 'expire', expiry: 0 }, at);
    run(source.next(), at);
  }
  for (let agent = 0; agent < twins.rules.agents; agent += 1) run({ op: 'cancelAll', agent, scope: {} }, 0);
  const resting = twins.chain.instruments.reduce((sum, { id }) => sum + twins.exchange.book(id).orders, 0);
  if (resting !== 0) throw new Error(`${resting} orders rest after all were cancelled`);
  return { matches: twins.matches, met };
}

/** Makes up commands: few prices, so that orders meet; the latest ids, since most of the older ones are gone. */
class CommandSource {
  readonly #rng: Rng;
  readonly #twins: ExchangeTwins;
  #lastId = 0;
  readonly #away: number[] = [];

  constructor(rng: Rng, twins: ExchangeTwins) {
    this.#rng = rng;
    this.#twins = twins;
  }

  next(): ExchangeCommand {
    const agent = this.#below(this.#twins.rules.agents);
    const op = this.#op();
    switch (op) {
      case 'wait':
        return { op, nanos: this.#one([0, 1, 1_000_000, 25_000_000, 24_999_999, 100_000_000, 1_000_000_000]) };
      case 'index':
        return { op, cents: 9_000 + this.#below(2_000) };
      case 'submit':
        return { op, agent, id: this.#newId(), request: this.#request() };
      case 'cancel':
        return { op, agent, id: this.#known(agent) };
      case 'reduce':
        return { op, agent, id: this.#known(agent), by: this.#below(6) };
      case 'replace':
        return { op, agent, id: this.#known(agent), newId: this.#newId(), price: this.#price(), lots: this.#lots() };
      case 'cancelAll':
        return { op, agent, scope: this.#scope() };
      case 'massQuote':
        // A few agents quote most.
        return { op, agent: this.#below(3), message: this.#newId(), quotes: this.#quotes() };
      case 'protect':
        return { op, agent: this.#below(3), settings: this.#below(6) === 0 ? undefined : this.#settings() };
      case 'connect':
        // Nobody is away for long.
        return { op, agent: this.#away.shift() ?? agent };
      case 'disconnect':
        this.#away.push(agent);
        return { op, agent };
      case 'reset':
        return { op, agent };
      case 'close':
      case 'open':
        return { op };
      default:
        return { op: 'endDay' };
    }
  }

  #op(): ExchangeCommand['op'] {
    let left = this.#below(TOTAL);
    for (const [op, weight] of OPS) {
      if (left < weight) return op;
      left -= weight;
    }
    return 'endDay';
  }

  #request() {
    const post = this.#below(4) === 0 ? this.#one(['reject', 'slide'] as const) : undefined;
    return {
      instrument: this.#one(TRADED),
      side: this.#side(),
      type: this.#one<OrderType>(['limit', 'limit', 'limit', 'limit', 'limit', 'ioc', 'fok', 'fok', 'market']),
      price: ticks(this.#price()),
      lots: lots(this.#lots()),
      post,
      day: this.#below(8) === 0,
    };
  }

  #quotes(): SeriesQuote[] {
    const quotes = Array.from({ length: 1 + this.#below(3) }, (_, i): SeriesQuote => {
      const centre = 4 + this.#below(6);
      return {
        instrument: this.#below(20) === 0 ? this.#one(TRADED) : instrumentId([3, 4, 1][i] ?? 0),
        bid: this.#quoteSide(centre - 1 - this.#below(3) + (this.#below(9) === 0 ? 6 : 0)),
        ask: this.#quoteSide(centre + this.#below(4)),
      };
    });
    return this.#below(30) === 0 ? [] : quotes;
  }

  #quoteSide(near: number): QuoteSide | 'keep' | undefined {
    const kind = this.#below(8);
    if (kind === 0) return undefined;
    if (kind <= 2) return 'keep';
    const price = this.#below(30) === 0 ? this.#price() : (VALID[Math.max(0, near)] ?? 1);
    return { order: orderId(this.#newId()), price: ticks(price), lots: lots(this.#lots()) };
  }

  #scope(): CancelScope {
    const scope: { -readonly [K in keyof CancelScope]: CancelScope[K] } = {};
    if (this.#below(3) === 0) scope.instrument = this.#one(TRADED) as InstrumentId;
    if (this.#below(3) === 0) scope.expiry = this.#below(2);
    if (this.#below(3) === 0) scope.side = this.#side();
    if (this.#below(3) === 0) scope.quotes = this.#below(2) === 0;
    return scope;
  }

  #settings(): ProtectionSettings {
    return {
      intervalNanos: nanos(this.#one([0, 25_000_000, 1_000_000_000, 10_000_000_000])),
      frozenNanos: nanos(this.#one([0, 1, 25_000_000, 1_000_000_000])),
      units: this.#one([undefined, 0, 0.3, 0.85, 1.2]),
      delta: this.#one([undefined, undefined, 0.123456, 0.5]),
      vega: this.#one([undefined, undefined, 0.0481, 0.1]),
    };
  }

  /** Sometimes one that is off the tick, or no price at all. */
  #price(): number {
    if (this.#below(15) === 0) return this.#below(30);
    return this.#below(3) === 0 ? this.#one(VALID) : (VALID[4 + this.#below(6)] ?? 1);
  }

  /** Sometimes none, or too many. */
  #lots(): number {
    return this.#below(25) === 0 ? this.#one([0, 9]) : 1 + this.#below(8);
  }

  #side(): Side {
    return this.#below(2) === 0 ? 'buy' : 'sell';
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** An order of the agent that rests, else any of the latest ids, mostly somebody else's or gone. */
  #known(agent: number): number {
    const open = this.#twins.naive.open(agent);
    if (open.length > 0 && this.#below(8) > 0) return open[this.#below(open.length)]?.id ?? 0;
    return Math.max(0, this.#lastId - this.#below(40));
  }

  #one<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  #below(bound: number): number {
    return Math.floor(this.#rng.uniform() * bound);
  }
}
