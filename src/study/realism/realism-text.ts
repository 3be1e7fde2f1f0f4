import { decimalsFor, fixed, textTable } from '../../core/text-table.ts';
import { type Band, FACT_GROUPS } from './fact.ts';
import type { FactFinding } from './realism.ts';

const DIGITS = 3;
const short = (value: number): string => fixed(value, Math.min(4, decimalsFor(value, DIGITS)));

/** A band as text: both ends, or the one that it has. */
export function bandText({ low, high }: Band): string {
  if (low === undefined) return `<= ${high}`;
  return high === undefined ? `>= ${low}` : `${low} to ${high}`;
}

/** The findings as text for a terminal or a log: how many hold, then by group what was measured, and last where the bands come from. */
export function realismText(scenario: string, seeds: number, findings: readonly FactFinding[]): string {
  const count = (verdict: FactFinding['verdict']): number => findings.filter((finding) => finding.verdict === verdict).length;
  const head = `${scenario}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}: ${count('inside')} facts inside their bands, ${count('outside')} outside, ${count('not measurable')} not measurable`;
  const rows = FACT_GROUPS.flatMap((group) => [
    [`${group}:`],
    ...findings.filter((finding) => finding.group === group).map((finding) => [`  ${finding.name}`, ...cells(finding)]),
  ]);
  const notes = findings.map((finding) => `${finding.name}: ${finding.about}. Band: ${finding.source}.`);
  return [head, '', textTable([['fact', 'target', 'value', '95 % interval', 'runs', 'verdict'], ...rows]), '', ...notes].join('\n');
}

function cells({ target, value, ci95, runs, verdict }: FactFinding): string[] {
  const interval = ci95 === undefined ? '' : `[${short(ci95[0])}, ${short(ci95[1])}]`;
  return [bandText(target), value === undefined ? '' : short(value), interval, String(runs), verdict];
}
