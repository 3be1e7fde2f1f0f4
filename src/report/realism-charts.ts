import { normalPdf } from '../core/special.ts';
import { fixed } from '../core/text-table.ts';
import { type Interval, studentInterval } from '../study/bootstrap.ts';
import type { FactFinding } from '../study/realism/realism.ts';
import type { RunCurves } from '../study/realism/run-curves.ts';
import { mean } from '../study/statistics.ts';
import { chart, polyline, whisker } from './chart.ts';

const BIN = 0.5;
const REACH = 7;
/** Densities are drawn down to 10⁻⁴. */
const LOG_FLOOR = -4;
const KINDS_MAXIMUM = 5;
/** Facts whose bands are drawn with the lags. */
const BANDED_LAGS = /^trade-sign-autocorrelation-(\d+)$/;

/** A mean over runs with its interval, where there are two or more. */
interface Estimate {
  readonly value: number;
  readonly ci95: Interval | undefined;
}

function estimate(values: readonly number[]): Estimate | undefined {
  if (values.length === 0) return undefined;
  return { value: mean(values), ci95: values.length > 1 ? studentInterval(values, 0.95) : undefined };
}

const range = (interval: Interval | undefined, digits: number): string =>
  interval === undefined ? '' : `[${fixed(interval[0], digits)}, ${fixed(interval[1], digits)}]`;

/** Density of one-minute returns of all seeds, each over its own deviation, on a log scale: tails show there. */
export function returnChart(runs: readonly RunCurves[], data: RunCurves | undefined): string | undefined {
  const returns = runs.flatMap((run) => run.returns);
  if (returns.length === 0) return undefined;
  const centres = Array.from({ length: (2 * REACH) / BIN }, (_, i) => -REACH + BIN * (i + 0.5));
  const density = (values: readonly number[], centre: number): number =>
    values.filter((value) => value >= centre - BIN / 2 && value < centre + BIN / 2).length / values.length / BIN;
  const log = (value: number): number => (value > 0 ? Math.max(LOG_FLOOR, Math.log10(value)) : LOG_FLOOR);
  const [own, other] = [returns, data?.returns ?? []].map((values) =>
    centres.map((centre) => (values.length === 0 ? 0 : density(values, centre))),
  );
  const hasData = (data?.returns.length ?? 0) > 0;
  return chart({
    title: 'One-minute returns against a normal distribution',
    caption: `${returns.length} returns of ${runs.length} ${runs.length === 1 ? 'seed' : 'seeds'}, each over the standard deviation of its run; density on a log scale.`,
    x: { label: 'standard deviations', from: -REACH, to: REACH },
    y: { label: 'density', from: LOG_FLOOR, to: 0, ticks: [-4, -3, -2, -1, 0].map((at) => ({ at, label: at === 0 ? '1' : `1e${at}` })) },
    legend: [{ label: 'simulated', style: '1' }, { label: 'normal', style: '2' }, ...(hasData ? [{ label: 'data', style: 'data' }] : [])],
    table: {
      header: ['standard deviations', 'simulated', 'normal', ...(hasData ? ['data'] : [])],
      rows: centres.map((centre, i) => [
        `${fixed(centre - BIN / 2, 1)} to ${fixed(centre + BIN / 2, 1)}`,
        fixed(own?.[i] ?? 0, 4),
        fixed(normalPdf(centre), 4),
        ...(hasData ? [fixed(other?.[i] ?? 0, 4)] : []),
      ]),
    },
    draw: (frame) => [
      ...centres.flatMap((centre, i) => {
        const [top, floor] = [frame.y(log(own?.[i] ?? 0)), frame.y(LOG_FLOOR)];
        const [left, right] = [frame.x(centre - BIN / 2), frame.x(centre + BIN / 2)];
        return floor > top
          ? [`<rect class="bar" x="${left}" y="${top}" width="${fixed(right - left, 1)}" height="${fixed(floor - top, 1)}"/>`]
          : [];
      }),
      polyline(
        Array.from({ length: 97 }, (_, i) => -4.2 + (8.4 * i) / 96).map((x) => [x, log(normalPdf(x))] as const),
        frame,
        '2',
      ),
      ...(hasData
        ? centres.flatMap((centre, i) => ((other?.[i] ?? 0) > 0 ? [whisker(centre, log(other?.[i] ?? 0), undefined, frame, 'data')] : []))
        : []),
    ],
  });
}

/** At-the-money vols of one run at three maturities. */
export function volChart(run: RunCurves | undefined, seed: string): string | undefined {
  const vols = run?.atmVols ?? [];
  if (vols.length < 2) return undefined;
  const all = vols.flat().map((vol) => 100 * vol);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.08 * Math.max(0.5, high - low);
  const names = ['7 days', '30 days', '90 days'];
  const regimes = run?.regimes ?? [];
  const turns = regimes.flatMap((regime, i) => (i > 0 && regime !== regimes[i - 1] ? [{ at: i, regime }] : []));
  const stretches = [`${regimes[0] ?? ''} from the start`, ...turns.map(({ at, regime }) => `${regime} from minute ${at + 1}`)];
  return chart({
    title: `At-the-money vol, seed ${seed}`,
    caption: `Vol points at constant maturities, by the minute. Regimes: ${stretches.slice(0, 8).join(', ')}${stretches.length > 8 ? ', …' : ''}.`,
    x: { label: 'minutes', from: 1, to: vols.length },
    y: { label: 'vol points', from: low - room, to: high + room },
    legend: names.map((label, i) => ({ label, style: String(i + 1) })),
    table: {
      header: ['minute', ...names],
      rows: vols.flatMap((row, i) => (i % 10 === 0 ? [[String(i + 1), ...row.map((vol) => fixed(100 * vol, 2))]] : [])),
    },
    draw: (frame) => [
      ...turns.map(({ at }) => `<path class="axis dashed" d="M${frame.x(at + 1)} ${frame.y(high + room)}V${frame.y(low - room)}"/>`),
      ...names.map((_, i) =>
        polyline(
          vols.map((row, minute) => [minute + 1, 100 * (row[i] ?? 0)] as const),
          frame,
          String(i + 1),
        ),
      ),
    ],
  });
}

/** Autocorrelation of the signs of orders that traded, by lag, against the bands of the facts about it. */
export function signChart(runs: readonly RunCurves[], data: RunCurves | undefined, findings: readonly FactFinding[]): string | undefined {
  const lags = Math.max(0, ...runs.map((run) => run.signs.length));
  const byLag = Array.from({ length: lags }, (_, i) => estimate(runs.flatMap((run) => run.signs[i] ?? [])));
  if (byLag.length === 0) return undefined;
  const bands = findings.flatMap(({ name, target }) => {
    const lag = BANDED_LAGS.exec(name)?.[1];
    return lag === undefined ? [] : [{ lag: Number(lag), low: target.low ?? -1, high: target.high ?? 1 }];
  });
  const other = data?.signs ?? [];
  const figures = [...byLag.flatMap((one) => (one === undefined ? [] : [one.value, ...(one.ci95 ?? [])])), ...other];
  const ends = [0, ...figures, ...bands.flatMap(({ low, high }) => [low, high])];
  return chart({
    title: 'Autocorrelation of trade signs by lag',
    caption: 'Mean over seeds with its 95 % interval; shaded the bands at the lags for which there are some.',
    x: { label: 'lag, orders that traded', from: 0, to: lags + 1 },
    y: { label: 'autocorrelation', from: Math.max(-1, Math.min(...ends) - 0.05), to: Math.min(1, Math.max(...ends) + 0.05) },
    legend: [{ label: 'simulated', style: '1' }, ...(other.length > 0 ? [{ label: 'data', style: 'data' }] : [])],
    table: {
      header: ['lag', 'simulated', '95 % interval', ...(other.length > 0 ? ['data'] : [])],
      rows: byLag.map((one, i) => [
        String(i + 1),
        one === undefined ? '' : fixed(one.value, 4),
        range(one?.ci95, 4),
        ...(other.length > 0 ? [other[i] === undefined ? '' : fixed(other[i], 4)] : []),
      ]),
    },
    draw: (frame) => [
      ...bands.map(({ lag, low, high }) => {
        const [left, right] = [frame.x(lag - 0.4), frame.x(lag + 0.4)];
        const [top, floor] = [frame.y(high), frame.y(low)];
        return `<rect class="band" x="${left}" y="${top}" width="${fixed(right - left, 1)}" height="${fixed(floor - top, 1)}"/>`;
      }),
      `<path class="zero" d="M${frame.x(0)} ${frame.y(0)}H${frame.x(lags + 1)}"/>`,
      ...byLag.flatMap((one, i) => (one === undefined ? [] : [whisker(i + 1, one.value, one.ci95, frame, '1')])),
      ...other.map((value, i) => whisker(i + 1.25, value, undefined, frame, 'data')),
    ],
  });
}

/** What was kept of the fair value's distance per vega, by kind of counterparty and time after the fill. */
export function markoutChart(runs: readonly RunCurves[]): string | undefined {
  const points = runs.flatMap((run) => run.markouts);
  const kinds = [...new Set(points.map(({ counterparty }) => counterparty))].sort().slice(0, KINDS_MAXIMUM);
  const horizons = [...new Set(points.map(({ seconds }) => seconds))].sort((a, b) => a - b);
  if (points.length === 0) return undefined;
  const at = (kind: string, seconds: number): Estimate | undefined =>
    estimate(
      runs.flatMap(({ markouts }) =>
        markouts.filter((one) => one.counterparty === kind && one.seconds === seconds).map((one) => one.volPoints),
      ),
    );
  const curves = kinds.map((kind) => ({ kind, estimates: horizons.map((seconds) => at(kind, seconds)) }));
  const values = curves.flatMap(({ estimates }) => estimates.flatMap((one) => (one === undefined ? [] : [one.value])));
  const ends = [0, ...curves.flatMap(({ estimates }) => estimates.flatMap((one) => [...(one?.ci95 ?? [])])), ...values];
  // One rare kind with a wide interval must not press the others together.
  const reach = 3 * Math.max(...values.map(Math.abs), 1e-6);
  const label = (seconds: number): string => (seconds === 0 ? 'fill' : seconds < 60 ? `${seconds} s` : `${fixed(seconds / 60, 0)} min`);
  return chart({
    title: "What the subject's quotes kept, by counterparty",
    caption:
      'Vol points per vega traded, delta-hedged, against the fair value at the fill and later; mean over seeds with its 95 % interval. A fall from the left is what was given back. Intervals beyond the axis are cut.',
    x: {
      label: 'after the fill',
      from: -0.4,
      to: horizons.length - 0.6,
      ticks: horizons.map((seconds, i) => ({ at: i, label: label(seconds) })),
    },
    y: { label: 'vol points', from: Math.max(-reach, Math.min(...ends)) * 1.05, to: Math.min(reach, Math.max(...ends)) * 1.05 },
    legend: kinds.map((kind, i) => ({ label: kind, style: String(i + 1) })),
    table: {
      header: ['counterparty', ...horizons.map(label)],
      rows: curves.map(({ kind, estimates }) => [
        kind,
        ...estimates.map((one) => (one === undefined ? '' : `${fixed(one.value, 3)} ${range(one.ci95, 3)}`.trim())),
      ]),
    },
    draw: (frame) => [
      `<path class="zero" d="M${frame.x(-0.4)} ${frame.y(0)}H${frame.x(horizons.length - 0.6)}"/>`,
      ...curves.flatMap(({ estimates }, c) => {
        const shift = 0.06 * (c - (kinds.length - 1) / 2);
        const shown = estimates.flatMap((one, i) => (one === undefined ? [] : [{ ...one, at: i + shift }]));
        return [
          polyline(
            shown.map((one) => [one.at, one.value] as const),
            frame,
            String(c + 1),
          ),
          ...shown.map((one) => whisker(one.at, one.value, one.ci95, frame, String(c + 1))),
        ];
      }),
    ],
  });
}
