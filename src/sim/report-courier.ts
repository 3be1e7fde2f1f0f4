import { invariant } from '../core/assert.ts';
import { type AgentId, type Nanos, nanos } from '../core/units.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Trade } from '../market/data.ts';
import type { Report } from '../market/order.ts';

/** Receives what the courier brings. */
export interface Addressee {
  readonly hearsTrades: boolean;
  /** The report may be completed by its addressee. */
  deliverReport(report: Report): void;
  deliverTrade(trade: Readonly<Trade>): void;
}

const REPORT = 0;
const TRADE = 1;

/** Carries private reports and public prints to the agents, each after its own data latency. Parcels are reused. */
export class ReportCourier implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #latency: readonly Nanos[];
  readonly #addressees: readonly Addressee[];
  readonly #reports: { agent: AgentId; report: Report }[] = [];
  readonly #freeReports: number[] = [];
  readonly #trades: { agent: number; trade: Trade }[] = [];
  readonly #freeTrades: number[] = [];

  constructor(kernel: Kernel, latency: readonly Nanos[], addressees: readonly Addressee[]) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#latency = latency;
    this.#addressees = addressees;
  }

  sendReport(agent: AgentId, report: Readonly<Report>): void {
    const slot = this.#freeReports.pop() ?? this.#reports.length;
    const parcel = this.#reports[slot];
    if (parcel === undefined) this.#reports[slot] = { agent, report: { ...report } };
    else {
      parcel.agent = agent;
      copyReport(report, parcel.report);
    }
    this.#kernel.schedule(this.#arrival(agent), this.#target, REPORT, slot, TIE_DELIVERY);
  }

  /** Sends a print to every agent that hears prints. */
  sendTrade(trade: Readonly<Trade>): void {
    for (let agent = 0; agent < this.#addressees.length; agent += 1) {
      if (this.#addressees[agent]?.hearsTrades !== true) continue;
      const slot = this.#freeTrades.pop() ?? this.#trades.length;
      const parcel = this.#trades[slot];
      if (parcel === undefined) this.#trades[slot] = { agent, trade: { ...trade } };
      else {
        parcel.agent = agent;
        copyTrade(trade, parcel.trade);
      }
      this.#kernel.schedule(this.#arrival(agent), this.#target, TRADE, slot, TIE_DELIVERY);
    }
  }

  #arrival(agent: number): Nanos {
    return nanos(this.#kernel.now + (this.#latency[agent] ?? 0));
  }

  on(code: number, slot: number): void {
    if (code === REPORT) {
      const parcel = this.#reports[slot];
      invariant(parcel !== undefined, () => `no report in slot ${slot}`);
      this.#addressees[parcel.agent]?.deliverReport(parcel.report);
      this.#freeReports.push(slot);
    } else {
      const parcel = this.#trades[slot];
      invariant(parcel !== undefined, () => `no trade in slot ${slot}`);
      this.#addressees[parcel.agent]?.deliverTrade(parcel.trade);
      this.#freeTrades.push(slot);
    }
  }
}

// Field by field: Object.assign makes an object or two on its way, and these are among what a run does most.
function copyReport(from: Readonly<Report>, to: Report): void {
  to.kind = from.kind;
  to.order = from.order;
  to.instrument = from.instrument;
  to.side = from.side;
  to.price = from.price;
  to.lots = from.lots;
  to.remaining = from.remaining;
  to.liquidity = from.liquidity;
  to.fee = from.fee;
  to.reason = from.reason;
}

function copyTrade(from: Readonly<Trade>, to: Trade): void {
  to.instrument = from.instrument;
  to.price = from.price;
  to.lots = from.lots;
  to.aggressor = from.aggressor;
  to.at = from.at;
}
