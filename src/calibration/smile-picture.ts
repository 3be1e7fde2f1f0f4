import { totalVariance } from '../pricing/ssvi.ts';
import type { FittedSmile, SurfaceFit } from './surface-fit.ts';
import { residualCurve } from './svi-residual.ts';

const PANEL = { width: 300, height: 210, left: 44, right: 10, top: 26, bottom: 36 } as const;
const COLUMNS_MAXIMUM = 4;
/** Left of the axis, so that a long name leaves room for the figures beside it. */
const NAME_LEFT = 8;
const HEAD = 64;
const MARGIN = 12;
const CURVE_POINTS = 120;
const TICKS = 5;

const STYLE = `
  svg { --ground: #ffffff; --ink: #1f2328; --faint: #d0d7de; --bar: #8c959f; --mid: #1f2328; --slice: #bc4c00; --curve: #0969da; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --faint: #30363d; --bar: #6e7681; --mid: #e6edf3; --slice: #f0883e; --curve: #58a6ff; }
  }
  text { font: 11px system-ui, sans-serif; fill: var(--ink); }
  .title { font-size: 15px; font-weight: 600; }
  .name { font-weight: 600; }
  .ground { fill: var(--ground); }
  path { fill: none; vector-effect: non-scaling-stroke; }
  .grid { stroke: var(--faint); stroke-width: 1; }
  .bar { stroke: var(--bar); stroke-width: 1.2; }
  .mid { stroke: var(--mid); stroke-width: 3; stroke-linecap: round; }
  .slice { stroke: var(--slice); stroke-width: 1.6; stroke-dasharray: 5 3; }
  .curve { stroke: var(--curve); stroke-width: 1.6; }
`;

/**
 * The smiles of a fitted chain as an SVG picture, one panel per expiry: a bar from bid to ask vol and a dot at the mid for each
 * quote, the eSSVI slice dashed, and the slice with raw SVI on top drawn through. Across log-moneyness ln(strike/forward), up implied
 * vol in percent. Bars are cut at the edges of their panel, which shows mids and curves in full. Readable on a light and a dark ground.
 */
export function smilePicture(fit: SurfaceFit): string {
  const columns = Math.min(COLUMNS_MAXIMUM, fit.smiles.length);
  const rows = Math.ceil(fit.smiles.length / columns);
  const [width, height] = [2 * MARGIN + columns * PANEL.width, HEAD + MARGIN + rows * PANEL.height];
  const panels = fit.smiles.map((one, i) => {
    const [x, y] = [MARGIN + (i % columns) * PANEL.width, HEAD + Math.floor(i / columns) * PANEL.height];
    return panel(one, title(fit, i), x, y, i);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(`Smiles of ${fit.symbol} at ${fit.at}`)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${MARGIN}" y="24">${escaped(`${fit.symbol}, ${fit.at}: annual implied vol in percent`)}</text>`,
    ...legend(),
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function title({ expiries }: SurfaceFit, i: number): string {
  const expiry = expiries[i];
  if (expiry === undefined) return '';
  const percent = (share: number): string => String(Math.round(100 * share));
  return `${expiry.quotes} quotes, ${percent(expiry.insideShare)} → ${percent(expiry.residual.insideShare)} % inside`;
}

function legend(): string[] {
  const entries = [
    ['bar', 'bid to ask'],
    ['mid', 'mid'],
    ['slice', 'eSSVI'],
    ['curve', 'with raw SVI'],
  ] as const;
  return entries.map(([name, label], i) => {
    const x = MARGIN + i * 76;
    const mark = name === 'bar' ? `M${x + 8} 36V50` : name === 'mid' ? `M${x + 8} 43h0` : `M${x} 43h16`;
    return `<path class="${name}" d="${mark}"/><text x="${x + 21}" y="47">${label}</text>`;
  });
}

function panel({ label, smile, slice, residual }: FittedSmile, subtitle: string, x: number, y: number, number: number): string {
  const { points, years } = smile;
  const curve = residualCurve(slice, residual);
  const [first, last] = [points[0]?.k ?? 0, points.at(-1)?.k ?? 0];
  const margin = 0.03 * Math.max(1e-6, last - first);
  const across = scale(first - margin, last + margin, PANEL.left, PANEL.width - PANEL.right);
  const ks = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => first - margin + ((last - first + 2 * margin) * i) / CURVE_POINTS);
  const bySlice = ks.map((k) => 100 * Math.sqrt(totalVariance(slice, k) / years));
  const byCurve = ks.map((k) => 100 * Math.sqrt(curve.at(k).w / years));
  const vols = [...points.map(({ vol }) => 100 * vol), ...byCurve, ...bySlice];
  const [low, high] = [Math.min(...vols), Math.max(...vols)];
  const room = 0.06 * Math.max(0.1, high - low);
  const up = scale(low - room, high + room, PANEL.height - PANEL.bottom, PANEL.top);
  const line = (heights: readonly number[]): string =>
    heights.map((v, i) => `${i === 0 ? 'M' : 'L'}${across(ks[i] ?? 0)} ${up(v)}`).join('');
  const bars = points.map(({ k, bidVol, askVol }) => `M${across(k)} ${up(100 * bidVol)}V${up(100 * askVol)}`).join('');
  const mids = points.map(({ k, vol }) => `M${across(k)} ${up(100 * vol)}h0`).join('');
  const [inner, tall] = [PANEL.width - PANEL.left - PANEL.right, PANEL.height - PANEL.top - PANEL.bottom];
  const floor = PANEL.height - PANEL.bottom;
  return [
    `<g transform="translate(${x} ${y})">`,
    `<clipPath id="c${number}"><rect x="${PANEL.left}" y="${PANEL.top}" width="${inner}" height="${tall}"/></clipPath>`,
    `<text class="name" x="${NAME_LEFT}" y="18">${escaped(label)}</text>`,
    `<text x="${PANEL.width - PANEL.right}" y="18" text-anchor="end">${escaped(subtitle)}</text>`,
    ...ticks(low - room, high + room).map(
      (v) =>
        `<path class="grid" d="M${PANEL.left} ${up(v)}h${inner}"/><text x="${PANEL.left - 5}" y="${up(v) + 4}" text-anchor="end">${shown(v)} %</text>`,
    ),
    ...ticks(first - margin, last + margin).map(
      (k) =>
        `<path class="grid" d="M${across(k)} ${PANEL.top}V${floor}"/><text x="${across(k)}" y="${floor + 14}" text-anchor="middle">${shown(k)}</text>`,
    ),
    `<text x="${PANEL.left + inner / 2}" y="${floor + 28}" text-anchor="middle">ln(strike / forward)</text>`,
    `<g clip-path="url(#c${number})">`,
    `<path class="bar" d="${bars}"/><path class="mid" d="${mids}"/>`,
    `<path class="slice" d="${line(bySlice)}"/><path class="curve" d="${line(byCurve)}"/>`,
    '</g></g>',
  ].join('\n');
}

/** From a range of values to one of pixels, in tenths of a pixel. */
function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  return (value) => Math.round(10 * (start + ((value - from) * (end - start)) / (to - from))) / 10;
}

/** Round values inside a range, a handful of them. */
function ticks(from: number, to: number): number[] {
  const rough = (to - from) / TICKS;
  const power = Number(`1e${Math.floor(Math.log10(rough))}`);
  const step = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** Without the rounding errors of sums, and with a true minus sign. */
const shown = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '\u2212');

/** Names come from a file: they are text here and nothing else. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/[^\x20-\x7e\u2192]/g, '?');
