import { fixed } from '../core/text-table.ts';
import type { Interval } from '../study/bootstrap.ts';
import type { Evaluation } from '../study/evaluation/evaluation.ts';
import type { EvaluationRow } from '../study/evaluation/evaluation-row.ts';
import { summaryTable } from '../study/evaluation/evaluation-summary.ts';
import { percent, pShort } from '../study/evaluation/evaluation-text.ts';
import { groupLines } from '../study/evaluation/group-text.ts';
import type { AuditFinding } from '../study/evaluation/leakage-audit.ts';
import { reliabilityChart, scatterChart, transformChart } from './calibration-charts.ts';
import { type ChartTable, htmlTable } from './chart.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { escaped, htmlPage } from './html-page.ts';
import { learningChart } from './learning-chart.ts';
import { groupChart, horizonChart } from './skill-charts.ts';

/** A test counts as told below this, after Holm's adjustment. */
const ALPHA = 0.05;
const VERDICTS: Readonly<Record<AuditFinding['verdict'], string>> = { failed: 'outside', 'not measurable': 'unknown', passed: 'inside' };

/** The evaluation as one HTML file that needs nothing else: wins and losses, tables, pictures, the audit. */
export function evaluationPage(report: EvaluationReport): string {
  const { evaluation, table, subject, about, version, curves = [], audit = [] } = report;
  const targets = [...new Set(table.targets.map(({ target }) => target))];
  const common = [reliabilityChart(report), transformChart(report), learningChart(curves)].flatMap((one) => one ?? []);
  const body = [
    `<h1>Forecasts: ${escaped(evaluation.title)}</h1>`,
    ...[...about, `Pictures are of ${subject}; volpit ${version}.`].map((line) => `<p>${escaped(line)}</p>`),
    '<h2>Wins and losses</h2>',
    `<div class="scroll">${htmlTable(summaryTable(evaluation))}</div>`,
    `<p class="soft">A row is a target at a horizon. Better, worse: Diebold and Mariano, p below 5 % after Holm's adjustment over all rows of the model.</p>`,
    ...(audit.length === 0 ? [] : [auditSection(audit)]),
    '<h2>Calibration and learning</h2>',
    `<div class="figures">${common.join('\n')}</div>`,
    ...targets.map((target) => targetSection(report, target)),
    notes(evaluation),
  ].join('\n');
  return htmlPage(`Forecasts: ${evaluation.title}`, body);
}

function targetSection(report: EvaluationReport, target: string): string {
  const { evaluation, table, subject } = report;
  const rows = evaluation.rows.filter((row) => row.target === target);
  const charts = [
    horizonChart(report, target),
    groupChart(report, target),
    ...table.targets.filter((one) => one.target === target).map((one) => scatterChart(one, subject)),
  ].flatMap((one) => one ?? []);
  const groups = [...new Set(rows.flatMap((row) => Object.keys(row.groups)))];
  return [
    `<h2>${escaped(target)}</h2>`,
    scoreTable(rows, skillColumns(groups, evaluation.reference)),
    `<details><summary>Calibration of points and intervals</summary>${scoreTable(rows, calibrationColumns(groups))}</details>`,
    groups.length === 0
      ? ''
      : `<details><summary>By group of origins</summary><div class="scroll">${htmlTable(groupTable(rows, evaluation.reference))}</div></details>`,
    `<div class="figures">${charts.join('\n')}</div>`,
  ].join('\n');
}

/** One column of a table of scores: its head, what stands in a row, and its colour. */
interface Column {
  readonly head: string;
  readonly text: (row: EvaluationRow) => string;
  readonly style?: (row: EvaluationRow) => string;
}

const share = (value: number | undefined): string => (value === undefined ? '' : fixed(100 * value, 1));
const signed = (value: number | undefined): string => (value === undefined ? '' : percent(value));
const plain = (value: number | undefined): string => (value === undefined ? '' : fixed(value, 2));
const span = (interval: Interval | undefined, text: (value: number) => string = percent): string =>
  interval === undefined ? '' : `[${text(interval[0])}, ${text(interval[1])}]`;

/** R² is coloured where a test tells the model from the random walk, or from the reference. */
function skillColumns(groups: readonly string[], reference: string | undefined): Column[] {
  return [
    { head: 'R2 %', text: (row) => percent(row.r2VsRandomWalk.all), style: (row) => told(row.dieboldMariano) },
    { head: '95 %', text: (row) => span(row.ci95) },
    ...groups.map((group) => ({ head: group, text: (row: EvaluationRow) => signed(row.r2VsRandomWalk[group]) })),
    { head: 'DM', text: (row) => plain(row.dieboldMariano?.statistic) },
    { head: 'p', text: (row) => pShort(row.dieboldMariano?.p) },
    { head: 'Holm', text: (row) => pShort(row.dieboldMariano?.pHolm) },
    { head: 'CW p', text: (row) => pShort(row.clarkWest?.p) },
    ...(reference === undefined
      ? []
      : [
          {
            head: `vs ${reference}`,
            text: (row: EvaluationRow) => signed(row.r2VsReference?.all),
            style: (row: EvaluationRow) => told(row.dieboldMarianoVsReference),
          },
          { head: '95 %', text: (row: EvaluationRow) => span(row.ci95VsReference?.all) },
          { head: 'p', text: (row: EvaluationRow) => pShort(row.dieboldMarianoVsReference?.p) },
        ]),
    {
      head: 'set',
      text: ({ inConfidenceSet: isIn }) => (isIn === undefined ? '' : isIn ? 'in' : 'out'),
      style: ({ inConfidenceSet: isIn }) => (isIn === false ? 'outside' : ''),
    },
  ];
}

function calibrationColumns(groups: readonly string[]): Column[] {
  return [
    { head: 'slope', text: (row) => plain(row.slope?.value) },
    { head: '95 %', text: (row) => span(row.slope?.ci95, plain) },
    { head: 'hits %', text: (row) => share(row.hitRate) },
    { head: 'PT p', text: (row) => pShort(row.pesaranTimmermann?.p) },
    { head: 'CRPS %', text: (row) => signed(row.crpsVsRandomWalk?.all) },
    { head: 'in 80', text: (row) => share(row.coverage80) },
    { head: '95 %', text: (row) => span(row.coverage80Ci95, share) },
    ...groups.map((group) => ({ head: group, text: (row: EvaluationRow) => share(row.coverageByGroup?.[group]?.coverage80) })),
    { head: 'in 50', text: (row) => share(row.coverage50) },
    { head: 'in 95', text: (row) => share(row.coverage95) },
    { head: 'single p', text: (row) => pShort(row.christoffersen?.independenceP) },
    { head: 'even p', text: (row) => pShort(row.pit?.kuiper?.p) },
  ];
}

/** R² and coverage of each group with their intervals, horizons one below the other. */
function groupTable(rows: readonly EvaluationRow[], reference: string | undefined): ChartTable {
  const versus = reference === undefined ? [] : [`vs ${reference}`, '95 %'];
  const horizons = [...new Set(rows.map((row) => row.horizon))];
  return {
    header: ['horizon, group', 'model', 'n', 'apart', 'R2 %', '95 %', ...versus, 'in 80', '95 %'],
    rows: horizons.flatMap((horizon) =>
      groupLines(rows.filter((row) => row.horizon === horizon)).map((line) => [
        ...[`${horizon}, ${line.group}`, line.model, String(line.n), String(line.samples), percent(line.r2), span(line.ci95)],
        ...(reference === undefined ? [] : [signed(line.versus), span(line.versusCi95)]),
        ...[share(line.coverage80), span(line.coverageCi95, share)],
      ]),
    ),
  };
}

/** Scores of a target, horizons one below the other. */
function scoreTable(rows: readonly EvaluationRow[], columns: readonly Column[]): string {
  const horizons = [...new Set(rows.map((row) => row.horizon))].map((horizon) => rows.filter((row) => row.horizon === horizon));
  const body = horizons.flatMap((own) => {
    const [first] = own;
    const counts = Object.entries(first?.groups ?? {}).map(([name, { n }]) => `${name} ${n}`);
    const split = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
    const head = first === undefined ? '' : `${first.horizon}: ${first.n} forecasts${split}, ${first.samples} of them apart`;
    const lines = own.map((row) => {
      const cells = columns.map(({ text, style }) => `<td class="number ${style?.(row) ?? ''}">${escaped(text(row))}</td>`);
      return `<tr><td>${escaped(row.model)}</td>${cells.join('')}</tr>`;
    });
    return [`<tr><th colspan="${columns.length + 1}">${escaped(head)}</th></tr>`, ...lines];
  });
  const heads = columns.map(({ head }) => `<th class="number">${escaped(head)}</th>`);
  return `<div class="scroll"><table><thead><tr><th>model</th>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function told(test: { readonly statistic: number; readonly p: number; readonly pHolm?: number } | undefined): string {
  if (test === undefined || (test.pHolm ?? test.p) >= ALPHA) return '';
  return test.statistic > 0 ? 'inside' : 'outside';
}

function auditSection(findings: readonly AuditFinding[]): string {
  const rows = findings
    .filter(({ check }) => check !== 'as it is')
    .map(({ check, verdict, r2, says }) => {
      const figure = r2 === undefined ? '' : `${percent(r2.value)} [${percent(r2.ci95[0])}, ${percent(r2.ci95[1])}]`;
      return `<tr><td>${escaped(check)}</td><td class="verdict ${VERDICTS[verdict]}">${verdict}</td><td class="number">${figure}</td><td>${escaped(says)}</td></tr>`;
    });
  const head = '<tr><th>check</th><th>verdict</th><th class="number">R2 %</th><th>what was seen</th></tr>';
  return `<h2>Leakage audit</h2><div class="scroll"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function notes({ rows, reference }: Evaluation): string {
  const trials = [...new Set(rows.flatMap((row) => (row.trials === undefined ? [] : [`${row.model} ${row.trials}`])))];
  const lines = [
    'R2 is 100 (1 - squared errors / those of the random walk): below 0 the model is worse. Its interval is taken over blocks (runs) from 8 blocks on, else from errors that depend on each other. Forecasts overlap where the horizon is longer than a step; those apart are what there is to learn from.',
    'DM: Diebold and Mariano against the random walk, above 0 better, two-sided; green and red mark p below 5 % after Holm. CW: Clark and West, one-sided. Slope: of outcomes on forecasts, 1 is calibrated. CRPS: score of the whole distribution against the random walk with its own scale. In 80: share of outcomes inside the 80 % interval, by group after it. Single p: misses do not follow one another. Even p: outcomes fall evenly over the distribution. Set: 90 % Model Confidence Set.',
    ...(reference === undefined ? [] : [`vs ${reference}: R2 against that model.`]),
    ...(trials.length === 0 ? [] : [`Configurations tried before these were chosen, which no p-value counts: ${trials.join(', ')}.`]),
  ];
  return `<h2>What the columns say</h2>${lines.map((line) => `<p class="soft">${escaped(line)}</p>`).join('\n')}`;
}
