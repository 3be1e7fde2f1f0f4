import { decimalsFor, fixed, textTable, wrapped } from '../../core/text-table.ts';
import type { Interval } from '../bootstrap.ts';
import { studentQuantile } from '../student-t.ts';
import { type Evaluation, RANDOM_WALK } from './evaluation.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import { summaryText } from './evaluation-summary.ts';
import { groupTable } from './group-text.ts';

/** Columns that tables and notes are set in. */
const WIDTH = 118;

/** Parts of the text: errors against the random walk and the reference; the same by group; calibration of points; distributions. */
export const EVALUATION_PARTS = ['skill', 'groups', 'points', 'distributions'] as const;
export type EvaluationPart = (typeof EVALUATION_PARTS)[number];

/** A part of the text: heads of its columns and the cells of a row. */
interface Part {
  readonly heads: readonly string[];
  readonly cells: (row: EvaluationRow) => readonly string[];
}

/**
 * An evaluation for a terminal: wins and losses of each model; then per part one table over all targets, models in the order of the forecasts, and
 * below it what its columns say and do not say. At most 120 columns for up to three groups and short names.
 */
export function evaluationText(result: Evaluation, parts: readonly EvaluationPart[] = EVALUATION_PARTS): string {
  const groups = [...new Set(result.rows.flatMap((row) => Object.keys(row.groups)))];
  const tables = parts.flatMap((part) => {
    const body =
      part === 'groups' ? groupTable(result, percent, shortHead) : table(result.rows, PARTS[part](result, groups), part !== 'skill');
    return body === '' ? [] : [body, notes(part, result)];
  });
  const summary = summaryText(result);
  return [result.title, ...(summary === '' ? [] : [summary]), ...tables].join('\n\n');
}

/** Share as percent in five characters where it can be: +4.32, +12.3. */
export function percent(share: number): string {
  const value = 100 * share;
  const text = fixed(value, Math.abs(value) < 9.995 ? 2 : 1);
  return Number(text) > 0 ? `+${text}` : text;
}

/** A p-value in three digits after the point. */
export function pShort(p: number | undefined): string {
  return p === undefined ? '' : p < 0.001 ? '<.001' : p.toFixed(3).replace(/^0/, '');
}

const optional = (value: number | undefined, text: (value: number) => string): string => (value === undefined ? '' : text(value));
const span = (interval: Interval | undefined, text: (value: number) => string): string =>
  interval === undefined ? '' : `[${text(interval[0])}, ${text(interval[1])}]`;
const plain = (value: number): string => fixed(value, 2);
const whole = (share: number): string => fixed(100 * share, 1);
const size = (value: number): string => fixed(value, decimalsFor(value, 3));

const PARTS: Readonly<Record<Exclude<EvaluationPart, 'groups'>, (result: Evaluation, groups: readonly string[]) => Part>> = {
  skill: ({ reference }, groups) => ({
    heads: [...['R2 %', '95 %', ...groups, 'DM', 'p', 'Holm'], ...(reference === undefined ? [] : [`vs ${reference}`, '95 %', 'p']), 'set'],
    cells: (row) => [
      percent(row.r2VsRandomWalk.all),
      span(row.ci95, percent),
      ...groups.map((group) => optional(row.r2VsRandomWalk[group], percent)),
      optional(row.dieboldMariano?.statistic, plain),
      pShort(row.dieboldMariano?.p),
      pShort(row.dieboldMariano?.pHolm),
      ...(reference === undefined
        ? []
        : [optional(row.r2VsReference?.all, percent), span(row.ci95VsReference?.all, percent), pShort(row.dieboldMarianoVsReference?.p)]),
      row.inConfidenceSet === undefined ? '' : row.inConfidenceSet ? 'in' : 'out',
    ],
  }),
  points: () => ({
    heads: ['slope', '95 %', 'CW', 'p', 'hits %', 'PT p', 'rmse', 'mae', 'qlike', 'trials'],
    cells: (row) => [
      optional(row.slope?.value, plain),
      span(row.slope?.ci95, plain),
      optional(row.clarkWest?.statistic, plain),
      pShort(row.clarkWest?.p),
      optional(row.hitRate, whole),
      pShort(row.pesaranTimmermann?.p),
      size(row.rmse),
      size(row.mae),
      optional(row.qlike, size),
      optional(row.trials, String),
    ],
  }),
  distributions: (_, groups) => ({
    heads: ['CRPS %', '80 %', '95 %', ...groups, '50 %', '95 %', 'width', 'single p', 'even p'],
    cells: (row) => [
      optional(row.crpsVsRandomWalk?.all, percent),
      optional(row.coverage80, whole),
      span(row.coverage80Ci95, whole),
      ...groups.map((group) => optional(row.coverageByGroup?.[group]?.coverage80, whole)),
      optional(row.coverage50, whole),
      optional(row.coverage95, whole),
      optional(row.meanWidth80, size),
      pShort(row.christoffersen?.independenceP),
      pShort(row.pit?.kuiper?.p),
    ],
  }),
};

/** Rows of all targets under one head, each target with a line of its own. @param isShort without rows that have nothing in them. */
function table(rows: readonly EvaluationRow[], { heads, cells }: Part, isShort: boolean): string {
  const kept = rows.map((row) => [row.model, ...cells(row)]).map((line, i) => ({ line, row: rows[i] }));
  const shown = kept.filter(({ line }) => !isShort || line.slice(1).some((cell) => cell !== ''));
  // Columns that no row fills tell nothing.
  const columns = ['model', ...heads]
    .map((head, i) => ({ head, i }))
    .filter(({ i }) => i === 0 || shown.some(({ line }) => line[i] !== ''));
  const pick = (line: readonly string[]): string[] => columns.map(({ i }) => line[i] ?? '');
  const [top = '', ...lines] = textTable([columns.map(({ head }) => head), ...shown.map(({ line }) => pick(line))]).split('\n');
  let before = '';
  const body = lines.flatMap((line, i) => {
    const row = shown[i]?.row;
    const head = row === undefined ? '' : targetHead(row);
    const isNew = head !== before;
    before = head;
    return isNew ? [head, line] : [line];
  });
  return shown.length === 0 ? '' : [top, ...body].join('\n');
}

const shortHead = ({ target, horizon }: EvaluationRow): string => `-- ${target}, ${horizon}`;

function targetHead({ target, horizon, n, samples, unit, walkRmse, groups }: EvaluationRow): string {
  const parts = Object.entries(groups).map(([name, counts]) => `${name} ${counts.n}`);
  const split = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `-- ${target}, ${horizon}: ${n} forecasts${split}, ${samples} apart; random walk's rmse ${size(walkRmse)} ${unit}`;
}

function notes(part: EvaluationPart, result: Evaluation): string {
  return NOTES[part](result)
    .map((note) => wrapped(note, WIDTH))
    .join('\n');
}

const NOTES: Readonly<Record<EvaluationPart, (result: Evaluation) => readonly string[]>> = {
  skill: (result) => [
    'R2: 100 (1 - squared errors / those of the random walk); below 0 the model is worse. 95 %: over blocks from 8 blocks on, else from errors that depend on each other. Forecasts overlap when the horizon is longer than a step: the number apart is what there is to learn from. With fewer than 8 blocks and long horizons intervals are too narrow and p too small (.05 is about .09: docs/evaluation.md).',
    'DM: Diebold and Mariano, above 0 the model is better than the random walk; it asks whether these forecasts lost less, not whether the model is true. p is two-sided; Holm adjusts it for all targets and horizons of the same model in this table, and for nothing else.',
    ...(result.reference === undefined ? [] : [`vs ${result.reference}: R2 and p of Diebold and Mariano against that model.`]),
    'set: in the 90 % Model Confidence Set. Being in means not told from the best, which many models are where there is little to learn from.',
    ...trialNotes(result),
  ],
  groups: () => [
    'Groups go by what was known at the origin. 80 %: share of outcomes inside the 80 % interval; all with their 95 % intervals.',
  ],
  points: () => [
    'slope: of outcomes on forecasts; 1 is calibrated, below 1 too bold. CW: Clark and West, one-sided: would the model win with coefficients known; it can be above 0 where DM is below. hits: right signs; PT p on forecasts apart.',
  ],
  distributions: () => [
    'CRPS %: 100 (1 - score / that of the random walk with its own scale). 80 %: share of outcomes inside the 80 % interval, its own 95 % interval, and by group; then 50 % and 95 %; width: of the 80 % interval. single p: misses do not follow one another (Christoffersen); even p: outcomes fall evenly over the distribution (Kuiper); both on forecasts apart, small p is bad, and with thousands of them every model fails.',
  ],
};

/** What a search costs in belief. */
function trialNotes({ rows }: Evaluation): string[] {
  const chosen = new Map(
    rows.flatMap(({ model, trials }) => (trials === undefined || model === RANDOM_WALK ? [] : [[model, trials] as const])),
  );
  return [...chosen].map(
    ([model, trials]) =>
      `${model} was chosen among ${trials} trials. No p-value here counts them; the best of so many on these same outcomes would have to show |DM| above ${fixed(studentQuantile(1 - 0.025 / trials, 1000), 1)} (Bonferroni).`,
  );
}
