import { expect, test } from 'vitest';
import { oneFactor } from '../../../../src/agents/maker/quoting/one-factor.ts';
import { acceptance, blankQuote } from '../../../../src/agents/maker/quoting/quoter.ts';
import { costParams, net, seriesValue } from '../../../../src/agents/maker/selection/quoting-costs.ts';
import { quotingView, type ViewChanges } from '../../../support/quoting-view.ts';

const SERIES = 12;

function valued(costs: Record<string, number>, increase = 0, changes: ViewChanges = {}) {
  const view = quotingView(changes);
  const quoter = oneFactor.build({});
  quoter.prepare(view);
  const quote = blankQuote();
  quoter.quote(view, SERIES, quote);
  return { view, quote, value: seriesValue(view, SERIES, quote, costParams.parse(costs), increase) };
}

test('gain is candidates per hour times clip and expected gain of both sides', () => {
  const { value, quote } = valued({}, 0, { perYear: 8760 * 12, terms: { size: 3 } });
  expect(value.gain).toBeCloseTo(12 * 3 * (quote.bidValue + quote.askValue), 9);
  expect(net(value)).toBeCloseTo(value.gain, 12);
});

test('messages cost what is sent', () => {
  const { value } = valued({ messageDollars: 0.02, messagesPerHour: 50 });
  expect(value.messages).toBeCloseTo(1, 12);
  expect(net(value)).toBeCloseTo(value.gain - 1, 9);
});

test('margin costs its interest while a fill is held', () => {
  const { value, view, quote } = valued({ marginPerYear: 0.2, holdHours: 5 }, 4000, { perYear: 8760 * 12 });
  const [vega, beta] = [view.theo.vega[SERIES] ?? 0, view.beta[SERIES] ?? 0];
  const share = acceptance((quote.fair - quote.bid) / vega, beta) + acceptance((quote.ask - quote.fair) / vega, beta);
  expect(value.margin).toBeCloseTo((12 * share * 4000 * 0.2 * 5) / 8760, 9);
});

test('what fills give back is taken off, per fill', () => {
  const { value, view } = valued({}, 0, { toxicity: 0.001, perYear: 8760 * 12 });
  const fills = value.toxicity / (0.001 * (view.theo.vega[SERIES] ?? 0));
  expect(fills).toBeGreaterThan(0);
  expect(fills).toBeLessThan(24);
  expect(net(value)).toBeCloseTo(value.gain - value.toxicity - value.margin, 9);
});
