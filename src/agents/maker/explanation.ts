import { type OptionSeries, ticksAbove, ticksBelow } from '../../market/instrument.ts';
import type { Side } from '../../market/order.ts';
import { FACTORS } from '../../pricing/factors.ts';
import type { ExplainedSide, ExplainedTerm, QuoteExplanation } from '../explanation.ts';
import type { MakerParams } from './params.ts';
import { LEVELS, WIDEN } from './protection/level.ts';
import type { QuoteCycle } from './quote-cycle.ts';
import { IN_FULL } from './quote-plan.ts';
import type { MakerView } from './quoting/maker-view.ts';
import type { QuoteBoard } from './quoting/quote-board.ts';
import { acceptance, type Quote } from './quoting/quoter.ts';

/** What an explanation is put together from: the maker's parts as of its last look at the market. */
export interface ExplainedMaker {
  readonly view: MakerView;
  readonly board: QuoteBoard;
  readonly quotes: QuoteCycle;
  readonly params: MakerParams;
  readonly state: string;
  readonly atSeconds: number;
  readonly forecastAgeSeconds: number;
}

/** A lean this close to its cap, relative to it, has met it. */
const AT_CAP = 1e-9;

/** The chain of reasons for the quote of one series. Reads only. */
export function explainQuote(option: OptionSeries, maker: ExplainedMaker): QuoteExplanation {
  const i = option.id - 1;
  const { board } = maker;
  const selection = board.selections[i];
  const quote = board.quotes[i];
  const isPriced = board.values[i] !== undefined && quote !== undefined && quote.fair > 0;
  return {
    instrument: option.id,
    atSeconds: maker.atSeconds,
    state: maker.state,
    quoter: maker.params.quoter.kind,
    selector: maker.params.selector.kind,
    selection: {
      selected: selection?.selected ?? false,
      sinceSeconds: selection?.sinceSeconds ?? 0,
      reason: selection?.reason ?? 'not an option',
    },
    worth: board.values[i],
    quote: isPriced ? explainedQuote(i, quote, maker) : undefined,
    sides: (['buy', 'sell'] as const).map((which) => explainedSide(which, option, isPriced ? quote : undefined, maker)),
  };
}

function explainedQuote(i: number, quote: Readonly<Quote>, { view, forecastAgeSeconds }: ExplainedMaker): QuoteExplanation['quote'] {
  const forecast = FACTORS.map((name, f): ExplainedTerm => ({ name, dollars: quote.forecastShifts[f] ?? 0 }));
  const sum = forecast.reduce((total, { dollars }) => total + dollars, 0);
  const fee = view.fee[i] ?? 0;
  const terms: ExplainedTerm[] = [
    { name: 'fee', dollars: fee },
    { name: 'neutral', dollars: quote.neutral - fee },
    { name: 'multiplier', dollars: quote.multiplied },
    { name: 'uncertainty', dollars: quote.uncertainty },
    { name: 'toxicity', dollars: quote.toxicity },
    { name: 'clip', dollars: quote.clip },
  ];
  return {
    vol: view.theo.vol[i] ?? 0,
    vegaPerPoint: (view.theo.vega[i] ?? 0) / 100,
    valueSd: view.valueSd[i] ?? 0,
    fair: quote.fair,
    forecast,
    forecastLean: quote.forecastLean,
    isForecastCapped: Math.abs(sum - quote.forecastLean) > AT_CAP * Math.max(1, Math.abs(sum)),
    forecastAgeSeconds: Number.isFinite(forecastAgeSeconds) ? forecastAgeSeconds : undefined,
    flowLean: quote.flowLean,
    theo: quote.theo,
    inventoryLean: quote.inventoryLean,
    halfSpread: [...terms, { name: 'inventory', dollars: quote.inventoryWidth }],
    halfSpreadTotal: quote.halfSpread,
  };
}

function explainedSide(which: Side, option: OptionSeries, quote: Readonly<Quote> | undefined, maker: ExplainedMaker): ExplainedSide {
  const i = option.id - 1;
  const { view } = maker;
  const isBuy = which === 'buy';
  const wanted = isBuy ? quote?.bid : quote?.ask;
  const distance = quote === undefined || wanted === undefined ? undefined : isBuy ? quote.fair - wanted : wanted - quote.fair;
  const decision = maker.quotes.decision(option.id)?.[isBuy ? 'bid' : 'ask'];
  return {
    side: which,
    wanted,
    price: decision?.price,
    size: decision?.size ?? 0,
    expectedGain: isBuy ? quote?.bidValue : quote?.askValue,
    chance: distance === undefined ? undefined : acceptance(distance / (view.theo.vega[i] ?? 1), view.beta[i] ?? 0),
    reasons: reasonsOf(which, option, wanted, maker),
  };
}

/** What came between the wanted price and the one that stands. */
function reasonsOf(
  which: Side,
  option: OptionSeries,
  wanted: number | undefined,
  { board, quotes, view, params }: ExplainedMaker,
): string[] {
  const i = option.id - 1;
  const isBuy = which === 'buy';
  const decision = quotes.decision(option.id)?.[isBuy ? 'bid' : 'ask'];
  // Of a series that is not chosen the selection has told why.
  if (board.selections[i]?.selected !== true || decision === undefined) return [];
  const reasons = decision.reason === IN_FULL ? [] : [decision.reason];
  if (wanted === undefined || decision.price === undefined) return reasons;
  const others = (isBuy ? view.ask[i] : view.bid[i]) ?? Number.NaN;
  const rounded = (isBuy ? ticksBelow(option, wanted) : ticksAbove(option, wanted)) * option.tickSize;
  const isHeldBack = isBuy ? wanted >= others : wanted <= others;
  if (isHeldBack) {
    reasons.push(
      `held a tick away from the best ${isBuy ? 'ask' : 'bid'} of the others, ${others.toFixed(2)} $: it makes, and does not take`,
    );
  } else if (decision.price !== rounded && !decision.reason.startsWith(LEVELS[WIDEN])) {
    reasons.push(`left where it is: the move is less than ${params.requoteShare} of the half-spread`);
  }
  return reasons;
}
