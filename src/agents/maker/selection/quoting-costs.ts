import { z } from 'zod';
import { nonNegative } from '../../../config/quantity.ts';
import { acceptance, type Quote, type QuotingView } from '../quoting/quoter.ts';

const HOURS_PER_YEAR = 8760;

/** What quoting a series costs besides the fees of its trades. */
export const costParams = z
  .strictObject({
    messageDollars: nonNegative({ about: 'of each quote that is sent, in dollars: a venue charges for it, or bandwidth is short' }).default(
      0,
    ),
    messagesPerHour: nonNegative({ about: 'belief: quotes sent per series and hour' }).default(120),
    marginPerYear: nonNegative({ about: 'of a dollar of margin tied up, in dollars a year', maximum: 10 }).default(0.1),
    holdHours: nonNegative({ about: 'belief: hours that a fill ties its margin up', maximum: 1e6 }).default(2),
  })
  .prefault({})
  .describe('what a series must earn before it is worth quoting');

export type CostTerms = z.output<typeof costParams>;

/** Expected gain of quoting a series and what it costs, dollars per hour. */
export interface SeriesValue {
  readonly gain: number;
  readonly messages: number;
  readonly margin: number;
  readonly toxicity: number;
}

/**
 * Value of quoting a series with both sides: candidates per hour times clip and expected gain, less messages, less what its fills' margin costs while
 * they are held, less what fills have been giving back: λV h(x) − c_msg − c_margin·ΔIM − c_adv (models 4d).
 *
 * @param marginIncrease dollars by which one clip raises the margin of the position.
 */
export function seriesValue(
  view: QuotingView,
  series: number,
  quote: Readonly<Quote>,
  terms: CostTerms,
  marginIncrease: number,
): SeriesValue {
  const { size } = view.terms;
  const perHour = (view.perYear[series] ?? 0) / HOURS_PER_YEAR;
  const vega = view.theo.vega[series] ?? 0;
  const beta = view.beta[series] ?? 0;
  const bidShare = acceptance((quote.fair - quote.bid) / vega, beta);
  const askShare = acceptance((quote.ask - quote.fair) / vega, beta);
  const fills = perHour * (bidShare + askShare);
  return {
    gain: perHour * size * (quote.bidValue + quote.askValue),
    messages: terms.messagesPerHour * terms.messageDollars,
    margin: (fills * marginIncrease * terms.marginPerYear * terms.holdHours) / HOURS_PER_YEAR,
    toxicity: fills * size * (view.toxicity[series] ?? 0) * vega,
  };
}

/** Gain less all costs. */
export const net = ({ gain, messages, margin, toxicity }: SeriesValue): number => gain - messages - margin - toxicity;
