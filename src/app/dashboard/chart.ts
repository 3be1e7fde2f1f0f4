import { BrailleCanvas } from './braille.ts';
import { fitted, fittedRight, spread } from './text.ts';
import type { Role, Theme } from './theme.ts';

/** A line of a chart. Points in increasing x; `dotted` sets it apart from a full line without any colour. */
export interface Series {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly role: Role;
  readonly dotted?: boolean;
}

/** What a chart shows, and how its axes are labelled. */
export interface ChartSpec {
  readonly series: readonly Series[];
  /** Draws a faint level across, and keeps it in view. */
  readonly level?: number;
  /** Marks single points with a glyph; it is drawn over the lines. */
  readonly marks?: readonly { readonly x: number; readonly y: number; readonly glyph: string; readonly role: Role }[];
  /** Least height of the y range, so that noise is not blown up to full scale. */
  readonly spanMin: number;
  readonly yLabel: (y: number) => string;
  readonly xLabel: (x: number) => string;
  /** Cells for the labels at the left. */
  readonly labelWidth: number;
}

/**
 * A line chart of exactly that size: y labels at the left, one line of x labels below. Without two points, an empty field.
 * At least 3 rows and 8 columns besides the labels.
 */
export function chartLines(spec: ChartSpec, width: number, height: number, theme: Theme): string[] {
  const columns = Math.max(1, width - spec.labelWidth - 1);
  const rows = Math.max(1, height - 1);
  const points = spec.series.flatMap((series) => series.points).concat((spec.marks ?? []).map((mark) => [mark.x, mark.y] as const));
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y).concat(spec.level === undefined ? [] : [spec.level]);
  if (xs.length < 2) return Array.from({ length: height }, () => ' '.repeat(width));
  const [x0, x1] = [least(xs), greatest(xs)];
  const [y0, y1] = widened(least(ys), greatest(ys), spec.spanMin);

  const canvas = new BrailleCanvas(columns, rows);
  const dotX = (x: number): number => (x1 > x0 ? ((x - x0) / (x1 - x0)) * (canvas.width - 1) : 0);
  const dotY = (y: number): number => ((y1 - y) / (y1 - y0)) * (canvas.height - 1);
  if (spec.level !== undefined) canvas.line(0, dotY(spec.level), canvas.width - 1, dotY(spec.level), 'frame', 3);
  for (const series of spec.series) {
    series.points.forEach(([x, y], i) => {
      const [fromX, fromY] = series.points[i - 1] ?? [x, y];
      canvas.line(dotX(fromX), dotY(fromY), dotX(x), dotY(y), series.role, series.dotted ? 2 : 1);
    });
  }

  for (const mark of spec.marks ?? []) canvas.glyph(dotX(mark.x), dotY(mark.y), mark.glyph, mark.role);

  const field = canvas.lines(theme);
  const labels = labelRows(rows);
  const body = field.map((line, row) => {
    const label = labels.has(row) ? spec.yLabel(y1 - ((row + 0.5) / rows) * (y1 - y0)) : '';
    return theme.paint('dim', fittedRight(label, spec.labelWidth)) + theme.paint('frame', labels.has(row) ? '┤' : '│') + line;
  });
  const axis = spread(spec.xLabel(x0), spec.xLabel(x1), columns);
  body.push(theme.paint('dim', ' '.repeat(spec.labelWidth + 1) + fitted(axis, columns)));
  return body;
}

/** Top, bottom, and the middle where there is room. */
function labelRows(rows: number): Set<number> {
  return new Set(rows >= 5 ? [0, Math.floor((rows - 1) / 2), rows - 1] : [0, rows - 1]);
}

function widened(low: number, high: number, spanMin: number): readonly [number, number] {
  const missing = Math.max(0, (high > low || spanMin > 0 ? spanMin : 1) - (high - low));
  return [low - missing / 2, high + missing / 2];
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
