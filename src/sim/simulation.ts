import { InputError, InvariantError } from '../core/assert.ts';
import { combineHash, hashText } from '../core/hash.ts';
import { streams } from '../core/rng.ts';
import {
  agentId,
  type InstrumentId,
  MONEY_PER_DOLLAR,
  NANOS_PER_SECOND,
  nanos,
  nanosFromSeconds,
  type OrderId,
  orderId,
} from '../core/units.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Feed } from '../exchange/feed.ts';
import type { SettlementTerms } from '../exchange/settlement.ts';
import { Kernel } from '../kernel/kernel.ts';
import { Trace, type TraceObserver } from '../kernel/trace.ts';
import { Attribution } from '../ledger/attribution.ts';
import { Ledger } from '../ledger/ledger.ts';
import { World } from '../processes/world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { agentLines } from './agent-lines.ts';
import { agentSetup } from './agent-setup.ts';
import { AgentDesk } from './desk.ts';
import type { ForecasterCatalog } from './forecasters.ts';
import { Funding } from './funding.ts';
import { ImpactedWorld } from './impacted-world.ts';
import { IndexFeed } from './index-feed.ts';
import { OrderGateway } from './order-gateway.ts';
import { positionLimits } from './position-limits.ts';
import { ReportCourier } from './report-courier.ts';
import { RunRecords } from './run-records.ts';
import { VenueClock } from './venue-clock.ts';
import { Verifier } from './verifier.ts';
import { WorldClock } from './world-clock.ts';

/** Vega in formulas is per 1.00 of vol. */
const VOL_POINTS = 100;

export interface SimulationOptions {
  readonly seed: string;
  readonly forecasters: ForecasterCatalog;
  /** Check every invariant after every event: slow, for tests and for the hunt. */
  readonly verify?: boolean;
  /** Hears of every trace record from the first on: the opening makes some. */
  readonly observer?: TraceObserver;
}

/**
 * One run of a scenario: everything is made and wired here, by constructor arguments, and nothing is looked up later. Synchronous; what
 * it does depends on scenario, seed and version alone, however `advance` is cut and whoever watches.
 */
export class Simulation {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly kernel: Kernel;
  /** As it is now; what was drawn of it before anybody traded is its `exogenous`. */
  readonly world: ImpactedWorld;
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  readonly attribution: Attribution;
  readonly clock: WorldClock;
  readonly trace = new Trace();
  readonly records: RunRecords;
  readonly desks: readonly AgentDesk[];
  readonly subject: AgentDesk;
  readonly #horizon;
  readonly #funding: Funding | undefined;
  #gateway: OrderGateway | undefined;
  #feed: Feed | undefined;
  #nextOrder = 0;

  /** @throws InputError when a forecaster that an agent asks for is missing or does not fit. */
  constructor(scenario: Scenario, options: SimulationOptions) {
    const { chain } = scenario;
    const names = scenario.agents.map((agent) => agent.name);
    const ids = names.map((_, index) => agentId(index));
    this.scenario = scenario;
    this.seed = options.seed;
    this.trace.observe(options.observer);
    this.#horizon = nanosFromSeconds(scenario.durationSeconds);
    const chance = streams(options.seed);
    this.kernel = new Kernel({ seed: options.seed, queueCapacity: scenario.queueLimit });
    const drawn = new World(scenario.world, chain, scenario.valuation, chance);
    this.world = new ImpactedWorld(drawn, scenario.world, chain.underlying.lotSize, scenario.name);
    this.ledger = new Ledger(chain.instruments, names.length);
    const { funding: terms } = scenario.venue;
    const hasBasis = scenario.world.basis !== undefined;
    this.attribution = new Attribution(chain, scenario.valuation, names.length, { basis: hasBasis, funding: terms !== undefined });
    const lines = agentLines(scenario.agents, chance);
    const index = new IndexFeed(() => this.kernel.now, lines.data);
    const hashes = names.map(hashText);
    const courierOf = { courier: undefined as ReportCourier | undefined };
    this.exchange = new Exchange(
      chain,
      {
        fees: scenario.fees,
        limits: scenario.orderLimits,
        agents: names.length,
        selfTrade: scenario.venue.selfTrade,
        priceBand: scenario.venue.priceBand,
        now: () => this.kernel.now,
        risk: {
          delta: (instrument) => (instrument === 0 ? 1 : (this.clock.fair.delta[instrument - 1] ?? 0)),
          vega: (instrument) => (this.clock.fair.vega[instrument - 1] ?? 0) / VOL_POINTS,
        },
      },
      {
        report: (agent, report) => courierOf.courier?.sendReport(agent, report),
        match: (match, makerFee, takerFee) => {
          this.records.matched(match, makerFee, takerFee);
          const { instrument, price, lots, takerSide: aggressor } = match;
          if (instrument === chain.underlying.id) this.world.traded(aggressor, lots);
          courierOf.courier?.sendTrade({ instrument, price, lots, aggressor, at: this.kernel.now });
        },
        changed: (instrument) => this.#feed?.changed(instrument),
        record: (kind, instrument, agent, order, price, size, extra) =>
          this.trace.record(kind, this.kernel.now, instrument, agent === undefined ? 0 : (hashes[agent] ?? 0), order, price, size, extra),
      },
    );
    this.clock = new WorldClock(
      {
        kernel: this.kernel,
        world: this.world,
        chain,
        valuation: scenario.valuation,
        exchange: this.exchange,
        ledger: this.ledger,
        attribution: this.attribution,
        fees: scenario.fees,
        settlementAverageNanos: nanosFromSeconds(scenario.venue.settlementAverageSeconds),
        trace: this.trace,
        agents: ids,
      },
      {
        onStepEnds: (dollars) => this.#funding?.stepEnds(dollars),
        onIndex: (dollars) => index.publish(dollars),
        onStep: () => this.records.stepped(),
        onSettled: (instrument, settled) => this.#settled(instrument, settled),
      },
    );
    const services = {
      kernel: this.kernel,
      gateway: () => wired(this.#gateway),
      feed: () => wired(this.#feed),
      index,
      isOpen: () => this.exchange.lifecycle.isOpen,
      listed: (instrument: InstrumentId) => this.exchange.lifecycle.listed(instrument),
      nextOrder: (): OrderId => {
        this.#nextOrder += 1;
        return orderId(this.#nextOrder);
      },
    };
    // The world comes first at each instant, then what its first values call for.
    this.clock.open();
    this.desks = scenario.agents.map((spec, index) => {
      const note = (text: string): void => this.records.noted(agentId(index), text);
      const agent = spec.kind.build(spec.params, agentSetup(spec, scenario, this.clock, chance, options.forecasters, this.world, note));
      return new AgentDesk(agentId(index), spec.name, agent, positionLimits(scenario, spec), services);
    });
    const subject = this.desks[names.indexOf(scenario.subject)];
    this.subject = wired(subject);
    this.records = new RunRecords(this);
    if (terms !== undefined) this.#funding = new Funding(terms, this, (rate) => this.records.funded(rate));
    this.#gateway = new OrderGateway(this.kernel, this.exchange, lines.order, hashes, combineHash(hashText(options.seed), 0));
    this.#feed = new Feed(this.kernel, (instrument) => this.exchange.book(instrument), chain.instruments.length, lines.data, {
      onData: (agent, instrument) => {
        const desk = this.desks[agent];
        if (desk !== undefined) desk.agent.onData?.(instrument, desk);
      },
    });
    courierOf.courier = new ReportCourier(this.kernel, lines, this.desks);
    if (options.verify === true) this.#verifyAlways();
    const venue = new VenueClock(this.kernel, this.exchange, scenario, this.desks, (isOpen) => this.records.sessionChanged(isOpen));
    venue.open();
    for (const desk of this.desks) desk.agent.onOpen(desk);
  }

  #verifyAlways(): void {
    const verifier = new Verifier(this.scenario, this.exchange, this.ledger, this.attribution, this.subject, this.clock);
    this.kernel.onEvent((now) => verifier.check(now));
  }

  /** Tells the desks that a series is paid out, with what they truly hold; the ledger follows. */
  #settled(instrument: InstrumentId, { moneyPerLot, feePerLot }: SettlementTerms): void {
    const option = this.scenario.chain.options[instrument - 1];
    if (option === undefined) throw new InvariantError(`instrument ${instrument} was settled, but is no option`);
    this.records.settled(option, moneyPerLot);
    const perUnit = moneyPerLot / MONEY_PER_DOLLAR / option.lotSize;
    for (const desk of this.desks) {
      const held = this.ledger.position(desk.id, instrument);
      const feeDollars = (Math.abs(held) * feePerLot) / MONEY_PER_DOLLAR;
      desk.settled(instrument);
      desk.agent.onSettled?.({ instrument, units: held * option.lotSize, dollarsPerUnit: perUnit, feeDollars }, desk);
    }
  }

  get nowSeconds(): number {
    return this.kernel.now / NANOS_PER_SECOND;
  }

  /** True once everything up to the horizon has happened: its last moment may hold many events. */
  get done(): boolean {
    return this.kernel.now >= this.#horizon && (this.kernel.next ?? Number.POSITIVE_INFINITY) > this.#horizon;
  }

  /**
   * Runs on until this many seconds after the opening, at most to the horizon; at most `eventsMaximum` events.
   * @throws InputError when the scenario's limit of events is reached, or trades feed on their own impact; InvariantError on a bug, with seed and event number.
   */
  advance(untilSeconds: number, eventsMaximum = Number.POSITIVE_INFINITY): void {
    this.world.check();
    const until = nanos(Math.max(this.kernel.now, Math.min(this.#horizon, Math.round(untilSeconds * NANOS_PER_SECOND))));
    const left = this.scenario.eventsLimit - this.kernel.events;
    this.kernel.advance(until, Math.min(left, eventsMaximum));
    if (this.kernel.events >= this.scenario.eventsLimit && !this.done) {
      throw new InputError(this.scenario.name, [
        {
          path: 'limits.events',
          message: `the run reached its limit of ${this.scenario.eventsLimit} events at ${this.nowSeconds.toFixed(3)} s`,
        },
      ]);
    }
  }
}

function wired<T>(part: T | undefined): T {
  if (part === undefined) throw new InvariantError('a part of the simulation was used before it was wired');
  return part;
}
