import { decimalsFor, fixed, textTable } from '../../core/text-table.ts';
import type { Band } from './fact.ts';
import type { FactFinding } from './realism.ts';

const DIGITS = 3;
/** A figure in three digits, or to the fourth decimal. */
export const short = (value: number): string => fixed(value, Math.min(4, decimalsFor(value, DIGITS)));

/** A band as text: both ends, or the one that it has. */
export function bandText({ low, high }: Band): string {
  if (low === undefined) return `<= ${high}`;
  return high === undefined ? `>= ${low}` : `${low} to ${high}`;
}

/** Misses first: they are what a reader must know. */
const ORDER = ['outside', 'not measurable', 'inside'] as const;

/** The findings as text for a terminal or a log: how many hold, then what was measured, misses first, and last where the bands come from. */
export function realismText(scenario: string, seeds: number, findings: readonly FactFinding[]): string {
  const byVerdict = ORDER.map((verdict) => findings.filter((finding) => finding.verdict === verdict));
  const counts = ORDER.map((verdict, i) => `${byVerdict[i]?.length ?? 0} ${verdict}`).join(', ');
  const head = `${scenario}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${findings.length} facts: ${counts}`;
  const hasData = findings.some(({ observed }) => observed !== undefined);
  const header = ['fact', 'target', ...(hasData ? ['data'] : []), 'value', '95 % interval', 'runs', 'verdict'];
  const rows = byVerdict.flat().map((finding) => [finding.name, ...cells(finding, hasData)]);
  const notes = findings.map((finding) => `${finding.name}: ${finding.about}. Band: ${finding.source}.`);
  return [head, '', textTable([header, ...rows]), '', ...notes].join('\n');
}

function cells({ target, value, ci95, runs, verdict, observed }: FactFinding, hasData: boolean): string[] {
  const interval = ci95 === undefined ? '' : `[${short(ci95[0])}, ${short(ci95[1])}]`;
  const data = hasData ? [observed === undefined ? '' : short(observed)] : [];
  return [bandText(target), ...data, value === undefined ? '' : short(value), interval, String(runs), verdict];
}
