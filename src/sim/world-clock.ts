import type { CustomerWish, Oracle } from '../agents/agent.ts';
import { invariant } from '../core/assert.ts';
import { type AgentId, type InstrumentId, NANOS_PER_YEAR, nanos } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { FeeSchedule } from '../exchange/rules.ts';
import { type SettlementTerms, settlementTerms } from '../exchange/settlement.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_WORLD } from '../kernel/ties.ts';
import { TRACE, type Trace } from '../kernel/trace.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StepMarks } from '../ledger/step-changes.ts';
import type { Chain } from '../market/chain.ts';
import { FACTOR_COUNT } from '../pricing/factors.ts';
import { TheoChain, type ValuationTerms } from '../pricing/theo.ts';
import type { ImpactedWorld } from './impacted-world.ts';
import { IndexAverage } from './index-average.ts';

/** Hears of what the world does, in the order in which it happens. */
export interface WorldListener {
  /** The world is about to move. @param indexDollars as it has been since the last step. */
  onStepEnds(indexDollars: number): void;
  /** The index has a new price; at the opening too. */
  onIndex(dollars: number): void;
  /** The world has moved, and all is marked at its new values. */
  onStep(): void;
  /** A series has expired; positions are paid out right after. */
  onSettled(instrument: InstrumentId, terms: SettlementTerms): void;
}

const STEP = 0;
const EXPIRY = 1;

/** The world as an actor in the run: moves it on its grid with what trades have done to it, values the chain at the truth, marks the accounts, and settles expiries. */
export class WorldClock implements Target, Oracle {
  readonly fair: TheoChain;
  readonly factorsNow = new Float64Array(FACTOR_COUNT);
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #world: ImpactedWorld;
  readonly #chain: Chain;
  readonly #exchange: Exchange;
  readonly #ledger: Ledger;
  readonly #attribution: Attribution;
  readonly #trace: Trace;
  readonly #agents: readonly AgentId[];
  readonly #listener: WorldListener;
  readonly #fees: FeeSchedule;
  /** The index over the time before each expiry. */
  readonly #averages: readonly IndexAverage[];
  readonly #over: boolean[];
  /** The first expiry that is not scheduled yet. */
  #nextExpiry = 0;
  #regime = -1;

  constructor(
    parts: {
      kernel: Kernel;
      world: ImpactedWorld;
      chain: Chain;
      valuation: ValuationTerms;
      exchange: Exchange;
      ledger: Ledger;
      attribution: Attribution;
      fees: FeeSchedule;
      /** Time before an expiry over which the index is averaged; 0 for the last moment. */
      settlementAverageNanos: number;
      trace: Trace;
      agents: readonly AgentId[];
    },
    listener: WorldListener,
  ) {
    this.#kernel = parts.kernel;
    this.#target = parts.kernel.register(this);
    this.#world = parts.world;
    this.#chain = parts.chain;
    this.#exchange = parts.exchange;
    this.#ledger = parts.ledger;
    this.#attribution = parts.attribution;
    this.#trace = parts.trace;
    this.#agents = parts.agents;
    this.#listener = listener;
    this.#fees = parts.fees;
    this.#averages = parts.chain.expiries.map(
      ({ years }) => new IndexAverage(Math.round(years * NANOS_PER_YEAR) - parts.settlementAverageNanos),
    );
    this.#over = parts.chain.expiries.map(() => false);
    this.fair = new TheoChain(parts.chain, parts.valuation);
  }

  /** Values the opening, and schedules what comes next. */
  open(): void {
    this.#value();
    this.#attribution.open(this.#marks());
    this.#scheduleNext();
  }

  /** The next step, and behind it the expiries up to it: one that falls on a step settles at the index of that step. */
  #scheduleNext(): void {
    const step = nanos(this.#kernel.now + this.#world.stepNanos);
    this.#kernel.schedule(step, this.#target, STEP, 0, TIE_WORLD);
    for (;;) {
      const expiry = this.#chain.expiries[this.#nextExpiry];
      const at = expiry === undefined ? Number.POSITIVE_INFINITY : Math.round(expiry.years * NANOS_PER_YEAR);
      if (at > step) return;
      this.#kernel.schedule(nanos(at), this.#target, EXPIRY, this.#nextExpiry, TIE_WORLD);
      this.#nextExpiry += 1;
    }
  }

  on(code: number, payload: number): void {
    if (code === EXPIRY) {
      this.#settle(payload);
      return;
    }
    this.#listener.onStepEnds(this.fair.spot);
    this.#world.advance();
    this.#value();
    this.#attribution.step(this.#marks(), this.#ledger, this.#agents);
    this.#scheduleNext();
    this.#listener.onStep();
  }

  /** What the accounts are marked at now. */
  #marks(): StepMarks {
    const { fair: theo, factorsNow: factors, perpetual } = this;
    return { theo, factors, nowYears: this.#kernel.now / NANOS_PER_YEAR, perpetual, jumped: this.#world.jumped };
  }

  #value(): void {
    this.#world.factorsInto(this.factorsNow);
    const spot = this.#world.spot();
    this.fair.move(this.factorsNow, spot, this.#kernel.now / NANOS_PER_YEAR);
    this.fair.valueAll();
    this.#exchange.setIndex(spot);
    this.#listener.onIndex(spot);
    for (const average of this.#averages) average.note(spot, this.#kernel.now);
    const regime = this.#world.regime();
    if (regime !== this.#regime) this.#trace.record(TRACE.regime, this.#kernel.now, 0, 0, 0, 0, 0, regime);
    this.#regime = regime;
  }

  /** One barrier for all series of an expiry, at one price of the index: its average, or where it stands now. */
  #settle(expiry: number): void {
    const index = this.#averages[expiry]?.value ?? this.#world.spot();
    this.#over[expiry] = true;
    const termsOf = (id: InstrumentId): SettlementTerms => {
      const option = this.#chain.options[id - 1];
      invariant(option !== undefined, () => `instrument ${id} is no option`);
      return settlementTerms(option, index, this.#fees);
    };
    this.#exchange.lifecycle.expire(expiry, index, termsOf, (instrument, terms) => {
      const { moneyPerLot, feePerLot } = terms;
      this.#attribution.settle(instrument, moneyPerLot, feePerLot, this.#ledger, this.#agents);
      this.#listener.onSettled(instrument, terms);
      this.#ledger.settle(instrument, moneyPerLot, feePerLot);
    });
  }

  get perpetual(): number {
    return this.fair.spot * (1 + this.#world.basis());
  }

  expired(expiry: number): boolean {
    return this.#over[expiry] === true;
  }

  factorsAhead(seconds: number, out: Float64Array): void {
    const { exogenous } = this.#world;
    exogenous.factorsInto(out, Math.round((seconds * 1e9) / exogenous.stepNanos));
    // What trades have done so far is there already, and lasts longer than anybody looks ahead.
    out[0] = (out[0] ?? 0) + this.#world.levelMove;
  }

  /** Wishes of the present step, in order of their arrival. */
  wishes(): CustomerWish[] {
    const start = this.#world.step * this.#world.stepNanos;
    return this.#world.exogenous
      .candidates()
      .map(
        (candidate): CustomerWish => ({
          at: nanos(start + Math.floor(candidate.within * this.#world.stepNanos)),
          instrument: candidate.option.id,
          side: candidate.side,
          contracts: candidate.contracts,
          reservationVol: candidate.reservationVol,
          follows: candidate.follows,
        }),
      )
      .sort((a, b) => a.at - b.at);
  }
}
