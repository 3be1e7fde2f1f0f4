import type { AgentId, InstrumentId, Lots, Nanos } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type ProtectionSettings, type Side, signOf } from '../market/order.ts';
import type { VenueRisk } from './rules.ts';

/** One agent's protection, and what of its quotes has traded in the interval under way. */
interface Guard {
  settings: ProtectionSettings;
  /** When the interval began: with the first trade after the one before was over. */
  since: number;
  units: number;
  delta: number;
  vega: number;
  /** Frozen until then; Infinity until a reset. */
  frozenUntil: number;
}

const MILLION = 1_000_000;
const NO_INTERVAL = Number.NEGATIVE_INFINITY;

/**
 * Market-maker protection of all agents (see `ProtectionSettings`). An interval begins with a trade of a quote and lasts `intervalNanos`;
 * what trades after that begins the next. Limits are exceeded when more than the limit has traded, and the agent is frozen after the request
 * that did it has had its full effect: what it took before is taken.
 */
export class Protection {
  readonly #chain: Chain;
  readonly #risk: VenueRisk | undefined;
  readonly #guards: (Guard | undefined)[];
  readonly #tripped: AgentId[] = [];
  readonly #charged: (agent: AgentId, instrument: InstrumentId, deltaMillionths: number, vegaMillionths: number) => void;

  /** @param charged told of the Greeks of one unit that a trade is counted with, where they count. */
  constructor(
    chain: Chain,
    risk: VenueRisk | undefined,
    agents: number,
    charged: (agent: AgentId, instrument: InstrumentId, deltaMillionths: number, vegaMillionths: number) => void,
  ) {
    this.#charged = charged;
    this.#chain = chain;
    this.#risk = risk;
    this.#guards = new Array<Guard | undefined>(agents).fill(undefined);
  }

  /** From now on these settings hold, with a new interval; undefined takes the protection away. */
  set(agent: AgentId, settings: ProtectionSettings | undefined): void {
    if (settings === undefined) {
      this.#guards[agent] = undefined;
      return;
    }
    const kept = {
      intervalNanos: settings.intervalNanos,
      frozenNanos: settings.frozenNanos,
      units: inMillionths(settings.units),
      delta: inMillionths(settings.delta),
      vega: inMillionths(settings.vega),
    };
    this.#guards[agent] = { settings: kept, since: NO_INTERVAL, units: 0, delta: 0, vega: 0, frozenUntil: NO_INTERVAL };
  }

  /** Ends a freeze, and begins a new interval. */
  reset(agent: AgentId): void {
    this.set(agent, this.#guards[agent]?.settings);
  }

  frozen(agent: AgentId, now: Nanos): boolean {
    return now < (this.#guards[agent]?.frozenUntil ?? NO_INTERVAL);
  }

  /** Lots of an agent's quote have traded; `side` is the quote's. */
  traded(agent: AgentId, instrument: InstrumentId, side: Side, size: Lots, now: Nanos): void {
    const guard = this.#guards[agent];
    const listing = this.#chain.instruments[instrument];
    if (guard === undefined || listing === undefined || now < guard.frozenUntil) return;
    const { settings } = guard;
    if (now - guard.since >= settings.intervalNanos) {
      guard.since = now;
      guard.units = 0;
      guard.delta = 0;
      guard.vega = 0;
    }
    const units = size * listing.lotSize;
    guard.units += units;
    if (this.#risk !== undefined && (settings.delta !== undefined || settings.vega !== undefined)) {
      // Whole millionths, as the log of a run can carry them: a replay counts with the same numbers.
      const delta = Math.round(MILLION * this.#risk.delta(instrument));
      const vega = Math.round(MILLION * this.#risk.vega(instrument));
      this.#charged(agent, instrument, delta, vega);
      guard.delta += (signOf(side) * units * delta) / MILLION;
      guard.vega += (signOf(side) * units * vega) / MILLION;
    }
    const exceeded =
      exceeds(guard.units, settings.units) ||
      exceeds(Math.abs(guard.delta), settings.delta) ||
      exceeds(Math.abs(guard.vega), settings.vega);
    if (!exceeded) return;
    guard.frozenUntil = settings.frozenNanos === 0 ? Number.POSITIVE_INFINITY : now + settings.frozenNanos;
    guard.since = NO_INTERVAL;
    this.#tripped.push(agent);
  }

  /** The next agent whose limits have been exceeded and whose quotes are still to be taken out, in the order in which that happened; each is named once. */
  nextTripped(): AgentId | undefined {
    return this.#tripped.shift();
  }
}

/** A limit as the log of a run carries it. */
const inMillionths = (limit: number | undefined): number | undefined =>
  limit === undefined ? undefined : Math.round(MILLION * limit) / MILLION;

/** Sums of lots times lot size are not exact: a limit of 3 is not exceeded by 3.0000000000000004. */
const exceeds = (value: number, limit: number | undefined): boolean => limit !== undefined && value > limit * (1 + 1e-9);
