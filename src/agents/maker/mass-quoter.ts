import { type Lots, lots, NANOS_PER_SECOND, type OrderId, type Ticks } from '../../core/units.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Report, SeriesQuote, Side, WantedQuote, WantedSide } from '../../market/order.ts';
import type { Desk } from '../agent.ts';
import type { RequestAllowance } from './request-allowance.ts';

/** One side of a series as it stands, or as it is meant to. */
export interface Standing {
  readonly price: Ticks;
  /** Lots that it still offers, as far as known. */
  readonly size: number;
}

/** An order of a quote, from the message that brings it to the report of its end. */
interface Quoted {
  readonly order: OrderId;
  readonly price: Ticks;
  size: number;
  readonly broughtBy: OrderId;
  /** The message that takes it out or puts another in its stead; undefined while it is meant to stay. */
  endedBy: OrderId | undefined;
}

/** In place of the id of a message that cannot be refused. */
const CERTAIN = 0 as OrderId;
/** For so long a series whose quote was refused by itself is not quoted. */
const BARRED_SECONDS = 10;
/** Refusals that say nothing about what was asked: the same may be asked again. */
const PASSING = new Set<Report['reason']>(['too-many-requests', 'protection-frozen', 'not-connected', 'market-closed']);

/**
 * The maker's quotes by mass quotes: one message per look for all series in which something changes. A side that stays as it is is kept, and so
 * keeps its place in the queue; a new price or size goes to the back of it.
 *
 * A message is carried out in full or refused as a whole, and several may be under way. So each side remembers every order of its own until the
 * report of its end, and a refusal brings back what the message would have ended. After a refusal that says something about what was asked,
 * each series goes in a message of its own, once; one that is refused by itself is left out for {@link BARRED_SECONDS}.
 */
export class MassQuoter {
  readonly #allowance: RequestAllowance;
  /** By series and side: orders that may be alive, oldest first. */
  readonly #sides: readonly Quoted[][];
  readonly #barredUntil: Float64Array;
  readonly #wanted: WantedQuote[] = [];
  /** Series named by each message that has not been answered. */
  readonly #underWay = new Map<OrderId, readonly SeriesQuote[]>();
  #oneByOne = false;

  constructor(series: number, allowance: RequestAllowance) {
    this.#allowance = allowance;
    this.#sides = Array.from({ length: 2 * series }, () => []);
    this.#barredUntil = new Float64Array(series);
  }

  /** The side as it is meant to be; undefined where none is. */
  standing(series: number, side: Side): Standing | undefined {
    const last = this.#side(series, side).at(-1);
    return last === undefined || last.endedBy !== undefined ? undefined : last;
  }

  /**
   * The price to ask for on a side: the standing one while the wanted one is at most `within` dollars from it, else the wanted one.
   * A smaller move is worth no message, and the place in the queue is kept.
   */
  steady(option: OptionSeries, side: Side, wanted: Ticks | undefined, within: number): Ticks | undefined {
    const standing = this.standing(option.id - 1, side);
    if (standing === undefined || wanted === undefined) return wanted;
    return Math.abs(wanted - standing.price) * option.tickSize <= within ? standing.price : wanted;
  }

  /** True while a refusal keeps a series out. */
  barred(series: number, desk: Desk): boolean {
    return desk.now < (this.#barredUntil[series] ?? 0);
  }

  /** Notes what a series shall be from the next message on; undefined takes a side out. */
  want(option: OptionSeries, bid: Standing | undefined, ask: Standing | undefined): void {
    const [oldBid, oldAsk] = [this.standing(option.id - 1, 'buy'), this.standing(option.id - 1, 'sell')];
    if (isSame(bid, oldBid) && isSame(ask, oldAsk)) return;
    this.#wanted.push({ instrument: option.id, bid: asked(bid, oldBid), ask: asked(ask, oldAsk) });
  }

  /** Sends what was noted, as far as the venue's rate of requests allows; the rest is forgotten, to be asked for at the next look. */
  send(desk: Desk): void {
    const wanted = this.#wanted.splice(0);
    if (wanted.length === 0) return;
    if (!this.#oneByOne) {
      if (!this.#allowance.takes(desk.now)) return;
      const together = desk.massQuote(wanted);
      if (together !== undefined) {
        this.#sent(together.message, together.quotes);
        return;
      }
    }
    this.#sendOneByOne(desk, wanted);
  }

  /** Takes all quotes out in one message, which no rate limits and nobody refuses. */
  pull(desk: Desk): void {
    if (this.ended()) desk.cancelAll({ quotes: true });
  }

  /** Takes note that all quotes are being taken out; false when that was known of each. */
  ended(): boolean {
    this.#wanted.length = 0;
    let isNews = false;
    for (const side of this.#sides) {
      for (const quoted of side) {
        isNews ||= quoted.endedBy !== CERTAIN;
        quoted.endedBy = CERTAIN;
      }
    }
    return isNews;
  }

  /** Takes a report into account. */
  hear(report: Readonly<Report>, desk: Desk): void {
    const message = this.#underWay.get(report.order);
    if (message !== undefined) {
      this.#underWay.delete(report.order);
      if (report.kind === 'rejected') this.#refused(report, message, desk);
      return;
    }
    if (report.kind !== 'fill' && report.kind !== 'removed') return;
    const side = this.#sides[at(report.instrument - 1, report.side)];
    const found = side?.findIndex(({ order }) => order === report.order) ?? -1;
    const quoted = side?.[found];
    if (side === undefined || quoted === undefined) return;
    quoted.size = report.remaining;
    if (report.remaining === 0) side.splice(found, 1);
  }

  #sendOneByOne(desk: Desk, wanted: readonly WantedQuote[]): void {
    this.#oneByOne = false;
    for (const quote of wanted) {
      if (!this.#allowance.takes(desk.now)) return;
      // What the desk keeps back is not to stand at its old price either.
      const sent = desk.massQuote([quote]) ?? desk.massQuote([{ instrument: quote.instrument }]);
      if (sent !== undefined) this.#sent(sent.message, sent.quotes);
    }
  }

  #sent(message: OrderId, quotes: readonly SeriesQuote[]): void {
    this.#underWay.set(message, quotes);
    for (const quote of quotes) {
      for (const name of ['buy', 'sell'] as const) {
        const wanted = name === 'buy' ? quote.bid : quote.ask;
        if (wanted === 'keep') continue;
        const side = this.#side(quote.instrument - 1, name);
        for (const quoted of side) quoted.endedBy = message;
        if (wanted !== undefined) {
          side.push({ order: wanted.order, price: wanted.price, size: wanted.lots, broughtBy: message, endedBy: undefined });
        }
      }
    }
  }

  #refused({ order: message, reason }: Readonly<Report>, quotes: readonly SeriesQuote[], desk: Desk): void {
    for (const { instrument } of quotes) {
      for (const name of ['buy', 'sell'] as const) {
        const side = this.#side(instrument - 1, name);
        for (let i = side.length - 1; i >= 0; i -= 1) {
          const quoted = side[i];
          if (quoted?.broughtBy === message) side.splice(i, 1);
          else if (quoted?.endedBy === message) quoted.endedBy = undefined;
        }
      }
    }
    if (PASSING.has(reason)) return;
    const [first] = quotes;
    if (quotes.length > 1 || first === undefined) this.#oneByOne = true;
    else this.#barredUntil[first.instrument - 1] = desk.now + BARRED_SECONDS * NANOS_PER_SECOND;
  }

  #side(series: number, side: Side): Quoted[] {
    return this.#sides[at(series, side)] ?? [];
  }
}

const at = (series: number, side: Side): number => 2 * series + (side === 'buy' ? 0 : 1);

const isSame = (wanted: Standing | undefined, old: Standing | undefined): boolean =>
  wanted?.price === old?.price && wanted?.size === old?.size;

function asked(wanted: Standing | undefined, old: Standing | undefined): WantedSide | 'keep' | undefined {
  if (wanted === undefined) return undefined;
  return isSame(wanted, old) ? 'keep' : { price: wanted.price, lots: lots(wanted.size) as Lots };
}
