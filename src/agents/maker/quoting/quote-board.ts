import { type Ticks, ticks } from '../../../core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../../market/instrument.ts';
import { nextAbove, nextBelow } from '../../../market/tick-table.ts';
import type { Desk } from '../../agent.ts';
import type { MakerParams } from '../params.ts';
import type { Candidacy, Selection, SelectionView, Selector } from '../selection/selector.ts';
import { type MakerView, VEGA_TICKS_MINIMUM } from './maker-view.ts';
import { blankQuote, type Quote, type Quoter } from './quoter.ts';

const HOURS_PER_YEAR = 8760;

/** Quotes of the whole chain as the maker would make them, and which of them it makes. */
export class QuoteBoard {
  readonly quotes: readonly Quote[];
  readonly selections: readonly Selection[];
  readonly #params: MakerParams;
  readonly #view: MakerView;
  readonly #quoter: Quoter;
  readonly #selector: Selector;
  readonly #candidacies: Candidacy[];
  readonly #selection: SelectionView & { nowSeconds: number };

  constructor(params: MakerParams, view: MakerView, quoter: Quoter, selector: Selector) {
    const { options } = view.chain;
    this.#params = params;
    this.#view = view;
    this.#quoter = quoter;
    this.#selector = selector;
    this.quotes = options.map(blankQuote);
    this.selections = options.map((): Selection => ({ selected: false, sinceSeconds: 0, reason: 'not looked at yet' }));
    this.#candidacies = options.map(
      (option): Candidacy => ({ series: option.id - 1, score: undefined, staticScore: undefined, reason: '' }),
    );
    this.#selection = {
      quoting: view,
      candidacies: this.#candidacies,
      current: this.selections,
      nowSeconds: 0,
      maximum: params.seriesMaximum,
      dwellSeconds: params.dwellSeconds,
      admit: () => undefined,
      startOver: () => {},
    };
  }

  /** A forecast was made, or lost: what it shifts holds from now on. */
  forecastChanged(): void {
    this.#quoter.prepare(this.#view);
  }

  /** What the quoter wants to hold because of the forecast. */
  targetExposures(): Readonly<Float64Array> | undefined {
    return this.#quoter.targetExposures?.();
  }

  /** Computes the quote of one series; undefined where it is no market in vol. */
  price(option: OptionSeries): Quote | undefined {
    const out = this.quotes[option.id - 1];
    if (out === undefined || !this.#view.hasVega(option.id - 1)) return undefined;
    this.#quoter.quote(this.#view, option.id - 1, out);
    return out;
  }

  /** Prices every live series, and chooses which to quote. */
  choose(desk: Desk): void {
    const view = this.#view;
    view.believeFlow();
    this.#quoter.prepare(view);
    for (const option of view.chain.options) {
      const candidacy = this.#candidacies[option.id - 1];
      if (candidacy === undefined) continue;
      candidacy.score = undefined;
      if ((view.chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears) candidacy.reason = 'expired';
      else if (!desk.listed(option.id)) candidacy.reason = 'not listed yet';
      else this.#score(option, candidacy);
    }
    this.#selection.nowSeconds = desk.now / 1e9;
    this.#selector.choose(this.#selection);
    for (const [series, { selected }] of this.selections.entries()) view.isQuoted[series] = selected ? 1 : 0;
  }

  #score(option: OptionSeries, candidacy: Candidacy): void {
    const made = this.price(option);
    if (made === undefined) candidacy.reason = `a vol point is worth less than ${VEGA_TICKS_MINIMUM} ticks`;
    else {
      const perHour = (this.#view.perYear[option.id - 1] ?? 0) / HOURS_PER_YEAR;
      candidacy.score = perHour * this.#params.size * (made.bidValue + made.askValue);
    }
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
