import type { AgentInspection } from '../inspection.ts';
import { type ExplainedMaker, explainQuote } from './explanation.ts';
import type { Forecasting } from './forecasting.ts';
import type { Hedging } from './hedging/hedging.ts';
import type { MarketWatch } from './market-watch.ts';
import type { Protection } from './protection/protection.ts';

/** The parts of a maker that an inspection reads. */
export interface InspectedMaker extends Omit<ExplainedMaker, 'forecastAgeSeconds'> {
  readonly watch: MarketWatch;
  readonly forecasting: Forecasting;
  readonly hedging: Hedging;
  readonly protection: Protection;
  /** Units of the underlying that the position is worth. */
  readonly delta: number;
  /** Dollars since the opening. */
  readonly pnl: number;
}

/** What a maker tells a reader about itself. Reads only. */
export function makerInspection(maker: InspectedMaker): AgentInspection {
  const { params, watch, board, quotes, forecasting, hedging, protection } = maker;
  const { tracker } = watch;
  const { limits } = params;
  return {
    state: maker.state,
    forecaster: params.forecaster,
    riskAversion: params.riskAversion,
    limits: [
      { name: 'delta', unit: 'units', value: Math.abs(maker.delta), limit: limits.delta },
      ...quotes.limits(),
      { name: 'loss', unit: '$', value: Math.max(0, -maker.pnl), limit: limits.lossDollars },
    ],
    factors: tracker.ready ? Array.from(tracker.factors) : undefined,
    forecast: forecasting.inspect(),
    learning: forecasting.learning,
    lastHedge: hedging.last,
    protection: protection.inspect(),
    warmup: forecasting.warmup,
    theo: (instrument) => (tracker.ready && board.selections[instrument - 1]?.selected ? board.quotes[instrument - 1]?.theo : undefined),
    explain: (instrument) => {
      const option = maker.view.chain.options[instrument - 1];
      if (option === undefined) throw new RangeError(`instrument ${instrument} is no option`);
      return explainQuote(option, { ...maker, forecastAgeSeconds: forecasting.ageSeconds(maker.atSeconds) });
    },
    selection: (instrument) => board.selections[instrument - 1] ?? { selected: false, reason: 'not an option' },
    decision: (instrument) => quotes.decision(instrument),
  };
}
