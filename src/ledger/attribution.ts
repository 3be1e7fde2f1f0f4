import { type AgentId, type InstrumentId, type Lots, MONEY_PER_DOLLAR, type Money } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type Side, signOf } from '../market/order.ts';
import type { ValuationTerms } from '../pricing/theo.ts';
import { CAUSE_AT as AT, CAUSES, type Cause } from './causes.ts';
import type { Ledger } from './ledger.ts';
import { type InstrumentPnl, SeriesAccounts } from './series-accounts.ts';
import { STEP_PARTS, StepChanges, type StepMarks } from './step-changes.ts';

const CAUSE_OF_PART = STEP_PARTS.map((part) => AT[part]);
/** What a step with a jump is divided into, and what any other is. */
const PARTS_OF_JUMP = STEP_PARTS.flatMap((part, index) => (part === 'theta' || part === 'jump' ? [index] : []));
const PARTS_OF_STEP = STEP_PARTS.flatMap((part, index) => (part === 'jump' ? [] : [index]));

/**
 * Profit and loss of every agent by cause, marked at the world's fair values (decision 11). The parts sum to cash plus the
 * value of what is held, to 1e-9 of the sum of their sizes: test/ledger/attribution.test.ts, and after every event with `--verify`.
 */
export class Attribution {
  /** The causes that there can be in this run. */
  readonly causes: readonly Cause[];
  readonly #chain: Chain;
  readonly #changes: StepChanges;
  readonly #accounts: SeriesAccounts;
  /** Dollars by agent and cause. */
  readonly #amounts: Float64Array;
  /** What one agent holds: series, and units of each. */
  readonly #series: Uint32Array;
  readonly #units: Float64Array;

  /** @param has causes that not every market has. */
  constructor(
    chain: Chain,
    valuation: ValuationTerms,
    agents: number,
    has: { readonly basis: boolean; readonly funding: boolean } = { basis: true, funding: true },
  ) {
    this.causes = CAUSES.filter((cause) => (cause !== 'basis' || has.basis) && (cause !== 'funding' || has.funding));
    this.#chain = chain;
    this.#changes = new StepChanges(chain, valuation);
    this.#accounts = new SeriesAccounts(chain.instruments, agents);
    this.#amounts = new Float64Array(agents * CAUSES.length);
    this.#series = new Uint32Array(chain.options.length);
    this.#units = new Float64Array(chain.options.length);
  }

  /** Sets the marks at the opening. */
  open(marks: StepMarks): void {
    this.#changes.keep(marks);
  }

  /** Fair value in dollars per unit of the underlying, as of the last step. */
  fair(instrument: InstrumentId): number {
    return this.#changes.fair(instrument);
  }

  /** Delta per unit, as of the last step. */
  delta(instrument: InstrumentId): number {
    return this.#changes.delta(instrument);
  }

  /** Change per unit of a factor, dollars per unit of the underlying; as of the last step. */
  exposure(instrument: InstrumentId, factor: number): number {
    return this.#changes.exposure(instrument, factor);
  }

  /** Books the edge of a fill against the fair value, and its fee. */
  fill(agent: AgentId, instrument: InstrumentId, side: Side, priceTicks: number, size: Lots, fee: Money): void {
    const listing = this.#chain.instruments[instrument];
    if (listing === undefined) return;
    const edge = signOf(side) * (this.fair(instrument) - priceTicks * listing.tickSize) * size * listing.lotSize;
    this.#add(agent, listing.kind === 'option' ? 'spreadCapture' : 'hedgeCost', edge);
    this.#add(agent, 'fees', -fee / MONEY_PER_DOLLAR);
    this.#accounts.book(agent, instrument, -signOf(side) * priceTicks * size * listing.moneyPerTickLot, fee, edge);
  }

  /** Books the difference between the settlement price and the last fair value, and the fee, before the ledger closes the positions. */
  settle(instrument: InstrumentId, moneyPerLot: Money, feePerLot: Money, ledger: Ledger, agents: readonly AgentId[]): void {
    const listing = this.#chain.instruments[instrument];
    if (listing === undefined) return;
    const gap = moneyPerLot / MONEY_PER_DOLLAR - this.fair(instrument) * listing.lotSize;
    for (const agent of agents) {
      const held = ledger.position(agent, instrument);
      const fee = Math.abs(held) * feePerLot;
      this.#add(agent, 'settlement', held * gap);
      this.#add(agent, 'fees', -fee / MONEY_PER_DOLLAR);
      this.#accounts.book(agent, instrument, held * moneyPerLot, fee, 0);
    }
  }

  /** Books what funding moves, before or after the ledger does. @param moneyPerLot what a long lot of the perpetual pays. */
  fund(moneyPerLot: Money, ledger: Ledger, agents: readonly AgentId[]): void {
    const { id } = this.#chain.underlying;
    for (const agent of agents) {
      const cash = -ledger.position(agent, id) * moneyPerLot;
      this.#add(agent, 'funding', cash / MONEY_PER_DOLLAR);
      this.#accounts.book(agent, id, cash, 0, 0);
    }
  }

  /** Moves the marks to a new step, and books what the positions held over it gained, by cause. */
  step(marks: StepMarks, ledger: Ledger, agents: readonly AgentId[]): void {
    const { underlying } = this.#chain;
    const spotMove = this.#changes.spotMove(marks);
    const basisMove = this.#changes.perpetualMove(marks) - spotMove;
    this.#changes.move(marks);
    for (const agent of agents) {
      const units = ledger.position(agent, underlying.id) * underlying.lotSize;
      this.#add(agent, marks.jumped ? 'jump' : 'delta', units * spotMove);
      this.#add(agent, 'basis', units * basisMove);
      this.#hold(agent, ledger, marks.jumped);
    }
    this.#changes.keep(marks);
  }

  /** Runs for every agent and step, so it takes and gives no number that is not whole: each would be an object of its own. */
  #hold(agent: AgentId, ledger: Ledger, jumped: boolean): void {
    const { options } = this.#chain;
    const { parts } = this.#changes;
    const series = this.#series;
    const units = this.#units;
    const amounts = this.#amounts;
    const n = options.length;
    let count = 0;
    for (let i = 0; i < n; i += 1) {
      const option = options[i];
      const held = option === undefined ? 0 : ledger.position(agent, option.id);
      if (option === undefined || held === 0) continue;
      series[count] = i;
      units[count] = held * option.lotSize;
      count += 1;
    }
    if (count === 0) return;
    for (const part of jumped ? PARTS_OF_JUMP : PARTS_OF_STEP) {
      const from = part * n;
      let sum = 0;
      for (let j = 0; j < count; j += 1) sum += (units[j] ?? 0) * (parts[from + (series[j] ?? 0)] ?? 0);
      const at = agent * CAUSES.length + (CAUSE_OF_PART[part] ?? 0);
      amounts[at] = (amounts[at] ?? 0) + sum;
    }
  }

  #add(agent: AgentId, cause: Cause, amount: number): void {
    const at = agent * CAUSES.length + AT[cause];
    this.#amounts[at] = (this.#amounts[at] ?? 0) + amount;
  }

  /** Dollars by cause so far. */
  amount(agent: AgentId, cause: Cause): number {
    return this.#amounts[agent * CAUSES.length + AT[cause]] ?? 0;
  }

  /** Sum of all causes: profit and loss marked at fair value. */
  total(agent: AgentId): number {
    let total = 0;
    for (const cause of CAUSES) total += this.amount(agent, cause);
    return total;
  }

  /** Sum of the sizes of all causes: what the residual, and any error of the sum, is measured by. */
  gross(agent: AgentId): number {
    let gross = 0;
    for (const cause of CAUSES) gross += Math.abs(this.amount(agent, cause));
    return gross;
  }

  /** Value of cash and positions at fair value, from the ledger alone: what {@link total} must equal. */
  equity(agent: AgentId, ledger: Ledger): number {
    let value = ledger.cash(agent) / MONEY_PER_DOLLAR;
    for (const listing of this.#chain.instruments) value += ledger.position(agent, listing.id) * listing.lotSize * this.fair(listing.id);
    return value;
  }

  /** What an agent made of one instrument. */
  instrument(agent: AgentId, instrument: InstrumentId, ledger: Ledger): InstrumentPnl {
    return this.#accounts.pnl(agent, instrument, ledger.position(agent, instrument), this.fair(instrument));
  }
}
