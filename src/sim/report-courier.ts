import { InvariantError, invariant } from '../core/assert.ts';
import type { AgentId, InstrumentId, Nanos } from '../core/units.ts';
import type { Kernel, Target } from '../kernel/kernel.ts';
import type { Line } from '../kernel/line.ts';
import { TIE_DELIVERY } from '../kernel/ties.ts';
import type { Trade } from '../market/data.ts';
import type { Report } from '../market/order.ts';

/** Receives what the courier brings. */
export interface Addressee {
  /** Asked at the moment of the print. */
  hearsTradesIn(instrument: InstrumentId): boolean;
  /** The report may be completed by its addressee. */
  deliverReport(report: Report): void;
  deliverTrade(trade: Readonly<Trade>): void;
}

const REPORT = 0;
const TRADE = 1;

/**
 * Carries private reports to the agents over their ack lines, and public prints over their data lines, which bring the books as well.
 * Parcels are reused.
 */
export class ReportCourier implements Target {
  readonly #kernel: Kernel;
  readonly #target: number;
  readonly #ackLines: readonly Line[];
  readonly #dataLines: readonly Line[];
  readonly #addressees: readonly Addressee[];
  readonly #reports: { agent: AgentId; report: Report }[] = [];
  readonly #freeReports: number[] = [];
  readonly #trades: { agent: number; trade: Trade }[] = [];
  readonly #freeTrades: number[] = [];

  /** @param lines back from the exchange, by agent. */
  constructor(kernel: Kernel, lines: { readonly ack: readonly Line[]; readonly data: readonly Line[] }, addressees: readonly Addressee[]) {
    this.#kernel = kernel;
    this.#target = kernel.register(this);
    this.#ackLines = lines.ack;
    this.#dataLines = lines.data;
    this.#addressees = addressees;
  }

  sendReport(agent: AgentId, report: Readonly<Report>): void {
    const slot = this.#freeReports.pop() ?? this.#reports.length;
    const parcel = this.#reports[slot];
    if (parcel === undefined) this.#reports[slot] = { agent, report: { ...report } };
    else {
      parcel.agent = agent;
      Object.assign(parcel.report, report);
    }
    this.#kernel.schedule(this.#arrival(this.#ackLines[agent]), this.#target, REPORT, slot, TIE_DELIVERY);
  }

  /** Sends a print to every agent that hears prints in its instrument. */
  sendTrade(trade: Readonly<Trade>): void {
    for (let agent = 0; agent < this.#addressees.length; agent += 1) {
      if (this.#addressees[agent]?.hearsTradesIn(trade.instrument) !== true) continue;
      const slot = this.#freeTrades.pop() ?? this.#trades.length;
      const parcel = this.#trades[slot];
      if (parcel === undefined) this.#trades[slot] = { agent, trade: { ...trade } };
      else {
        parcel.agent = agent;
        Object.assign(parcel.trade, trade);
      }
      this.#kernel.schedule(this.#arrival(this.#dataLines[agent]), this.#target, TRADE, slot, TIE_DELIVERY);
    }
  }

  #arrival(line: Line | undefined): Nanos {
    if (line === undefined) throw new InvariantError('an agent has no line from the exchange');
    return line.arrival(this.#kernel.now);
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
