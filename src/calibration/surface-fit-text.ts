import { textTable } from '../core/text-table.ts';
import type { DropCounts } from './quote-filter.ts';
import type { ExpiryFit, FitQuality, SurfaceFit } from './surface-fit.ts';

const HEADINGS = [
  'expiry',
  'days',
  'forward',
  'from',
  'future bp',
  'atm %',
  'rho',
  'psi',
  'quotes',
  'error',
  'rmse',
  'width',
  'inside',
  'min g',
  '',
];

/**
 * A fitted surface as a table for people, one line per expiry. `error`, `rmse` and `width` are in vol points: median absolute
 * error, root mean square error, and the market's own median bid-ask width.
 */
export function surfaceFitText(fit: SurfaceFit): string {
  const { overall } = fit;
  const blank = Array.from({ length: 7 }, () => '');
  const rows = [HEADINGS, ...fit.expiries.map(row), ['all', ...blank, ...quality(overall), '', '']];
  const left = fit.leftOut.map(({ label, reason, quotes }) => `${label} (${reason}, ${quotes} quotes)`);
  return [
    `${fit.symbol} surface at ${fit.at}, spot ${fit.spot.toFixed(2)}: ${fit.expiries.length} expiries, ${fit.repairs} repaired`,
    textTable(rows),
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
    `quotes not fitted: ${dropText(total(fit.expiries.map((expiry) => expiry.dropped)))}`,
    '',
  ].join('\n');
}

function row(expiry: ExpiryFit): string[] {
  return [
    expiry.label,
    (expiry.years * 365).toFixed(1),
    expiry.forward.toFixed(2),
    expiry.forwardSource,
    expiry.futuresDifferenceBp?.toFixed(1) ?? '-',
    (100 * expiry.atmVol).toFixed(2),
    expiry.rho.toFixed(3),
    expiry.psi.toFixed(4),
    ...quality(expiry),
    expiry.butterflyMinimumG.toFixed(3),
    expiry.repaired ? 'repaired' : '',
  ];
}

function quality(fit: FitQuality): string[] {
  return [
    String(fit.quotes),
    fit.medianAbsErrorVolPoints.toFixed(2),
    fit.rmseVolPoints.toFixed(2),
    fit.medianWidthVolPoints.toFixed(2),
    `${Math.round(100 * fit.insideShare)}%`,
  ];
}

function total(counts: readonly DropCounts[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const one of counts) for (const [reason, n] of Object.entries(one)) sum.set(reason, (sum.get(reason) ?? 0) + n);
  return sum;
}

function dropText(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? 'none' : [...counts].map(([reason, n]) => `${n} ${reason}`).join(', ');
}
