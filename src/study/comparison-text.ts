import { decimalsFor, fixed, textTable, wrapped } from '../core/text-table.ts';
import type { Comparison, GapShares } from './comparison.ts';
import { pText } from './conclusion.ts';

/** Columns that the conclusion is set in. */
const WIDTH = 100;

/** One line. */
const CORRELATION_NOTE = 'corr: correlation of the two scores over seeds; at equal spreads the seeds needed go with 1 - corr';

/**
 * A comparison for the terminal: one table of variants with their tail beside the mean, one of pairs, and the conclusion. Columns
 * are fixed. `sharpe` is mean over s.d. across seeds; `es5` the mean of the worst 5 % of seeds; `power` is that at the observed effect.
 */
export function comparisonText(comparison: Comparison): string {
  const { metric, seeds, variants, pairs } = comparison;
  // One number of decimals for all amounts, so that they can be compared by eye.
  const decimals = Math.min(
    6,
    Math.max(0, ...variants.map((v) => decimalsFor(v.sd || v.mean, 3)), ...pairs.map((p) => decimalsFor(p.ci95[1] - p.ci95[0], 2))),
  );
  const amount = (value: number): string => fixed(value, decimals);
  const span = (ci: readonly [number, number]): string => `${amount(ci[0])} .. ${amount(ci[1])}`;
  const optional = (value: number | undefined): string => (value === undefined ? 'n/a' : fixed(value, 2));

  const variantRows = variants.map((v) => [
    v.name,
    amount(v.mean),
    span(v.ci95),
    amount(v.sd),
    amount(v.median),
    amount(v.es5),
    amount(v.worst),
    v.worstSeed,
    optional(v.sharpe),
    String(v.n),
  ]);
  const blocks = [
    `${metric} over ${seeds.length} seeds`,
    textTable([['variant', 'mean', '95 % interval', 'sd', 'median', 'es5', 'worst', 'at seed', 'sharpe', 'n'], ...variantRows]),
  ];
  if (pairs.length > 0) {
    const pairRows = pairs.map((p) => [
      `${p.a} - ${p.b}`,
      amount(p.mean),
      span(p.ci95),
      optional(p.dz),
      optional(p.correlation),
      `${(100 * p.winRate).toFixed(1)} %`,
      pText(p.p),
      pText(p.pHolm),
      p.power.toFixed(2),
      String(p.n),
    ]);
    const table = textTable([['difference', 'mean', '95 % interval', 'd_z', 'corr', 'win rate', 'p', 'p Holm', 'power', 'n'], ...pairRows]);
    const hasCorrelation = pairs.some((p) => p.correlation !== undefined);
    blocks.push(hasCorrelation ? `${table}\n${CORRELATION_NOTE}` : table);
  }
  if (comparison.gap !== undefined) blocks.push(gapText(comparison.gap));
  blocks.push(wrapped(comparison.conclusion, WIDTH));
  return blocks.join('\n\n');
}

function gapText({ floor, ceiling, shares }: GapShares): string {
  const rows = shares.map(({ variant, share, ci95 }) => [
    variant,
    fixed(share, 2),
    ci95 === undefined ? 'not bounded: the gap is within its own error of 0' : `${fixed(ci95[0], 2)} .. ${fixed(ci95[1], 2)}`,
  ]);
  return textTable([[`share of the way from ${floor} to ${ceiling}`, 'share', '95 % interval'], ...rows]);
}
