import type { ExplainedSide, ExplainedTerm, QuoteExplanation } from '../agents/explanation.ts';
import { fixed, textTable, wrapped } from '../core/text-table.ts';

/** Whose quote an explanation is of. */
export interface ExplainedRun {
  readonly scenario: string;
  readonly seed: string;
  readonly subject: string;
  readonly symbol: string;
  readonly regime: string;
}

const dollars = (amount: number): string => fixed(amount, 2);
const signed = (amount: number): string => `${amount > 0 ? '+' : ''}${dollars(amount)}`;

/** The least room for what stands behind a number. */
const NOTE_MINIMUM = 24;

/** The chain of reasons as text for a terminal of this width. */
export function explanationText(run: ExplainedRun, explanation: QuoteExplanation, width = 100): string {
  const { selection, worth, quote, sides } = explanation;
  const chosen = selection.selected ? `chosen since ${fixed(selection.sinceSeconds, 0)} s` : 'not chosen';
  return [
    `${run.symbol} of ${run.subject} in ${run.scenario}, seed ${run.seed}, after ${fixed(explanation.atSeconds, 3)} s, ${run.regime}`,
    `state: ${explanation.state}`,
    `${chosen} (${explanation.selector}): ${selection.reason}`,
    ...(worth === undefined
      ? []
      : [
          `worth per hour: gain ${dollars(worth.gain)} $, less messages ${dollars(worth.messages)}, margin ${dollars(worth.margin)}, given back ${dollars(worth.toxicity)}`,
        ]),
    '',
    ...(quote === undefined ? ['no value yet'] : valueLines(explanation.quoter, quote, width)),
    '',
    ...textTable([['side', 'wanted', 'sent', 'size', 'gain if taken', 'chance'], ...sides.map(sideRow)]).split('\n'),
    ...sides.flatMap(({ side, reasons }) => reasons.map((reason) => `${bidOrAsk(side)}: ${reason}`)),
  ]
    .flatMap((line) => (line.length > width ? wrapped(line, width).split('\n') : [line]))
    .join('\n');
}

function valueLines(quoter: string, quote: NonNullable<QuoteExplanation['quote']>, width: number): string[] {
  const age = quote.forecastAgeSeconds === undefined ? 'none yet' : `${fixed(quote.forecastAgeSeconds, 0)} s old`;
  const named = (terms: readonly ExplainedTerm[], show: (amount: number) => string): string =>
    terms.map((term) => `${term.name} ${show(term.dollars)}`).join(', ');
  const elsewhere = quote.theo - quote.fair - quote.forecastLean - quote.flowLean;
  const cap = quote.isForecastCapped ? '; capped at its share of the half-spread' : '';
  const rows: readonly (readonly [name: string, amount: string, note: string])[] = [
    [
      'value',
      dollars(quote.fair),
      `vol ${fixed(100 * quote.vol, 2)} %, ${dollars(quote.vegaPerPoint)} $ per point, ± ${dollars(quote.valueSd)}`,
    ],
    ['  forecast', signed(quote.forecastLean), `${named(quote.forecast, signed)}${cap}; ${age}`],
    ['  flow', signed(quote.flowLean), 'customers of one side outnumber the other'],
    ...(Math.abs(elsewhere) < 0.005 ? [] : [['  others', signed(elsewhere), 'it goes by their mid, not by its value'] as const]),
    ['  inventory', signed(quote.inventoryLean), ''],
    ['centre', dollars(quote.theo + quote.inventoryLean), quoter],
    ['half-spread', dollars(quote.halfSpreadTotal), named(quote.halfSpread, dollars)],
  ];
  const lines = textTable(rows.map(([name, amount]) => [name, amount])).split('\n');
  const indent = (lines[0]?.length ?? 0) + 2;
  return lines.flatMap((line, i) => {
    const [first = '', ...rest] = wrapped(rows[i]?.[2] ?? '', Math.max(NOTE_MINIMUM, width - indent)).split('\n');
    return [`${line}  ${first}`.trimEnd(), ...rest.map((more) => ' '.repeat(indent) + more)];
  });
}

const bidOrAsk = (side: 'buy' | 'sell'): string => (side === 'buy' ? 'bid' : 'ask');

function sideRow({ side, wanted, price, size, expectedGain, chance }: ExplainedSide): string[] {
  const shown = (value: number | undefined): string => (value === undefined ? '-' : dollars(value));
  return [
    bidOrAsk(side),
    shown(wanted),
    shown(price),
    fixed(size, 2),
    shown(expectedGain),
    chance === undefined ? '-' : `${fixed(100 * chance, 1)} %`,
  ];
}
