import { invariant } from '../core/assert.ts';
import { type AgentId, agentId } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';
import type { WorldClock } from './world-clock.ts';

/** Values move a little between a maker's decision and the check: this much of a limit is granted for that. */
const DRIFT = 0.05;

/**
 * Checks after every event what must always hold: books not crossed and consistent, money and positions adding up to zero, attribution equal to
 * the ledger, and the subject's positions with everything it has at rest inside its limits.
 */
export class Verifier {
  readonly #scenario: Scenario;
  readonly #exchange: Exchange;
  readonly #ledger: Ledger;
  readonly #attribution: Attribution;
  readonly #subject: AgentDesk;
  readonly #clock: WorldClock;
  readonly #bid: Float64Array;
  readonly #ask: Float64Array;

  constructor(scenario: Scenario, exchange: Exchange, ledger: Ledger, attribution: Attribution, subject: AgentDesk, clock: WorldClock) {
    this.#scenario = scenario;
    this.#exchange = exchange;
    this.#ledger = ledger;
    this.#attribution = attribution;
    this.#subject = subject;
    this.#clock = clock;
    this.#bid = new Float64Array(scenario.chain.instruments.length);
    this.#ask = new Float64Array(scenario.chain.instruments.length);
  }

  /** @throws InvariantError naming what does not hold. */
  check(): void {
    this.#exchange.verify();
    this.#ledger.verify();
    for (let agent = 0; agent < this.#scenario.agents.length; agent += 1) this.#attributionOf(agentId(agent));
    this.#positionLimits();
    this.#greekLimits();
  }

  #attributionOf(agent: AgentId): void {
    const total = this.#attribution.total(agent);
    const equity = this.#attribution.equity(agent, this.#ledger);
    // Sums of doubles in another order: 1e-9 of the cash that went through is far above their rounding.
    const scale = 1 + Math.abs(this.#ledger.cash(agent)) / 1e6 + Math.abs(equity);
    invariant(Math.abs(total - equity) <= 1e-9 * scale, () => `agent ${agent}: causes sum to ${total}, the ledger says ${equity}`);
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

  /** Vega and gamma at the world's own values, were all its bids, or all its offers, filled. */
  #greekLimits(): void {
    const inspection = this.#subject.agent.inspect?.();
    const { fair } = this.#clock;
    const limitOf = (name: string): number => inspection?.limits.find((limit) => limit.name === name)?.limit ?? Number.POSITIVE_INFINITY;
    for (const [name, column, scale] of [
      ['vega', fair.vega, 1 / 100],
      ['gamma', fair.gamma, fair.spot / 100],
    ] as const) {
      let up = 0;
      let down = 0;
      for (const option of this.#scenario.chain.options) {
        const per = (column[option.id - 1] ?? 0) * option.lotSize * scale;
        const held = this.#ledger.position(this.#subject.id, option.id);
        up += (held + (this.#bid[option.id] ?? 0)) * per;
        down += (held - (this.#ask[option.id] ?? 0)) * per;
      }
      const limit = limitOf(name) * (1 + DRIFT);
      invariant(
        up <= limit && down >= -limit,
        () => `${this.#subject.name}: ${name} between ${down} and ${up} were its quotes filled, limit ${limit}`,
      );
    }
  }
}
