import {
  type AgentId,
  type InstrumentId,
  NANOS_PER_SECOND,
  NANOS_PER_YEAR,
  nanos,
  nanosFromSeconds,
  SECONDS_PER_DAY,
} from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_WORLD } from '../kernel/ties.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';

const LISTING = 0;
const DAY_END = 1;
const OUTAGE = 2;
const RECOVERY = 3;
const SESSION = 4;

/** What happens at the venue by the clock: series are listed, sessions open and close, days end, connections are lost and come back. */
export class VenueClock implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #exchange: Exchange;
  readonly #scenario: Scenario;
  readonly #desks: readonly AgentDesk[];
  readonly #onSession: (isOpen: boolean) => void;

  /** @param onSession told of each opening and close. */
  constructor(
    kernel: Kernel,
    exchange: Exchange,
    scenario: Scenario,
    desks: readonly AgentDesk[],
    onSession: (isOpen: boolean) => void = () => {},
  ) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#exchange = exchange;
    this.#scenario = scenario;
    this.#desks = desks;
    this.#onSession = onSession;
  }

  /** Withholds what is listed later, and schedules everything; to be called before anybody sends a request. */
  open(): void {
    const { venue, agents } = this.#scenario;
    this.#exchange.lifecycle.withhold(venue.listings.flatMap(({ series }) => series));
    venue.listings.forEach(({ atSeconds }, i) => {
      this.#schedule(atSeconds, LISTING, i);
    });
    this.#schedule(venue.dayEndsSeconds, DAY_END, 0);
    if (venue.sessions !== undefined) {
      // Agents are told of changes only: they have not been opened yet.
      if (!venue.sessions.isOpen(0)) this.#exchange.lifecycle.close();
      this.#schedule(venue.sessions.nextChange(0), SESSION, 0);
    }
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
      this.#scheduleNanos(this.#kernel.now + SECONDS_PER_DAY * NANOS_PER_SECOND, DAY_END, 0);
    } else if (code === SESSION) this.#changeSession();
    else if (code === OUTAGE) {
      // The desk first: it must not answer the news of its orders with new ones.
      this.#desks[payload]?.connect(false);
      lifecycle.disconnect(payload as AgentId);
    } else {
      lifecycle.connect(payload as AgentId);
      this.#desks[payload]?.connect(true);
    }
  }

  #changeSession(): void {
    const { sessions } = this.#scenario.venue;
    const seconds = this.#kernel.now / NANOS_PER_SECOND;
    if (sessions === undefined) return;
    const isOpen = sessions.isOpen(seconds);
    const { lifecycle } = this.#exchange;
    if (isOpen) lifecycle.open();
    else lifecycle.close();
    this.#onSession(isOpen);
    for (const desk of this.#desks) desk.sessionChanged();
    this.#schedule(sessions.nextChange(seconds), SESSION, 0);
  }

  #list(index: number): void {
    const { venue, chain } = this.#scenario;
    // At the very moment of its expiry a series is over, whichever of the two events comes first.
    const isOver = (id: InstrumentId): boolean => {
      const expiry = chain.expiries[chain.options[id - 1]?.expiry ?? -1];
      return expiry === undefined || Math.round(expiry.years * NANOS_PER_YEAR) <= this.#kernel.now;
    };
    const series = (venue.listings[index]?.series ?? []).filter((id) => !isOver(id));
    this.#exchange.lifecycle.list(series);
    for (const id of series) for (const desk of this.#desks) desk.agent.onListed?.(id, desk);
  }

  #schedule(atSeconds: number, code: number, payload: number): void {
    this.#scheduleNanos(Math.round(atSeconds * NANOS_PER_SECOND), code, payload);
  }

  /** What comes after the end of the run never happens, and may be too late for a clock in whole nanoseconds. */
  #scheduleNanos(at: number, code: number, payload: number): void {
    if (at > nanosFromSeconds(this.#scenario.durationSeconds)) return;
    this.#kernel.schedule(nanos(at), this.#target, code, payload, TIE_WORLD);
  }
}
