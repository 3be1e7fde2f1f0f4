import { type AgentId, nanos, nanosFromSeconds, SECONDS_PER_DAY } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_WORLD } from '../kernel/ties.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';

const LISTING = 0;
const DAY_END = 1;
const OUTAGE = 2;
const RECOVERY = 3;

/** What happens at the venue by the clock: series are listed, days end, connections are lost and come back. */
export class VenueClock implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #exchange: Exchange;
  readonly #scenario: Scenario;
  readonly #desks: readonly AgentDesk[];

  constructor(kernel: Kernel, exchange: Exchange, scenario: Scenario, desks: readonly AgentDesk[]) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#exchange = exchange;
    this.#scenario = scenario;
    this.#desks = desks;
  }

  /** Withholds what is listed later, and schedules everything; to be called before anybody sends a request. */
  open(): void {
    const { venue, agents, durationSeconds } = this.#scenario;
    this.#exchange.lifecycle.withhold(venue.listings.flatMap(({ series }) => series));
    venue.listings.forEach(({ atSeconds }, i) => {
      this.#schedule(atSeconds, LISTING, i);
    });
    if (venue.dayEndsSeconds <= durationSeconds) this.#schedule(venue.dayEndsSeconds, DAY_END, 0);
    agents.forEach(({ outages }, agent) => {
      for (const { fromSeconds, toSeconds } of outages) {
        this.#schedule(fromSeconds, OUTAGE, agent);
        this.#schedule(toSeconds, RECOVERY, agent);
      }
    });
  }

  on(code: number, payload: number): void {
    const { lifecycle } = this.#exchange;
    if (code === LISTING) this.#list(payload);
    else if (code === DAY_END) {
      lifecycle.endDay();
      this.#kernel.schedule(nanos(this.#kernel.now + nanosFromSeconds(SECONDS_PER_DAY)), this.#target, DAY_END, 0, TIE_WORLD);
    } else if (code === OUTAGE) {
      // The desk first: it must not answer the news of its orders with new ones.
      this.#desks[payload]?.connect(false);
      lifecycle.disconnect(payload as AgentId);
    } else {
      lifecycle.connect(payload as AgentId);
      this.#desks[payload]?.connect(true);
    }
  }

  #list(index: number): void {
    const expired = (id: number): boolean => {
      const option = this.#scenario.chain.options[id - 1];
      return (
        option !== undefined &&
        nanosFromSeconds((this.#scenario.chain.expiries[option.expiry]?.years ?? 0) * 365 * SECONDS_PER_DAY) <= this.#kernel.now
      );
    };
    const series = (this.#scenario.venue.listings[index]?.series ?? []).filter((id) => !expired(id));
    this.#exchange.lifecycle.list(series);
    for (const id of series) for (const desk of this.#desks) desk.agent.onListed?.(id, desk);
  }

  #schedule(atSeconds: number, code: number, payload: number): void {
    this.#kernel.schedule(nanosFromSeconds(atSeconds), this.#target, code, payload, TIE_WORLD);
  }
}
