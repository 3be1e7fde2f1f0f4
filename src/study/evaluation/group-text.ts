import { fixed, textTable } from '../../core/text-table.ts';
import type { Interval } from '../bootstrap.ts';
import { type Evaluation, RANDOM_WALK } from './evaluation.ts';
import type { EvaluationRow } from './evaluation-row.ts';

/** R² and coverage inside one group of origins, with their intervals. */
export interface GroupLine {
  readonly model: string;
  readonly group: string;
  readonly n: number;
  readonly samples: number;
  readonly r2: number;
  readonly ci95: Interval | undefined;
  /** Against the reference, where there is one that is not the model itself. */
  readonly versus: number | undefined;
  readonly versusCi95: Interval | undefined;
  readonly coverage80: number | undefined;
  readonly coverageCi95: Interval | undefined;
}

/** One line per group that a row has: group by group, so that models stand below each other. */
export function groupLines(rows: readonly EvaluationRow[]): GroupLine[] {
  const groups = [...new Set(rows.flatMap((row) => Object.keys(row.groups)))];
  return groups.flatMap((group) =>
    rows.flatMap((row): GroupLine[] => {
      const counts = row.groups[group];
      const r2 = row.r2VsRandomWalk[group];
      if (counts === undefined || r2 === undefined || row.model === RANDOM_WALK) return [];
      const covered = row.coverageByGroup?.[group];
      return [
        {
          ...{ model: row.model, group, ...counts, r2, ci95: row.ci95ByGroup[group] },
          ...{ versus: row.r2VsReference?.[group], versusCi95: row.ci95VsReference?.[group] },
          ...{ coverage80: covered?.coverage80, coverageCi95: covered?.coverage80Ci95 },
        },
      ];
    }),
  );
}

/** The lines of all targets as a table. @param percent shares of R² in percent, with their sign. @param head the line of a target. */
export function groupTable(
  { rows, reference }: Evaluation,
  percent: (share: number) => string,
  head: (row: EvaluationRow) => string,
): string {
  const whole = (share: number): string => fixed(100 * share, 1);
  const span = (interval: Interval | undefined, text: (value: number) => string): string =>
    interval === undefined ? '' : `[${text(interval[0])}, ${text(interval[1])}]`;
  const optional = (value: number | undefined, text: (value: number) => string): string => (value === undefined ? '' : text(value));
  const targets = [...new Set(rows.map(head))].map((title) => ({ title, lines: groupLines(rows.filter((row) => head(row) === title)) }));
  const cells = targets.flatMap(({ lines }) =>
    lines.map((line) => [
      `${line.group}: ${line.model}`,
      String(line.n),
      String(line.samples),
      percent(line.r2),
      span(line.ci95, percent),
      ...(reference === undefined ? [] : [optional(line.versus, percent), span(line.versusCi95, percent)]),
      optional(line.coverage80, whole),
      span(line.coverageCi95, whole),
    ]),
  );
  if (cells.length === 0) return '';
  const versus = reference === undefined ? [] : [`vs ${reference}`, '95 %'];
  const [top = '', ...body] = textTable([['group: model', 'n', 'apart', 'R2 %', '95 %', ...versus, '80 %', '95 %'], ...cells]).split('\n');
  let at = 0;
  const blocks = targets.flatMap(({ title, lines }) => {
    const own = body.slice(at, at + lines.length);
    at += lines.length;
    return own.length === 0 ? [] : [title, ...own];
  });
  return [top, ...blocks].join('\n');
}
