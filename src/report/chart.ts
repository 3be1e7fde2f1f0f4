import { decimalsFor, fixed } from '../core/text-table.ts';
import { escaped } from './html-page.ts';

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 58;
const RIGHT = 12;
const TOP = 30;
const BOTTOM = 44;
const TICKS = 5;
const LEGEND_STEP = 112;

/** One direction of a chart. */
export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** Values with a tick; by default about five round ones. */
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
}

/** An entry of the legend: `style` is the number of a colour, or `data`. */
export interface LegendEntry {
  readonly label: string;
  readonly style: string;
}

/** From values to places in the picture. Values outside the axes are drawn at the edge. */
export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A table under a chart: the same in figures. */
export interface ChartTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure with its marks drawn by `draw`, axes, legend, a caption, and the figures of it in a table. */
export function chart(spec: {
  readonly title: string;
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly legend: readonly LegendEntry[];
  readonly table: ChartTable;
  readonly draw: (frame: Frame) => readonly string[];
}): string {
  const { title, caption, x, y, legend, table } = spec;
  const frame: Frame = { x: place(x, LEFT, WIDTH - RIGHT), y: place(y, HEIGHT - BOTTOM, TOP) };
  const floor = HEIGHT - BOTTOM;
  return [
    `<figure><h3>${escaped(title)}</h3>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    ...ticksOf(y).map(
      ({ at, label }) =>
        `<path class="axis" d="M${LEFT} ${frame.y(at)}H${WIDTH - RIGHT}"/><text x="${LEFT - 6}" y="${frame.y(at) + 4}" text-anchor="end">${escaped(label)}</text>`,
    ),
    ...ticksOf(x).map(
      ({ at, label }) =>
        `<path class="axis" d="M${frame.x(at)} ${floor}v4"/><text x="${frame.x(at)}" y="${floor + 16}" text-anchor="middle">${escaped(label)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(x.label)}</text>`,
    `<text x="${-(TOP + floor) / 2}" y="12" text-anchor="middle" transform="rotate(-90)">${escaped(y.label)}</text>`,
    ...spec.draw(frame),
    ...legend.map(({ label, style }, i) => {
      const at = LEFT + i * LEGEND_STEP;
      return `<rect class="d${style}" x="${at}" y="8" width="12" height="8"/><text x="${at + 17}" y="16">${escaped(label)}</text>`;
    }),
    '</svg>',
    `<figcaption>${escaped(caption)}</figcaption>`,
    `<details><summary>Figures</summary><div class="scroll">${htmlTable(table)}</div></details>`,
    '</figure>',
  ].join('\n');
}

/** A table with its first column as text and the others as numbers. */
export function htmlTable({ header, rows }: ChartTable): string {
  const style = (i: number): string => (i === 0 ? '' : ' class="number"');
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell, i) => `<${tag}${style(i)}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${line(header, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`;
}

/** A line through points, in a style. */
export function polyline(points: readonly (readonly [x: number, y: number])[], { x, y }: Frame, style: string, extra = ''): string {
  const path = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${x(a)} ${y(b)}`).join('');
  return `<path class="line s${style}${extra === '' ? '' : ` ${extra}`}" d="${path}"/>`;
}

/** A point with its interval. */
export function whisker(
  at: number,
  value: number,
  interval: readonly [number, number] | undefined,
  { x, y }: Frame,
  style: string,
): string {
  const bar = interval === undefined ? '' : `<path class="whisker s${style}" d="M${x(at)} ${y(interval[0])}V${y(interval[1])}"/>`;
  return `${bar}<circle class="d${style}" cx="${x(at)}" cy="${y(value)}" r="2.8"/>`;
}

/** In tenths of a pixel. */
export function place({ from, to }: Pick<Axis, 'from' | 'to'>, start: number, end: number): (value: number) => number {
  const [low, high] = [Math.min(start, end), Math.max(start, end)];
  const at = (value: number): number => start + ((value - from) * (end - start)) / (to - from || 1);
  return (value) => Math.round(10 * Math.min(high, Math.max(low, at(value)))) / 10;
}

/** About five round values in a range: a step of 1, 2 or 5 times a power of ten. */
function ticksOf({ from, to, ticks }: Axis): readonly { readonly at: number; readonly label: string }[] {
  if (ticks !== undefined) return ticks;
  const rough = (to - from) / TICKS;
  if (!(rough > 0)) return [];
  const size = Number(`1e${Math.floor(Math.log10(rough))}`);
  const step = size * ([1, 2, 5, 10].find((factor) => factor * size >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => ({ at: (first + i) * step, label: fixed((first + i) * step, decimalsFor(step, 1)) }));
}
