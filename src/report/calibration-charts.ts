import { normalCdf } from '../core/special.ts';
import { fixed } from '../core/text-table.ts';
import { covered } from '../study/evaluation/coverage.ts';
import type { ForecastTable, TargetForecasts } from '../study/evaluation/forecast-table.ts';
import { meanEstimate } from '../study/evaluation/mean-test.ts';
import { mincerZarnowitz } from '../study/evaluation/mincer-zarnowitz.ts';
import { originsOf } from '../study/evaluation/origins.ts';
import { type Axis, chart, polyline, whisker } from './chart.ts';
import { type EvaluationReport, shownModels, styleOf } from './evaluation-report.ts';

const BINS = 20;
const LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const PIT_BINS = 20;

/** Outcomes over forecasts of one model on one target: means of equally many origins, in order of the forecast, and the fitted line. */
export function scatterChart(target: TargetForecasts, model: string): string | undefined {
  const change = target.models.find((one) => one.model === model)?.change;
  if (change === undefined) return undefined;
  const origins = originsOf(target.block, target.horizonSteps, target.isSimultaneous === true ? target.seconds : undefined);
  const line = mincerZarnowitz(target.outcome, change, origins);
  if (line === undefined) return undefined;
  const order = Float64Array.from(change.keys()).sort((a, b) => (change[a] ?? 0) - (change[b] ?? 0));
  const count = Math.min(BINS, Math.floor(order.length / 10));
  const points = Array.from({ length: count }, (_, bin) => {
    const own = order.subarray(Math.floor((bin * order.length) / count), Math.floor(((bin + 1) * order.length) / count));
    const member = new Uint8Array(order.length);
    let sum = 0;
    for (const i of own) {
      member[i] = 1;
      sum += change[i] ?? 0;
    }
    const outcome = meanEstimate(target.outcome, origins, member);
    return { forecast: sum / own.length, outcome: outcome?.value ?? 0, ci95: outcome?.ci95 ?? ([0, 0] as const), n: own.length };
  });
  if (points.length === 0) return undefined;
  const [least, most] = [points[0]?.forecast ?? 0, points.at(-1)?.forecast ?? 0];
  const margin = 0.05 * (most - least || 1);
  // An interval of few samples may be wide: the picture is of the means.
  const spread = Math.max(...points.map(({ outcome }) => Math.abs(outcome)), Math.abs(least), Math.abs(most));
  const ends = points.flatMap(({ ci95 }) => ci95.map((end) => Math.max(-2 * spread, Math.min(2 * spread, end))));
  const digits = spread < 0.01 ? 5 : spread < 0.1 ? 4 : 3;
  const at = (x: number): number => line.intercept + line.slope * x;
  return chart({
    title: `${target.target}, ${target.horizon}: outcomes over forecasts of ${model}`,
    caption: `Each point is the mean of ${points[0]?.n ?? 0} forecasts next to each other in size, with the 95 % interval of their mean outcome. Slope ${fixed(line.slope, 2)} [${fixed(line.slopeCi95[0], 2)}, ${fixed(line.slopeCi95[1], 2)}]; dashed: slope 1.`,
    x: { label: `forecast change, ${target.unit}`, from: least - margin, to: most + margin },
    y: { label: `realised change, ${target.unit}`, from: Math.min(least, ...ends), to: Math.max(most, ...ends) },
    legend: [
      { label: 'outcomes', style: '1' },
      { label: 'fitted line', style: '2' },
    ],
    table: {
      header: ['forecast', 'outcome', '95 %', 'n'],
      rows: points.map(({ forecast, outcome, ci95, n }) => [
        fixed(forecast, digits),
        fixed(outcome, digits),
        `[${fixed(ci95[0], digits)}, ${fixed(ci95[1], digits)}]`,
        String(n),
      ]),
    },
    draw: (frame) => [
      polyline(
        [
          [least, least],
          [most, most],
        ],
        frame,
        'data',
        'dashed',
      ),
      polyline(
        [
          [least, at(least)],
          [most, at(most)],
        ],
        frame,
        '2',
      ),
      ...points.map(({ forecast, outcome, ci95 }) => whisker(forecast, outcome, ci95, frame, '1')),
    ],
  });
}

/** How far the share of outcomes inside intervals is from what it should be, all targets and horizons together. */
export function reliabilityChart(report: EvaluationReport): string | undefined {
  const models = shownModels(report, (row) => row.coverage80 !== undefined);
  if (models.length === 0) return undefined;
  const shares = models.map((model) => LEVELS.map((level) => pooledCoverage(report.table, model, level)));
  const gaps = shares.map((own) => own.map((inside, l) => inside - (LEVELS[l] ?? 0)));
  const reach = Math.max(0.04, ...gaps.flat().map(Math.abs)) * 1.1;
  return chart({
    title: 'Reliability of intervals',
    caption:
      'Share of outcomes inside central intervals less the share that should be inside, all targets and horizons together. Above 0 intervals are too wide, below 0 too narrow.',
    x: { label: 'should be inside, %', from: 0, to: 1, ticks: shareTicks() },
    y: percentAxis('inside less should be, points', reach),
    legend: models.map((label, i) => ({ label, style: styleOf(i) })),
    table: {
      header: ['should be inside, %', ...models],
      rows: LEVELS.map((level, l) => [fixed(100 * level, 0), ...shares.map((own) => fixed(100 * (own[l] ?? 0), 1))]),
    },
    draw: (frame) => [
      `<path class="zero" d="M${frame.x(0)} ${frame.y(0)}H${frame.x(1)}"/>`,
      ...gaps.map((own, i) => polyline([[0, 0], ...LEVELS.map((level, l) => [level, own[l] ?? 0] as const), [1, 0]], frame, styleOf(i))),
    ],
  });
}

/** Around 0, labels in percent. */
function percentAxis(label: string, reach: number): Axis {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((size) => reach / size <= 4) ?? 0.5;
  const count = Math.floor(reach / step);
  const ticks = Array.from({ length: 2 * count + 1 }, (_, i) => (i - count) * step);
  return { label, from: -reach, to: reach, ticks: ticks.map((at) => ({ at, label: fixed(100 * at, 0) })) };
}

/** Where outcomes fell in the distributions of the subject: even, if these are right. */
export function transformChart({ table, subject }: EvaluationReport): string | undefined {
  const tally = new Array<number>(PIT_BINS).fill(0);
  let n = 0;
  for (const { outcome, models } of table.targets) {
    const { change, scale } = models.find(({ model }) => model === subject) ?? {};
    if (change === undefined || scale === undefined) continue;
    outcome.forEach((truth, i) => {
      const bin = Math.min(PIT_BINS - 1, Math.floor(PIT_BINS * normalCdf((truth - (change[i] ?? 0)) / (scale[i] || 1e-300))));
      tally[bin] = (tally[bin] ?? 0) + 1;
      n += 1;
    });
  }
  if (n === 0) return undefined;
  const heights = tally.map((count) => (count * PIT_BINS) / n);
  return chart({
    title: `Where outcomes fell in the distributions of ${subject}`,
    caption: `${n} outcomes of all targets by twentieth of the forecast distribution (probability integral transform); the line is an even share. High ends: intervals too narrow, or tails fatter than the normal's; a hill: too wide.`,
    x: { label: 'place in the forecast distribution, %', from: 0, to: 1, ticks: shareTicks() },
    y: { label: 'times an even share', from: 0, to: Math.max(2, ...heights) },
    legend: [{ label: subject, style: '1' }],
    table: {
      header: ['place, %', 'times an even share'],
      rows: heights.map((height, i) => [`${fixed((100 * i) / PIT_BINS, 0)} to ${fixed((100 * (i + 1)) / PIT_BINS, 0)}`, fixed(height, 3)]),
    },
    draw: ({ x, y }) => [
      ...heights.map((height, i) => {
        const [left, right] = [x(i / PIT_BINS), x((i + 1) / PIT_BINS)];
        return `<rect class="bar" x="${left}" y="${y(height)}" width="${fixed(right - left - 1, 1)}" height="${fixed(y(0) - y(height), 1)}"/>`;
      }),
      `<path class="line sdata dashed" d="M${x(0)} ${y(1)}H${x(1)}"/>`,
    ],
  });
}

function pooledCoverage({ targets }: ForecastTable, model: string, level: number): number {
  let inside = 0;
  let n = 0;
  for (const { outcome, models } of targets) {
    const { change, scale } = models.find((one) => one.model === model) ?? {};
    if (change === undefined || scale === undefined) continue;
    for (const one of covered(outcome, change, scale, level)) inside += one;
    n += outcome.length;
  }
  return n === 0 ? 0 : inside / n;
}

const shareTicks = () => [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, label: fixed(100 * at, 0) }));
