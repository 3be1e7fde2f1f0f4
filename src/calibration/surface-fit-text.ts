import { fixed, textTable } from '../core/text-table.ts';
import type { FitQuality } from './fit-quality.ts';
import type { DropCounts } from './quote-filter.ts';
import type { ExpiryFit, SurfaceFit } from './surface-fit.ts';

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
const RESIDUAL_HEADINGS = ['raw SVI on top', 'a', 'b', 'rho', 'm', 'sigma', 'share', 'error', 'rmse', 'inside', 'lost', 'min g'];

/**
 * A fitted surface as two tables for people, one line per expiry: eSSVI, then raw SVI on top of it. `error`, `rmse` and `width` are in
 * vol points: median absolute error, root mean square error, and the market's own median bid-ask width. `share` is how much of raw SVI
 * is free of arbitrage, `lost` by how many points of `inside` raw SVI without that condition would be better.
 */
export function surfaceFitText(fit: SurfaceFit): string {
  const { overall, residual } = fit;
  const blank = (n: number): string[] => Array.from({ length: n }, () => '');
  const rows = [HEADINGS, ...fit.expiries.map(row), ['all', ...blank(7), ...quality(overall), '', '']];
  const residualTotal = ['all', ...blank(6), ...residualQuality(residual), ''];
  const residualRows = [RESIDUAL_HEADINGS, ...fit.expiries.map(residualRow), residualTotal];
  const left = fit.leftOut.map(({ label, reason, quotes }) => `${label} (${reason}, ${quotes} quotes)`);
  return [
    `${fit.symbol} surface at ${fit.at}, spot ${fit.spot.toFixed(2)}: ${fit.expiries.length} expiries, ${fit.repairs} repaired`,
    textTable(rows),
    '',
    textTable(residualRows),
    '',
    ...core(overall, residual),
    `no arbitrage: least g ${least(fit, 'slice')} (with raw SVI ${least(fit, 'residual')}), least growth of variance between expiries ${growth(fit.calendarMinimumGrowth)} (${growth(residual.calendarMinimumGrowth)})`,
    ...(fit.rate === undefined ? [] : [`American quotes made European at a rate of ${(100 * fit.rate).toFixed(2)} %`]),
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
    `quotes not fitted: ${dropText(total(fit.expiries.map((expiry) => expiry.dropped)))}`,
    '',
  ].join('\n');
}

function core({ coreMedianAbsErrorVolPoints: slice }: FitQuality, { coreMedianAbsErrorVolPoints: curve }: FitQuality): string[] {
  if (slice === undefined || curve === undefined) return [];
  return [`median error between 5 and 95 delta: ${slice.toFixed(3)} vol points, with raw SVI ${curve.toFixed(3)}`];
}

function least({ expiries }: SurfaceFit, of: 'slice' | 'residual'): string {
  return Math.min(...expiries.map((one) => (of === 'slice' ? one : one.residual).butterflyMinimumG)).toFixed(4);
}

const growth = (share: number | undefined): string => (share === undefined ? '-' : `${(100 * share).toFixed(2)} %`);

function residualRow({ label, residual }: ExpiryFit): string[] {
  const { a, b, rho, m, sigma } = residual.svi;
  const figures = [a, b, rho, m, sigma].map((figure) => figure.toFixed(4));
  return [label, ...figures, residual.share.toFixed(3), ...residualQuality(residual), residual.butterflyMinimumG.toFixed(3)];
}

function residualQuality(fit: FitQuality & { readonly freeInsideShare: number }): string[] {
  const lost = 100 * (fit.freeInsideShare - fit.insideShare);
  const [error, rmse] = [fit.medianAbsErrorVolPoints.toFixed(2), fit.rmseVolPoints.toFixed(2)];
  return [error, rmse, `${Math.round(100 * fit.insideShare)}%`, fixed(lost, 1)];
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
