import { type Lots, NANOS_PER_SECOND } from '../../../core/units.ts';
import type { OptionSeries } from '../../../market/instrument.ts';
import type { Report, Side } from '../../../market/order.ts';
import type { TheoChain } from '../../../pricing/theo.ts';
import type { AgentSetup, Desk } from '../../agent.ts';
import type { ProtectionInspection } from '../../inspection.ts';
import { contractMeasures, type Exposures, MEASURE_COUNT, MEASURE_UNITS, MEASURES, scopeOf, WHOLE } from '../exposures.ts';
import { measureLimits } from '../measure-limits.ts';
import type { MakerParams } from '../params.ts';
import { FastMarket } from './fast-market.ts';
import { Latches } from './latches.ts';
import { CALM, FLATTEN, LEVELS, type Level, NORMAL, PULL, REDUCE_ONLY, type Vote } from './level.ts';
import { Loss } from './loss.ts';
import { offMarket } from './off-market.ts';
import { Refusals } from './refusals.ts';
import { type Ruling, rule } from './ruling.ts';
import { StaleFeed } from './stale-feed.ts';
import { staleForecast } from './stale-forecast.ts';
import { useOfLimit } from './use-of-limit.ts';
import { VenueProtection } from './venue-protection.ts';

/** What a maker knows at a look, beside its desk. */
export interface ProtectionFacts {
  readonly theo: TheoChain;
  readonly exposures: Exposures;
  /** Dollars since the opening, at own marks. */
  readonly pnl: number;
  /** Loss in the worst cell of a venue's grid, dollars, as far as known. */
  readonly margin: number;
  /** Own neutral half-spread of a series, dollars; 0 where it has none. */
  halfSpread(series: number): number;
  /** Forecast steps since the last forecast was made; 0 while none is expected. */
  readonly forecastAgeSteps: number;
}

const DAY_SECONDS = 86_400;

/** A maker's guards and what follows from them. Once per look all guards vote; quotes and hedges are ruled by the levels that they hold. */
export class Protection {
  readonly #params: MakerParams['protection'];
  readonly #limits: MakerParams['limits'];
  readonly #setup: AgentSetup;
  readonly #latches: Latches;
  readonly #fastMarket: FastMarket;
  readonly #staleFeed: StaleFeed;
  readonly #loss: Loss;
  readonly #refusals: Refusals;
  readonly #venue: VenueProtection;
  /** A `measureTable` of what may be held. */
  readonly #heldLimits: Float64Array;
  readonly #contract = new Float64Array(MEASURE_COUNT);
  #nextDay = DAY_SECONDS;
  /** Since when an expiry is pulled because its values are off the market; undefined while none is. */
  #lostSince: number | undefined;
  /** The maker has stopped, and delta has since been brought to zero. */
  #isFlat = false;

  constructor({ protection, limits, size }: MakerParams, setup: AgentSetup) {
    const { chain, hasBasis } = setup;
    const restart = protection.restart === 'never' ? Number.POSITIVE_INFINITY : protection.restart;
    this.#params = protection;
    this.#limits = limits;
    this.#setup = setup;
    this.#latches = new Latches(chain, protection.calmSeconds, setup.note);
    this.#fastMarket = new FastMarket(protection.fastMarket);
    this.#staleFeed = new StaleFeed(protection.staleFeed, chain, hasBasis);
    this.#loss = new Loss(limits, protection.enabled ? protection.softLoss : Number.POSITIVE_INFINITY, restart);
    this.#refusals = new Refusals(protection.refusals);
    this.#venue = new VenueProtection(protection.venue, size, limits, restart);
    this.#heldLimits = measureLimits(limits, chain);
    this.#heldLimits[MEASURES.indexOf('delta')] = limits.delta;
  }

  /** Sets the protection of the venue: at the opening, and when the connection is back. */
  open(desk: Desk): void {
    if (this.#params.enabled) this.#venue.set(desk);
  }

  hear(report: Readonly<Report>, desk: Desk): void {
    const now = desk.now / NANOS_PER_SECOND;
    this.#venue.hear(report, now);
    if (report.kind === 'rejected') this.#refusals.refused(now, report.reason);
  }

  connected(desk: Desk, isConnected: boolean): void {
    this.#refusals.connected(desk.now / NANOS_PER_SECOND, isConnected);
    if (isConnected) this.open(desk);
  }

  /** The market has closed: what was seen of it is forgotten. */
  closed(): void {
    this.#fastMarket.forget();
    this.#staleFeed.forget();
    this.#lostSince = undefined;
    this.#latches.closed();
  }

  /** A session begins, and with it a day. */
  reopened(desk: Desk, pnl: number): void {
    this.#startDay(desk.now / NANOS_PER_SECOND, pnl);
  }

  /** A spot has come in, in dollars. */
  see(desk: Desk, spot: number): void {
    this.#fastMarket.see(desk.now / NANOS_PER_SECOND, spot);
  }

  /** All guards vote. */
  look(desk: Desk, facts: ProtectionFacts): void {
    const now = desk.now / NANOS_PER_SECOND;
    this.#latches.look(now);
    if (now >= this.#nextDay) this.#startDay(now, facts.pnl);
    this.#latches.vote('loss', WHOLE, this.#loss.vote(now, facts.pnl), now);
    if (this.#params.enabled) this.#voteAll(desk, now, facts);
    const isStopped = this.level === FLATTEN;
    const delta = Math.abs(facts.exposures.table[0] ?? 0);
    this.#isFlat = isStopped && (this.#isFlat || delta < 2 * this.#setup.chain.underlying.lotSize);
  }

  #voteAll(desk: Desk, now: number, facts: ProtectionFacts): void {
    const { fastMarket, staleFeed, offMarket: off, staleForecast: old, limits, refusals, venue } = this.#params;
    const { theo } = facts;
    const { chain } = this.#setup;
    const vote = (guard: Parameters<Latches['vote']>[0], isOn: boolean, made: () => Vote, calmSeconds?: number): void => {
      if (isOn) this.#latches.vote(guard, WHOLE, made(), now, calmSeconds);
    };
    const nearest = chain.expiries.find(({ years }) => years > desk.nowYears);
    vote('fast-market', fastMarket.enabled, () =>
      nearest === undefined ? CALM : this.#fastMarket.vote(now, theo.surface.vol(nearest.index, 0)),
    );
    vote('stale-feed', staleFeed.enabled, () => this.#staleFeed.vote(desk));
    vote('stale-forecast', old.enabled, () => staleForecast(old, facts.forecastAgeSteps), 0);
    vote('refusals', refusals.enabled, () => this.#refusals.vote(now));
    vote('margin', this.#limits.marginDollars !== undefined, () => this.#margin(facts.margin));
    // Its own time is what it waits for.
    vote('venue', venue.enabled, () => this.#venue.vote(now), 0);
    for (const expiry of chain.expiries) {
      if (off.enabled)
        this.#latches.vote('off-market', scopeOf(expiry.index), offMarket(off, chain, theo, desk, expiry.index, facts.halfSpread), now);
      if (limits.enabled) this.#voteOnUse(scopeOf(expiry.index), ` of ${expiry.label}`, now, facts);
    }
    this.#lostSince = this.#isLost ? (this.#lostSince ?? now) : undefined;
    if (limits.enabled) this.#voteOnUse(WHOLE, '', now, facts);
    if (venue.enabled) this.#venue.act(desk, this.#latches.wholeLevel('venue'));
  }

  #voteOnUse(scope: number, of: string, now: number, { exposures }: ProtectionFacts): void {
    MEASURES.forEach((name, m) => {
      const at = scope * MEASURE_COUNT + m;
      const limit = this.#heldLimits[at] ?? Number.POSITIVE_INFINITY;
      const made = useOfLimit(this.#params.limits, m, exposures.table[at] ?? 0, limit, `${name}${of}`, MEASURE_UNITS[name]);
      this.#latches.vote(name, scope, made, now);
    });
  }

  #margin(margin: number): Vote {
    const limit = this.#limits.marginDollars ?? Number.POSITIVE_INFINITY;
    if (margin < this.#params.limits.soft * limit) return CALM;
    return { level: margin >= limit ? PULL : REDUCE_ONLY, reason: `margin of ${margin.toFixed(0)} $ at a limit of ${limit} $` };
  }

  #startDay(now: number, pnl: number): void {
    this.#loss.newDay(pnl);
    this.#nextDay = now + DAY_SECONDS;
  }

  /** The level that holds for the whole chain: at `pull` nothing is quoted, at `flatten` nothing is to be held. */
  get level(): Level {
    return this.#latches.wholeLevel();
  }

  get #isLost(): boolean {
    return this.#setup.chain.expiries.some(({ index }) =>
      this.#latches.raised(scopeOf(index)).some(({ guard, latch }) => guard === 'off-market' && latch.level === PULL),
    );
  }

  /** True, once, when the surface has been off the market for so long that it is to be looked for afresh. */
  takesLost(desk: Desk): boolean {
    const now = desk.now / NANOS_PER_SECOND;
    if (now - (this.#lostSince ?? now) < this.#params.offMarket.refitSeconds) return false;
    this.#lostSince = now;
    return true;
  }

  /** True while the forecast is too old to be used. */
  get dropsForecast(): boolean {
    return this.#latches.raised(WHOLE).some(({ guard }) => guard === 'stale-forecast');
  }

  /** Rules on one side of a series. @param held lots of it. */
  rule(option: OptionSeries, side: Side, held: Lots, theo: TheoChain, out: Ruling): Ruling {
    contractMeasures(theo, option.id - 1, this.#contract);
    return rule(this.#latches, option, side, held, this.#contract, this.#params.widen, out);
  }

  /** What a reader is told of the highest level; undefined at level normal. */
  get state(): string | undefined {
    const { level, held } = this.#latches.highest;
    if (held === undefined || level === NORMAL) return undefined;
    const name = level === FLATTEN ? (this.#isFlat ? 'stopped' : 'flattening') : STATES[LEVELS[level]];
    return `${name}${this.#latches.place(held.scope)}: ${held.latch.reason}`;
  }

  inspect(): ProtectionInspection {
    return this.#latches.inspect();
  }
}

const STATES = { normal: 'quoting', widen: 'widened', 'reduce-only': 'reduce-only', pull: 'pulled', flatten: 'stopped' } as const;
