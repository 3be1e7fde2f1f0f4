import { type Ticks, ticks } from '../../core/units.ts';
import type { Chain } from '../../market/chain.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../market/instrument.ts';
import { nextAbove, nextBelow } from '../../market/tick-table.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import { strikeWeight, tenorWeight } from '../../pricing/flow-shape.ts';
import type { AgentSetup, Desk } from '../agent.ts';
import type { MarketWatch } from './market-watch.ts';
import type { MakerParams } from './params.ts';
import type { PositionRisk } from './position-risk.ts';
import { acceptanceSlope, blankQuote, type InventoryPrice, inventoryPrice, type Quote, type QuotingTerms, quote } from './quoter.ts';
import { type Candidacy, type Selection, select } from './selector.ts';

const HOURS_PER_YEAR = 8760;
const DAYS_PER_YEAR = 365;
/** Series whose own vol point is worth less than this many ticks are not a market in vol. */
const VEGA_TICKS_MINIMUM = 0.5;

/** Quotes of the whole chain as the maker would make them, and which of them it makes. */
export class QuoteBoard {
  readonly quotes: readonly Quote[];
  readonly selections: readonly Selection[];
  /** Present price of inventory, from the last selection. */
  inventory: InventoryPrice = { m: 0, kappa: 1 };
  readonly #chain: Chain;
  readonly #params: MakerParams;
  readonly #setup: AgentSetup;
  readonly #candidacies: Candidacy[];
  readonly #perYear: Float64Array;

  constructor(params: MakerParams, setup: AgentSetup) {
    this.#chain = setup.chain;
    this.#params = params;
    this.#setup = setup;
    this.quotes = setup.chain.options.map(blankQuote);
    this.selections = setup.chain.options.map((): Selection => ({ selected: false, sinceSeconds: 0, reason: 'not looked at yet' }));
    this.#candidacies = setup.chain.options.map((option): Candidacy => ({ series: option.id - 1, score: undefined, reason: '' }));
    this.#perYear = new Float64Array(setup.chain.options.length);
  }

  terms(levelVariance: number): QuotingTerms {
    const p = this.#params;
    return {
      riskAversion: p.riskAversion,
      widthMultiplier: p.widthMultiplier,
      leanCap: p.leanCap,
      size: p.size,
      reservationPerVol: p.reservationPerVol,
      levelVariance,
    };
  }

  /** Computes the quote of one series. */
  price(
    option: OptionSeries,
    watch: MarketWatch,
    risk: PositionRisk,
    lean: Readonly<Float64Array>,
    terms: QuotingTerms,
  ): Quote | undefined {
    const i = option.id - 1;
    const out = this.quotes[i];
    const { theo } = watch.tracker;
    if (out === undefined || !this.#hasVega(watch, i, option)) return undefined;
    let variance = 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const part = (theo.exposures[i * FACTOR_COUNT + f] ?? 0) * watch.tracker.sd(f);
      variance += part * part;
    }
    const at = ticksBelow(option, Math.max(option.tickSize, theo.price[i] ?? 0));
    const fee = this.#setup.feePerUnit(option.id, at, 'maker', theo.spot);
    return quote(theo, i, option.expiry, terms, this.inventory, risk.levelExposure, lean, Math.sqrt(variance), fee, out);
  }

  #hasVega(watch: MarketWatch, i: number, option: OptionSeries): boolean {
    return (watch.tracker.theo.vega[i] ?? 0) / 100 >= VEGA_TICKS_MINIMUM * option.tickSize;
  }

  /** Prices every live series, and chooses which to quote. */
  choose(desk: Desk, watch: MarketWatch, risk: PositionRisk, lean: Readonly<Float64Array>, levelVariance: number): void {
    const terms = this.terms(levelVariance);
    this.#believeFlow(watch, desk.nowYears);
    this.inventory = this.#inventoryPrice(watch, terms);
    for (const option of this.#chain.options) {
      const candidacy = this.#candidacies[option.id - 1];
      if (candidacy === undefined) continue;
      candidacy.score = undefined;
      if ((this.#chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears) candidacy.reason = 'expired';
      else if (!desk.listed(option.id)) candidacy.reason = 'not listed yet';
      else {
        const made = this.price(option, watch, risk, lean, terms);
        if (made === undefined) candidacy.reason = `a vol point is worth less than ${VEGA_TICKS_MINIMUM} ticks`;
        else candidacy.score = ((this.#perYear[option.id - 1] ?? 0) / HOURS_PER_YEAR) * this.#params.size * (made.bidValue + made.askValue);
      }
    }
    select(this.#candidacies, this.selections, this.#params.seriesMaximum, desk.now / 1e9, this.#params.dwellSeconds);
  }

  /** Candidates per year on one side of each series, by the usual shape of demand. */
  #believeFlow(watch: MarketWatch, nowYears: number): void {
    const { theo } = watch.tracker;
    let total = 0;
    this.#perYear.fill(0);
    for (const expiry of this.#chain.expiries) {
      const left = expiry.years - nowYears;
      if (left <= 0) continue;
      const sd = theo.surface.vol(expiry.index, 0) * Math.sqrt(left);
      const mine = this.#chain.options.filter((option) => option.expiry === expiry.index);
      let sum = 0;
      for (const option of mine) {
        const k = Math.log(option.strike / (theo.forward[expiry.index] ?? theo.spot));
        const weight = strikeWeight(k / sd, option.right === 'call' ? k >= 0 : k <= 0);
        this.#perYear[option.id - 1] = weight;
        sum += weight;
      }
      const tenor = tenorWeight(left * DAYS_PER_YEAR);
      total += tenor;
      for (const option of mine) this.#perYear[option.id - 1] = ((this.#perYear[option.id - 1] ?? 0) * tenor) / sum;
    }
    const scale = total === 0 ? 0 : (0.5 * this.#params.flowPerHour * HOURS_PER_YEAR) / total;
    for (let i = 0; i < this.#perYear.length; i += 1) this.#perYear[i] = (this.#perYear[i] ?? 0) * scale;
  }

  #inventoryPrice(watch: MarketWatch, terms: QuotingTerms): InventoryPrice {
    const { theo } = watch.tracker;
    const series = this.#chain.options
      .filter((option) => this.selections[option.id - 1]?.selected !== false || this.inventory.m === 0)
      .filter((option) => this.#hasVega(watch, option.id - 1, option))
      .map((option) => {
        const i = option.id - 1;
        const vega = theo.vega[i] ?? 0;
        const at = ticksBelow(option, Math.max(option.tickSize, theo.price[i] ?? 0));
        return {
          perYear: this.#perYear[i] ?? 0,
          vega,
          exposure: theo.exposures[i * FACTOR_COUNT] ?? 0,
          beta: acceptanceSlope(theo, option.expiry, terms.reservationPerVol),
          feeVol: this.#setup.feePerUnit(option.id, at, 'maker', theo.spot) / vega,
        };
      });
    return inventoryPrice(terms, series);
  }

  /** Prices to send for a quote: rounded away from the fair value, and never through the best price of the others. */
  sendable(desk: Desk, option: OptionSeries, made: Quote): { bid: Ticks | undefined; ask: Ticks | undefined } {
    const others = desk.bbo(option.id);
    let bid = ticksBelow(option, made.bid);
    let ask = ticks(Math.max(1, ticksAbove(option, made.ask)));
    if (others.ask !== undefined) bid = ticks(Math.min(bid, nextBelow(option.tickTable, others.ask)));
    if (others.bid !== undefined) ask = ticks(Math.max(ask, nextAbove(option.tickTable, others.bid)));
    return { bid: bid >= 1 && bid < ask ? bid : undefined, ask };
  }
}
