import type { Agent } from '../../src/agents/agent.ts';
import type { Rng } from '../../src/core/rng.ts';
import { type InstrumentId, lots, NANOS_PER_SECOND, type OrderId, ticks } from '../../src/core/units.ts';
import type { CancelScope, OrderRequest, QuoteSide, Report, SeriesQuote, Side, WantedQuote } from '../../src/market/order.ts';
import { signOf } from '../../src/market/order.ts';
import { FakeDesk, report } from './fake-desk.ts';

/** An order at the venue. */
interface Resting {
  readonly order: OrderId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  price: number;
  lots: number;
}

/** Something under way, in the order of sending: to the venue, or back. */
type Mail = { readonly at: number; readonly arrives: () => void };

/** What a fill made of the position that the venue knows. */
export interface VenueFill {
  readonly instrument: InstrumentId;
  /** Lots, bought above 0. */
  readonly signed: number;
}

/**
 * A venue that fills what rests whenever a test says so: mass quotes as the exchange carries them out, without rules, books or counterparties. What
 * the agent knows is late by the latencies, which are drawn; the position that {@link truth} tells is the venue's own.
 */
export class FuzzedVenue extends FakeDesk {
  /** Lots of each instrument as the venue has them. */
  readonly truth = new Map<InstrumentId, number>();
  onFill: (fill: VenueFill) => void = () => {};
  readonly #chance: Rng;
  readonly #latencySeconds: number;
  readonly #resting = new Map<OrderId, Resting>();
  readonly #toVenue: Mail[] = [];
  readonly #toAgent: Mail[] = [];
  /** As the agent knows it: lots that may still trade, by order. */
  readonly #known = new Map<OrderId, { readonly instrument: InstrumentId; readonly side: Side; open: number }>();
  readonly #held = new Map<InstrumentId, number>();
  readonly #positionLimit: number;
  #last = 1_000_000;
  agent: Agent | undefined;

  /** @param latencySeconds the longest of a message, either way. @param positionLimit lots per option, as a desk holds it. */
  constructor(chance: Rng, latencySeconds: number, positionLimit: number) {
    super();
    this.#chance = chance;
    this.#latencySeconds = latencySeconds;
    this.#positionLimit = positionLimit;
  }

  override position(instrument: InstrumentId) {
    return lots(this.#held.get(instrument) ?? 0);
  }

  override openLots(instrument: InstrumentId, side: Side) {
    let sum = 0;
    for (const known of this.#known.values()) if (known.instrument === instrument && known.side === side) sum += known.open;
    return lots(sum);
  }

  override submit(request: OrderRequest): OrderId | undefined {
    const order = this.#next();
    this.#known.set(order, { instrument: request.instrument, side: request.side, open: request.lots });
    // Immediate orders fill in part, or not at all.
    this.#send(this.#toVenue, () => {
      const filled = Math.round(this.#chance.uniform() * request.lots);
      if (filled > 0) this.#fill(order, request.instrument, request.side, filled, 0);
      this.#tell('removed', order, request.instrument, request.side, { lots: lots(request.lots - filled) });
    });
    return order;
  }

  override massQuote(wanted: readonly WantedQuote[]) {
    const fits = ({ instrument, bid, ask }: WantedQuote): boolean =>
      (typeof bid !== 'object' || this.#allows(instrument, 'buy', bid.lots)) &&
      (typeof ask !== 'object' || this.#allows(instrument, 'sell', ask.lots));
    if (!wanted.every(fits)) throw new Error('the plan let a side over the position limit');
    const message = this.#next();
    const numbered = (instrument: InstrumentId, side: Side, given: WantedQuote['bid']): SeriesQuote['bid'] => {
      if (typeof given !== 'object') return given;
      const order = this.#next();
      this.#known.set(order, { instrument, side, open: given.lots });
      return { ...given, order };
    };
    const quotes = wanted.map(
      ({ instrument, bid, ask }): SeriesQuote => ({
        instrument,
        bid: numbered(instrument, 'buy', bid),
        ask: numbered(instrument, 'sell', ask),
      }),
    );
    const refuses = this.#chance.uniform() < 0.05;
    this.#send(this.#toVenue, () => {
      if (refuses) this.#refuse(message, quotes);
      else this.#carryOut(message, quotes);
    });
    return { message, quotes };
  }

  override cancelAll(_scope: CancelScope = {}): void {
    this.#send(this.#toVenue, () => {
      for (const resting of [...this.#resting.values()]) this.#remove(resting);
    });
  }

  /** Fills a random part of a random order that rests; false when none does. */
  trade(): boolean {
    const all = [...this.#resting.values()];
    const resting = all[Math.floor(this.#chance.uniform() * all.length)];
    if (resting === undefined) return false;
    const size = this.#chance.uniform() < 0.5 ? resting.lots : 1 + Math.floor(this.#chance.uniform() * resting.lots);
    resting.lots -= size;
    if (resting.lots === 0) this.#resting.delete(resting.order);
    this.#fill(resting.order, resting.instrument, resting.side, size, resting.lots);
    return true;
  }

  /** Freezes as the venue's protection does: all quotes go. */
  freeze(): void {
    for (const resting of [...this.#resting.values()]) this.#remove(resting);
    this.#tell('frozen', 0 as OrderId, 0 as InstrumentId, 'buy', {});
  }

  /** Lets time pass, and what is under way arrive. */
  until(seconds: number): void {
    for (;;) {
      const [toVenue, toAgent] = [this.#toVenue[0], this.#toAgent[0]];
      const first = (toVenue?.at ?? Number.POSITIVE_INFINITY) <= (toAgent?.at ?? Number.POSITIVE_INFINITY) ? this.#toVenue : this.#toAgent;
      const mail = first[0];
      if (mail === undefined || mail.at > seconds) break;
      first.shift();
      this.at(mail.at);
      mail.arrives();
    }
    this.at(seconds);
  }

  #carryOut(message: OrderId, quotes: readonly SeriesQuote[]): void {
    const sides = quotes.flatMap(({ instrument, bid, ask }) => [
      { instrument, side: 'buy' as const, wanted: bid },
      { instrument, side: 'sell' as const, wanted: ask },
    ]);
    for (const { instrument, side, wanted } of sides) {
      if (wanted === 'keep') continue;
      for (const resting of [...this.#resting.values()]) {
        if (resting.instrument === instrument && resting.side === side) this.#remove(resting);
      }
    }
    for (const { instrument, side, wanted } of sides) {
      if (typeof wanted !== 'object') continue;
      const { order, price, lots: size } = wanted as QuoteSide;
      this.#resting.set(order, { order, instrument, side, price, lots: size });
      this.#tell('accepted', order, instrument, side, { lots: size });
    }
    this.#tell('quoted', message, 0 as InstrumentId, 'buy', {});
  }

  #refuse(message: OrderId, quotes: readonly SeriesQuote[]): void {
    const orders = quotes.flatMap(({ bid, ask }) => [bid, ask]).flatMap((side) => (typeof side === 'object' ? [side.order] : []));
    this.#send(this.#toAgent, () => {
      for (const order of orders) this.#known.delete(order);
      this.agent?.onReport?.(report('rejected', message, 0 as InstrumentId, 'buy', { reason: 'too-many-requests' }), this);
    });
  }

  #remove({ order, instrument, side, lots: size }: Resting): void {
    this.#resting.delete(order);
    this.#tell('removed', order, instrument, side, { lots: lots(size) });
  }

  #fill(order: OrderId, instrument: InstrumentId, side: Side, size: number, remaining: number): void {
    const signed = signOf(side) * size;
    this.truth.set(instrument, (this.truth.get(instrument) ?? 0) + signed);
    this.onFill({ instrument, signed });
    this.#tell('fill', order, instrument, side, { lots: lots(size), remaining: lots(remaining), price: ticks(100) });
  }

  #tell(kind: Report['kind'], order: OrderId, instrument: InstrumentId, side: Side, more: Partial<Report>): void {
    const told = report(kind, order, instrument, side, more);
    this.#send(this.#toAgent, () => {
      const known = this.#known.get(order);
      if (known !== undefined && (kind === 'fill' || kind === 'removed')) {
        known.open -= told.lots;
        if (kind === 'fill') this.#held.set(instrument, (this.#held.get(instrument) ?? 0) + signOf(side) * told.lots);
        if (known.open === 0) this.#known.delete(order);
      }
      this.agent?.onReport?.(told, this);
    });
  }

  #allows(instrument: InstrumentId, side: Side, size: number): boolean {
    return signOf(side) * this.position(instrument) + this.openLots(instrument, side) + size <= this.#positionLimit;
  }

  /** Messages of a line keep their order. */
  #send(line: Mail[], arrives: () => void): void {
    const now = this.now / NANOS_PER_SECOND;
    const at = Math.max(line.at(-1)?.at ?? 0, now + this.#chance.uniform() * this.#latencySeconds);
    line.push({ at, arrives });
  }

  #next(): OrderId {
    this.#last += 1;
    return this.#last as OrderId;
  }
}
