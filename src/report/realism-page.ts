import { FACT_GROUPS } from '../study/realism/fact.ts';
import type { FactFinding, Verdict } from '../study/realism/realism.ts';
import { bandText, short } from '../study/realism/realism-text.ts';
import type { RunCurves } from '../study/realism/run-curves.ts';
import { bandStrip } from './band-strip.ts';
import { escaped, htmlPage } from './html-page.ts';
import { markoutChart, returnChart, signChart, volChart } from './realism-charts.ts';

/** Misses first: they are what a reader must know. */
const ORDER: readonly Verdict[] = ['outside', 'not measurable', 'inside'];
const STYLES: Readonly<Record<Verdict, string>> = { outside: 'outside', 'not measurable': 'unknown', inside: 'inside' };

/** All that is told of a scenario's realism. */
export interface RealismReport {
  readonly version: string;
  readonly scenario: string;
  readonly preset: string;
  /** What was changed of the scenario, as `path=value`. */
  readonly changes: readonly string[];
  readonly seeds: readonly string[];
  readonly findings: readonly FactFinding[];
  /** One per seed. */
  readonly curves: readonly RunCurves[];
  /** A data set that was measured too. */
  readonly data?: { readonly files: readonly { readonly file: string; readonly format: string }[]; readonly curves: RunCurves };
}

/** The report as one HTML file that needs nothing else. */
export function realismPage(report: RealismReport): string {
  const { scenario, seeds, findings, curves, data } = report;
  const groups = FACT_GROUPS.map((group) => ({ group, own: findings.filter((finding) => finding.group === group) }));
  const charts = [
    markoutChart(curves),
    signChart(curves, data?.curves, findings),
    returnChart(curves, data?.curves),
    volChart(curves[0], seeds[0] ?? ''),
  ].flatMap((one) => one ?? []);
  const body = [
    `<h1>Realism of ${escaped(scenario)}</h1>`,
    head(report),
    `<p class="counts">${ORDER.map((verdict) => count(findings, verdict)).join('')}</p>`,
    legend(data !== undefined),
    ...groups.filter(({ own }) => own.length > 0).map(({ group, own }) => section(group, own, data !== undefined)),
    charts.length === 0 ? '' : `<h2>Pictures</h2><div class="figures">${charts.join('\n')}</div>`,
  ].join('\n');
  return htmlPage(`Realism of ${scenario}`, body);
}

function head({ version, preset, changes, seeds, findings, data }: RealismReport): string {
  const lines = [
    `${findings.length} facts of markets of the kind ${preset}, at ${seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`}; volpit ${version}.`,
    ...(changes.length === 0 ? [] : [`Changed: ${changes.join(', ')}.`]),
    ...(data === undefined ? [] : [`Data: ${data.files.map(({ file, format }) => `${file} (${format})`).join(', ')}.`]),
    'Every band was set, with its source, before any run was measured by it. A miss is a statement about the simulator.',
  ];
  return lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
}

function count(findings: readonly FactFinding[], verdict: Verdict): string {
  return `<span class="${STYLES[verdict]}"><strong>${findings.filter((finding) => finding.verdict === verdict).length}</strong> ${verdict}</span>`;
}

function legend(hasData: boolean): string {
  const diamond = hasData ? ', a diamond the value of the data' : '';
  return `<p class="soft">The strip shades the band; the dot is the mean over the seeds that show the fact, with its 95 % interval${diamond}. A triangle at an edge lies beyond it.</p>`;
}

function section(group: string, findings: readonly FactFinding[], hasData: boolean): string {
  const rows = ORDER.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict));
  const inside = findings.filter(({ verdict }) => verdict === 'inside').length;
  const header = ['fact', 'verdict', 'band', ...(hasData ? ['data'] : []), 'value', '95 % interval', 'runs', ''];
  const numbers = new Set(['band', 'data', 'value', '95 % interval', 'runs']);
  const cells = header.map((name) => `<th${numbers.has(name) ? ' class="number"' : ''}>${name}</th>`).join('');
  return [
    `<h2>${escaped(group)}: ${inside} of ${findings.length} inside</h2>`,
    `<div class="scroll"><table class="facts"><thead><tr>${cells}</tr></thead><tbody>`,
    ...rows.map((finding) => row(finding, hasData)),
    '</tbody></table></div>',
  ].join('\n');
}

function row(finding: FactFinding, hasData: boolean): string {
  const { name, about, source, evidence, target, value, ci95, runs, verdict, observed } = finding;
  const number = (text: string, style = ''): string => `<td class="number${style}">${escaped(text)}</td>`;
  return [
    `<tr><td><strong>${escaped(name)}</strong><div class="about">${escaped(about)}</div>`,
    `<div class="source">${escaped(`${evidence}: ${source}`)}</div></td>`,
    `<td class="verdict ${STYLES[verdict]}">${verdict}</td>`,
    number(bandText(target)),
    hasData ? number(observed === undefined ? '' : short(observed), ' data') : '',
    number(value === undefined ? '' : short(value)),
    number(ci95 === undefined ? '' : `[${short(ci95[0])}, ${short(ci95[1])}]`),
    number(String(runs)),
    `<td>${bandStrip(finding)}</td></tr>`,
  ].join('');
}
