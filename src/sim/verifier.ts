import { invariant } from '../core/assert.ts';
import { type AgentId, agentId, MONEY_PER_DOLLAR, NANOS_PER_SECOND, type Nanos, yearsFromNanos } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { TheoChain } from '../pricing/theo.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';
import type { WorldClock } from './world-clock.ts';

/** Values move a little between a maker's decision and the check: this much of a limit is granted for that. */
const DRIFT = 0.05;
/** How old spot and surface may be by which a quote was made: a look at the market each second, and latencies. */
const SEEN_NANOS = 5 * NANOS_PER_SECOND;

/** What its maker knew of the market from a moment on. */
interface View {
  readonly from: Nanos;
  readonly spot: number;
  readonly factors: readonly number[] | undefined;
}

/**
 * Checks after every event what must always hold: books not crossed and consistent, money and positions adding up to zero, causes that sum to
 * the ledger to 1e-9 of their sizes, and the subject's positions with everything it has at rest inside its limits.
 */
export class Verifier {
  readonly #scenario: Scenario;
  readonly #exchange: Exchange;
  readonly #ledger: Ledger;
  readonly #attribution: Attribution;
  readonly #subject: AgentDesk;
  readonly #clock: WorldClock;
  readonly #theo: TheoChain;
  readonly #views: View[] = [];
  readonly #bid: Float64Array;
  readonly #ask: Float64Array;

  constructor(scenario: Scenario, exchange: Exchange, ledger: Ledger, attribution: Attribution, subject: AgentDesk, clock: WorldClock) {
    this.#scenario = scenario;
    this.#exchange = exchange;
    this.#ledger = ledger;
    this.#attribution = attribution;
    this.#subject = subject;
    this.#clock = clock;
    this.#theo = new TheoChain(scenario.chain, scenario.valuation);
    this.#bid = new Float64Array(scenario.chain.instruments.length);
    this.#ask = new Float64Array(scenario.chain.instruments.length);
  }

  /** @throws InvariantError naming what does not hold. */
  check(now: Nanos): void {
    this.#exchange.verify();
    this.#ledger.verify();
    for (let agent = 0; agent < this.#scenario.agents.length; agent += 1) this.#attributionOf(agentId(agent));
    this.#positionLimits();
    this.#greekLimits(now);
  }

  #attributionOf(agent: AgentId): void {
    const total = this.#attribution.total(agent);
    const equity = this.#attribution.equity(agent, this.#ledger);
    // Where next to nothing was gained or lost yet, cash may be large still: its last bit is granted on top.
    const tolerance = 1e-9 * this.#attribution.gross(agent) + (Number.EPSILON * Math.abs(this.#ledger.cash(agent))) / MONEY_PER_DOLLAR;
    invariant(Math.abs(total - equity) <= tolerance, () => `agent ${agent}: causes sum to ${total}, the ledger says ${equity}`);
  }

  /** The true position and the true orders at rest, not what the desk believes. */
  #positionLimits(): void {
    this.#bid.fill(0);
    this.#ask.fill(0);
    this.#subject.forEachOrder((order, instrument, side) => {
      const size = this.#exchange.book(instrument).resting(order) ?? 0;
      const sums = side === 'buy' ? this.#bid : this.#ask;
      sums[instrument] = (sums[instrument] ?? 0) + size;
    });
    for (const option of this.#scenario.chain.options) {
      const bid = this.#bid[option.id] ?? 0;
      const ask = this.#ask[option.id] ?? 0;
      const held = this.#ledger.position(this.#subject.id, option.id);
      const limit = this.#subject.positionLimit(option.id);
      const traded = Math.abs(held) <= limit && held + bid <= limit && held - ask >= -limit;
      invariant(traded, () => `${this.#subject.name} holds ${held} lots of ${option.symbol}, bids ${bid}, offers ${ask}, limit ${limit}`);
    }
  }

  /**
   * Vega and gamma, were all its bids, or all its offers, filled. A maker can only decide by what it knows: what it holds may outgrow a limit
   * by itself, and where the world's values break one, those of its own surface and spot of the last seconds decide.
   */
  #greekLimits(now: Nanos): void {
    const inspection = this.#subject.agent.inspect?.();
    this.#noteView(now, inspection?.factors);
    for (const { name, limit } of inspection?.limits ?? []) {
      if (name !== 'vega' && name !== 'gamma') continue;
      const atWorld = this.#exposure(this.#clock.fair, name);
      if (within(atWorld, limit) || this.#withinByOwnValues(name, limit, now)) continue;
      const { up, down } = atWorld;
      invariant(false, () => `${this.#subject.name}: ${name} between ${down} and ${up} were its quotes filled, limit ${limit}`);
    }
  }

  #noteView(now: Nanos, factors: readonly number[] | undefined): void {
    const { spot } = this.#clock.fair;
    const last = this.#views.at(-1);
    if (last?.spot !== spot || !equal(last.factors, factors)) this.#views.push({ from: now, spot, factors });
    // The last one before the window was still seen at its start.
    while ((this.#views[1]?.from ?? now) < now - SEEN_NANOS) this.#views.shift();
  }

  #withinByOwnValues(name: 'vega' | 'gamma', limit: number, now: Nanos): boolean {
    return this.#views.some(({ spot, factors }) => {
      if (factors === undefined) return false;
      this.#theo.move(factors, spot, yearsFromNanos(now));
      this.#theo.valueAll();
      return within(this.#exposure(this.#theo, name), limit);
    });
  }

  #exposure(theo: TheoChain, name: 'vega' | 'gamma'): Exposure {
    const column = name === 'vega' ? theo.vega : theo.gamma;
    const scale = name === 'vega' ? 1 / 100 : theo.spot / 100;
    const sum = { up: 0, down: 0, held: 0 };
    for (const option of this.#scenario.chain.options) {
      const per = (column[option.id - 1] ?? 0) * option.lotSize * scale;
      const held = this.#ledger.position(this.#subject.id, option.id);
      sum.held += held * per;
      sum.up += (held + (this.#bid[option.id] ?? 0)) * per;
      sum.down += (held - (this.#ask[option.id] ?? 0)) * per;
    }
    return sum;
  }
}

/** Sums over the chain: with all bids filled, with all offers filled, and of the position alone. */
interface Exposure {
  up: number;
  down: number;
  held: number;
}

function equal(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.every((value, i) => value === b[i]));
}

function within({ up, down, held }: Exposure, limit: number): boolean {
  return up <= Math.max(limit, held) * (1 + DRIFT) && down >= Math.min(-limit, held) * (1 + DRIFT);
}
