import { fixed } from '../core/text-table.ts';
import type { Interval } from '../study/bootstrap.ts';
import { RANDOM_WALK } from '../study/evaluation/evaluation.ts';
import type { EvaluationRow } from '../study/evaluation/evaluation-row.ts';
import { percent } from '../study/evaluation/evaluation-text.ts';
import { type Axis, chart, type Frame } from './chart.ts';
import { type EvaluationReport, shownModels, styleOf } from './evaluation-report.ts';

/** Half of a category's width that its marks may take. */
const HALF = 0.36;
/** Worst R² that is drawn in full, in multiples of the best: what is worse stands at the edge. */
const DEPTH = 1.5;
const LEAST_HEIGHT = 0.01;

/** A figure of one series in one category. */
interface Mark {
  readonly category: number;
  readonly series: number;
  readonly value: number;
  readonly ci95: Interval | undefined;
}

/** R² against the random walk by horizon, a point per model with its interval. */
export function horizonChart(report: EvaluationReport, target: string): string | undefined {
  const models = shownModels(report, (row) => row.target === target);
  const horizons = horizonsOf(report, target);
  const marks = horizons.flatMap((rows, category) =>
    models.flatMap((model, series) => {
      const row = rows.find((one) => one.model === model);
      return row === undefined ? [] : [{ category, series, value: row.r2VsRandomWalk.all, ci95: row.ci95 }];
    }),
  );
  if (marks.length === 0) return undefined;
  const y = skillAxis(marks);
  const names = horizons.map((rows) => rows[0]?.horizon ?? '');
  return chart({
    title: `${target}: R2 by horizon`,
    caption: `R2 in % against the random walk, which is the zero line, with 95 % intervals. ${leftOut(report, target, models)}What is lower than the axis stands at its edge.`,
    x: categories('horizon', names),
    y,
    legend: models.map((label, i) => ({ label, style: styleOf(i) })),
    table: {
      header: ['horizon', ...models.flatMap((model) => [model, '95 %'])],
      rows: names.map((name, category) => [
        name,
        ...models.flatMap((_, series) => {
          const mark = marks.find((one) => one.category === category && one.series === series);
          return mark === undefined ? ['', ''] : [percent(mark.value), span(mark.ci95)];
        }),
      ]),
    },
    draw: (frame) => [zeroLine(frame, names.length), ...marks.map((mark) => point(mark, models.length, frame))],
  });
}

/** R² of the subject by group of origins and horizon, as bars. */
export function groupChart(report: EvaluationReport, target: string): string | undefined {
  const { subject } = report;
  const rows = horizonsOf(report, target).flatMap((own) => own.find((row) => row.model === subject) ?? []);
  const groups = [...new Set(rows.flatMap((row) => Object.keys(row.groups)))].slice(0, 4);
  if (rows.length === 0 || groups.length === 0) return undefined;
  const names = ['all', ...groups];
  const marks = rows.flatMap((row, category) =>
    names.flatMap((name, series): Mark[] => {
      const value = row.r2VsRandomWalk[name];
      return value === undefined ? [] : [{ category, series, value, ci95: name === 'all' ? row.ci95 : row.ci95ByGroup[name] }];
    }),
  );
  const y = skillAxis(marks);
  return chart({
    title: `${target}: R2 of ${subject} by group`,
    caption: 'Groups go by what was known at the origin. R2 in % against the random walk in the same group, with 95 % intervals.',
    x: categories(
      'horizon',
      rows.map((row) => row.horizon),
    ),
    y,
    legend: names.map((label, i) => ({ label, style: styleOf(i) })),
    table: {
      header: ['horizon', ...names.flatMap((name) => [name, '95 %', 'n'])],
      rows: rows.map((row) => [
        row.horizon,
        ...names.flatMap((name) => [
          row.r2VsRandomWalk[name] === undefined ? '' : percent(row.r2VsRandomWalk[name] ?? 0),
          span(name === 'all' ? row.ci95 : row.ci95ByGroup[name]),
          String(name === 'all' ? row.n : (row.groups[name]?.n ?? '')),
        ]),
      ]),
    },
    draw: (frame) => [...marks.map((mark) => bar(mark, names.length, frame)), zeroLine(frame, rows.length)],
  });
}

/** Rows of a target, horizon by horizon, in the order of the table. */
function horizonsOf({ evaluation }: EvaluationReport, target: string): EvaluationRow[][] {
  const own = evaluation.rows.filter((row) => row.target === target);
  return [...new Set(own.map((row) => row.horizon))].map((horizon) => own.filter((row) => row.horizon === horizon));
}

function leftOut({ evaluation }: EvaluationReport, target: string, shown: readonly string[]): string {
  const others = new Set(
    evaluation.rows
      .filter((row) => row.target === target && row.model !== RANDOM_WALK && !shown.includes(row.model))
      .map((row) => row.model),
  );
  return others.size === 0 ? '' : `Not drawn, but in the tables: ${[...others].join(', ')}. `;
}

function categories(label: string, names: readonly string[]): Axis {
  return { label, from: 0, to: names.length, ticks: names.map((name, i) => ({ at: i + 0.5, label: name })) };
}

/** From what is worst to what is best, with 0, in shares; labels in percent. */
function skillAxis(marks: readonly Mark[]): Axis {
  const ends = marks.flatMap(({ value, ci95 }) => [value, ...(ci95 ?? [])]);
  const to = Math.max(LEAST_HEIGHT, ...ends) * 1.05;
  const from = Math.max(-DEPTH * to, Math.min(0, ...ends) * 1.05);
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((size) => (to - from) / size <= 8) ?? 10;
  const first = Math.ceil(from / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  return { label: 'R2, %', from, to, ticks: ticks.map((at) => ({ at, label: fixed(100 * at, step < 0.01 ? 1 : 0) })) };
}

const span = (interval: Interval | undefined): string =>
  interval === undefined ? '' : `[${percent(interval[0])}, ${percent(interval[1])}]`;

function zeroLine({ x, y }: Frame, count: number): string {
  return `<path class="zero" d="M${x(0)} ${y(0)}H${x(count)}"/>`;
}

const placeOf = ({ category, series }: Mark, count: number): number => category + 0.5 + HALF * ((2 * (series + 0.5)) / count - 1);

function point(mark: Mark, count: number, { x, y }: Frame): string {
  const at = x(placeOf(mark, count));
  const style = styleOf(mark.series);
  const { ci95 } = mark;
  const whisker = ci95 === undefined ? '' : `<path class="whisker s${style}" d="M${at} ${y(ci95[0])}V${y(ci95[1])}"/>`;
  return `${whisker}<circle class="d${style}" cx="${at}" cy="${y(mark.value)}" r="3.2"/>`;
}

function bar(mark: Mark, count: number, { x, y }: Frame): string {
  const at = placeOf(mark, count);
  const half = (0.8 * HALF) / count;
  const [left, right] = [x(at - half), x(at + half)];
  const [top, bottom] = [Math.min(y(0), y(mark.value)), Math.max(y(0), y(mark.value))];
  const { ci95 } = mark;
  const whisker = ci95 === undefined ? '' : `<path class="whisker zero" d="M${x(at)} ${y(ci95[0])}V${y(ci95[1])}"/>`;
  const width = Math.round(10 * (right - left)) / 10;
  const height = Math.round(10 * Math.max(0.5, bottom - top)) / 10;
  return `<rect class="d${styleOf(mark.series)}" x="${left}" y="${top}" width="${width}" height="${height}"/>${whisker}`;
}
