import type { FactFinding } from '../study/realism/realism.ts';
import { place } from './chart.ts';
import { escaped } from './html-page.ts';

const WIDTH = 220;
const HEIGHT = 24;
const MARGIN = 8;
const MIDDLE = HEIGHT / 2;
/** Band widths that are shown on either side of the band; what lies farther out is drawn at the edge, as an arrow. */
const REACH = 2.5;

/**
 * A band as a strip: the band shaded, the value a dot with its interval, the data set's own value a diamond. An open end runs to the edge. Far
 * misses stand at the edge as a triangle, so that one of them does not press all else together.
 */
export function bandStrip({ name, target, value, ci95, observed, verdict }: FactFinding): string {
  const { low, high } = target;
  const ends = [low, high].flatMap((end) => end ?? []);
  const width = low !== undefined && high !== undefined ? high - low : Math.max(0.5, Math.abs(ends[0] ?? 1));
  const seen = [value, observed, ...(ci95 ?? [])].flatMap((figure) => figure ?? []);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const from = Math.max(least - REACH * width, Math.min(least - 0.4 * width, ...seen));
  const to = Math.min(most + REACH * width, Math.max(most + 0.4 * width, ...seen));
  const x = place({ from, to }, MARGIN, WIDTH - MARGIN);
  const [left, right] = [low === undefined ? MARGIN : x(low), high === undefined ? WIDTH - MARGIN : x(high)];
  const style = verdict === 'inside' ? 'inside' : 'outside';
  const interval = ci95 === undefined ? '' : `<path class="whisker stroke-${style}" d="M${x(ci95[0])} ${MIDDLE}H${x(ci95[1])}"/>`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(`${name}: band and value`)}">`,
    `<rect class="band" x="${left}" y="3" width="${Math.max(1, right - left)}" height="${HEIGHT - 6}"/>`,
    `<path class="axis" d="M${MARGIN} ${MIDDLE}H${WIDTH - MARGIN}"/>`,
    interval,
    value === undefined ? '' : mark(value, from, to, x(value), `fill-${style}`),
    observed === undefined ? '' : diamond(x(observed)),
    '</svg>',
  ].join('');
}

/** A dot, or an arrow at the edge that it lies beyond. */
function mark(value: number, from: number, to: number, at: number, style: string): string {
  if (value < from) return `<polygon class="${style}" points="${at - 6},${MIDDLE} ${at + 3},${MIDDLE - 5} ${at + 3},${MIDDLE + 5}"/>`;
  if (value > to) return `<polygon class="${style}" points="${at + 6},${MIDDLE} ${at - 3},${MIDDLE - 5} ${at - 3},${MIDDLE + 5}"/>`;
  return `<circle class="${style}" cx="${at}" cy="${MIDDLE}" r="4"/>`;
}

function diamond(at: number): string {
  return `<polygon class="ddata" points="${at},${MIDDLE - 6} ${at + 5},${MIDDLE} ${at},${MIDDLE + 6} ${at - 5},${MIDDLE}"/>`;
}
