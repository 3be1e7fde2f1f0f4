import { type AgentId, type InstrumentId, type Lots, MONEY_PER_DOLLAR } from '../core/units.ts';
import type { Instrument } from '../market/instrument.ts';

/** What an agent made of one instrument since the opening; dollars, above 0 a gain. */
export interface InstrumentPnl {
  /** Cash that came in, fees and all, and what is held at its fair value. */
  readonly total: number;
  /** Fair value against price of its fills. */
  readonly capture: number;
  /** Fees, a loss where paid. */
  readonly fees: number;
  /** Units held; above 0 is long. */
  readonly position: number;
}

/**
 * Cash of every agent by instrument, in whole numbers, so that an instrument's result needs no sum over steps: it is the cash that it brought and
 * the value of what is held. Over all instruments it is the ledger's figure, to the last bit of the cash.
 */
export class SeriesAccounts {
  readonly #instruments: readonly Instrument[];
  readonly #cash: Float64Array;
  readonly #fees: Float64Array;
  readonly #capture: Float64Array;

  constructor(instruments: readonly Instrument[], agents: number) {
    this.#instruments = instruments;
    this.#cash = new Float64Array(agents * instruments.length);
    this.#fees = new Float64Array(agents * instruments.length);
    this.#capture = new Float64Array(agents * instruments.length);
  }

  /** Books cash received (below 0: paid), the fee paid out of it, and dollars of capture. */
  book(agent: AgentId, instrument: InstrumentId, cash: number, fee: number, capture: number): void {
    const at = agent * this.#instruments.length + instrument;
    this.#cash[at] = (this.#cash[at] ?? 0) + cash - fee;
    this.#fees[at] = (this.#fees[at] ?? 0) + fee;
    this.#capture[at] = (this.#capture[at] ?? 0) + capture;
  }

  /** @param held lots; `fair` dollars per unit. */
  pnl(agent: AgentId, instrument: InstrumentId, held: Lots, fair: number): InstrumentPnl {
    const at = agent * this.#instruments.length + instrument;
    const position = held * (this.#instruments[instrument]?.lotSize ?? 0);
    const fees = this.#fees[at] ?? 0;
    return {
      total: (this.#cash[at] ?? 0) / MONEY_PER_DOLLAR + position * fair,
      capture: this.#capture[at] ?? 0,
      fees: fees === 0 ? 0 : -fees / MONEY_PER_DOLLAR,
      position,
    };
  }
}
