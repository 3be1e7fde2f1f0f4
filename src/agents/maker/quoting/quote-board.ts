import { NANOS_PER_SECOND, type Ticks, ticks } from '../../../core/units.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../../../market/instrument.ts';
import { nextAbove, nextBelow } from '../../../market/tick-table.ts';
import type { Desk } from '../../agent.ts';
import type { MakerParams } from '../params.ts';
import { net, type SeriesValue, seriesValue } from '../selection/quoting-costs.ts';
import type { Candidacy, Selection, SelectionView, Selector } from '../selection/selector.ts';
import { SetBudget } from '../selection/set-budget.ts';
import { type MakerView, VEGA_TICKS_MINIMUM } from './maker-view.ts';
import { blankQuote, type Quote, type Quoter } from './quoter.ts';

/** Parts that a board works with. */
export interface BoardParts {
  readonly quoter: Quoter;
  /** Another one of its kind, for what quotes would be without a forecast. */
  readonly staticQuoter: Quoter;
  readonly selector: Selector;
}

/** Quotes of the whole chain as the maker would make them, and which of them it makes. */
export class QuoteBoard {
  readonly quotes: readonly Quote[];
  readonly selections: readonly Selection[];
  /** What each series is worth by the last choice; undefined where it cannot be quoted. */
  readonly values: (SeriesValue | undefined)[];
  readonly #params: MakerParams;
  readonly #view: MakerView;
  readonly #parts: BoardParts;
  readonly #budget: SetBudget;
  readonly #candidacies: Candidacy[];
  readonly #selection: SelectionView & { nowSeconds: number };
  readonly #scratch = blankQuote();

  constructor(params: MakerParams, view: MakerView, parts: BoardParts) {
    const { options } = view.chain;
    this.#params = params;
    this.#view = view;
    this.#parts = parts;
    this.#budget = new SetBudget(view, params.budget);
    this.quotes = options.map(blankQuote);
    this.values = options.map(() => undefined);
    this.selections = options.map((): Selection => ({ selected: false, sinceSeconds: 0, reason: 'not looked at yet' }));
    this.#candidacies = options.map((option): Candidacy => ({ series: option.id - 1, score: undefined, reason: '' }));
    this.#selection = {
      quoting: view,
      candidacies: this.#candidacies,
      current: this.selections,
      nowSeconds: 0,
      maximum: params.seriesMaximum,
      dwellSeconds: params.dwellSeconds,
      staticScores: () => this.#staticScores(),
      admit: (series) => this.#budget.admit(series),
      startOver: () => this.#budget.startOver(),
    };
  }

  /** Loss of the position in the worst cell of the margin's grid, dollars, at the last choice. */
  get margin(): number {
    return this.#budget.margin.used;
  }

  /** A forecast was made, or lost: what it shifts holds from now on. */
  forecastChanged(): void {
    this.#parts.quoter.prepare(this.#view);
  }

  /** What the quoter wants to hold because of the forecast. */
  targetExposures(): Readonly<Float64Array> | undefined {
    return this.#parts.quoter.targetExposures?.();
  }

  /** Computes the quote of one series; undefined where it is no market in vol. */
  price(option: OptionSeries): Quote | undefined {
    const out = this.quotes[option.id - 1];
    if (out === undefined || !this.#view.hasVega(option.id - 1)) return undefined;
    this.#parts.quoter.quote(this.#view, option.id - 1, out);
    return out;
  }

  /** Prices every live series, and chooses which to quote. */
  choose(desk: Desk): void {
    const view = this.#view;
    view.believeFlow();
    this.#parts.quoter.prepare(view);
    const { underlying } = view.chain;
    this.#budget.look(desk.position(underlying.id) * underlying.lotSize);
    for (const option of view.chain.options) {
      const candidacy = this.#candidacies[option.id - 1];
      if (candidacy !== undefined) this.#judge(desk, option, candidacy);
    }
    this.#selection.nowSeconds = desk.now / NANOS_PER_SECOND;
    this.#parts.selector.choose(this.#selection);
    for (const [series, { selected }] of this.selections.entries()) view.isQuoted[series] = selected ? 1 : 0;
  }

  /** Whether a series can be quoted, and what that would be worth. */
  #judge(desk: Desk, option: OptionSeries, candidacy: Candidacy): void {
    const i = option.id - 1;
    candidacy.score = undefined;
    this.values[i] = undefined;
    if ((this.#view.chain.expiries[option.expiry]?.years ?? 0) <= desk.nowYears) candidacy.reason = 'expired';
    else if (!desk.listed(option.id)) candidacy.reason = 'not listed yet';
    else {
      const made = this.price(option);
      if (made === undefined) candidacy.reason = `a vol point is worth less than ${VEGA_TICKS_MINIMUM} ticks`;
      else {
        const value = this.#valueOf(i, made);
        this.values[i] = value;
        candidacy.score = net(value);
      }
    }
  }

  #valueOf(series: number, made: Readonly<Quote>): SeriesValue {
    const increase = this.#budget.margin.increase(series, this.#params.size);
    return seriesValue(this.#view, series, made, this.#params.costs, increase);
  }

  /** The scores again, by a quoter that never heard of the forecast. */
  #staticScores(): readonly (number | undefined)[] {
    const view = this.#view;
    const { forecast } = view;
    view.forecast = undefined;
    this.#parts.staticQuoter.prepare(view);
    const scores = this.#candidacies.map(({ series, score }) => {
      if (score === undefined) return undefined;
      this.#parts.staticQuoter.quote(view, series, this.#scratch);
      return net(this.#valueOf(series, this.#scratch));
    });
    view.forecast = forecast;
    return scores;
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
