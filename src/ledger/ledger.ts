import { invariant } from '../core/assert.ts';
import { type AgentId, type InstrumentId, type Lots, lots, type Money, money } from '../core/units.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Match } from '../market/order.ts';

/**
 * Double-entry accounts of all participants and of the venue, in whole numbers: what agents gained, others and the venue
 * lost, to the millionth of a dollar. Cash may be negative: positions are margined, not paid for in advance.
 */
export class Ledger {
  readonly #instruments: readonly Instrument[];
  readonly #agents: number;
  /** One account per agent, then the venue's. */
  readonly #cash: Float64Array;
  readonly #fees: Float64Array;
  readonly #positions: Float64Array;
  readonly #traded: Float64Array;
  readonly #fills: Float64Array;

  constructor(instruments: readonly Instrument[], agents: number) {
    this.#instruments = instruments;
    this.#agents = agents;
    this.#cash = new Float64Array(agents + 1);
    this.#fees = new Float64Array(agents);
    this.#positions = new Float64Array(agents * instruments.length);
    this.#traded = new Float64Array(agents * instruments.length);
    this.#fills = new Float64Array(agents);
  }

  /** Books one match: premium between the two sides, and each side's fee to the venue (a negative fee is a rebate). */
  post(match: Readonly<Match>, makerFee: Money, takerFee: Money): void {
    const perTickLot = this.#instruments[match.instrument]?.moneyPerTickLot ?? 0;
    const premium = match.price * match.lots * perTickLot;
    const sign = match.takerSide === 'buy' ? 1 : -1;
    this.#fill(match.taker, match.instrument, sign * match.lots, -sign * premium, takerFee);
    this.#fill(match.maker, match.instrument, -sign * match.lots, sign * premium, makerFee);
  }

  #fill(agent: AgentId, instrument: InstrumentId, signedLots: number, cash: number, fee: number): void {
    const at = agent * this.#instruments.length + instrument;
    this.#positions[at] = (this.#positions[at] ?? 0) + signedLots;
    this.#traded[at] = (this.#traded[at] ?? 0) + Math.abs(signedLots);
    this.#cash[agent] = (this.#cash[agent] ?? 0) + cash - fee;
    this.#cash[this.#agents] = (this.#cash[this.#agents] ?? 0) + fee;
    this.#fees[agent] = (this.#fees[agent] ?? 0) + fee;
    this.#fills[agent] = (this.#fills[agent] ?? 0) + 1;
  }

  /** Closes every position in an instrument at a price, all accounts at once; each holder, long or short, pays the venue a fee per lot. */
  settle(instrument: InstrumentId, moneyPerLot: Money, feePerLot: Money = money(0)): void {
    for (let agent = 0; agent < this.#agents; agent += 1) {
      const at = agent * this.#instruments.length + instrument;
      const held = this.#positions[at] ?? 0;
      if (held === 0) continue;
      const fee = Math.abs(held) * feePerLot;
      this.#cash[agent] = (this.#cash[agent] ?? 0) + held * moneyPerLot - fee;
      this.#cash[this.#agents] = (this.#cash[this.#agents] ?? 0) + fee;
      this.#fees[agent] = (this.#fees[agent] ?? 0) + fee;
      this.#positions[at] = 0;
    }
  }

  /** Moves money between the holders of an instrument: each long lot pays so much, each short one gets it. The venue takes nothing. */
  fund(instrument: InstrumentId, moneyPerLot: Money): void {
    for (let agent = 0; agent < this.#agents; agent += 1) {
      const held = this.#positions[agent * this.#instruments.length + instrument] ?? 0;
      if (held !== 0) this.#cash[agent] = (this.#cash[agent] ?? 0) - held * moneyPerLot;
    }
  }

  position(agent: AgentId, instrument: InstrumentId): Lots {
    return lots(this.#positions[agent * this.#instruments.length + instrument] ?? 0);
  }

  cash(agent: AgentId): Money {
    return money(this.#cash[agent] ?? 0);
  }

  /** Fees paid so far, net of rebates. */
  fees(agent: AgentId): Money {
    return money(this.#fees[agent] ?? 0);
  }

  /** The venue's account. */
  get venue(): Money {
    return money(this.#cash[this.#agents] ?? 0);
  }

  /** Lots traded in an instrument, both sides counted once for this agent. */
  traded(agent: AgentId, instrument: InstrumentId): Lots {
    return lots(this.#traded[agent * this.#instruments.length + instrument] ?? 0);
  }

  fills(agent: AgentId): number {
    return this.#fills[agent] ?? 0;
  }

  /** @throws InvariantError when money or positions do not add up to zero, exactly. */
  verify(): void {
    let cash = 0;
    for (const account of this.#cash) {
      invariant(Number.isSafeInteger(account), () => `an account holds ${account}`);
      cash += account;
    }
    invariant(cash === 0, () => `cash sums to ${cash}, not 0`);
    for (const instrument of this.#instruments) {
      let held = 0;
      for (let agent = 0; agent < this.#agents; agent += 1) held += this.#positions[agent * this.#instruments.length + instrument.id] ?? 0;
      invariant(held === 0, () => `positions in ${instrument.symbol} sum to ${held}, not 0`);
    }
  }
}
