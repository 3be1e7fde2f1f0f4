import { invariant } from '../../core/assert.ts';
import { fixed, textTable, wrapped } from '../../core/text-table.ts';
import { percent } from './evaluation-text.ts';
import { type AuditCheck, type AuditData, type AuditProblem, alteredSpan, auditProblems } from './leakage-problems.ts';
import { lossSkill, type Skill } from './loss-ratio.ts';
import { originsOf } from './origins.ts';

/** One more known step of h is worth about 1/h of the outcome's variance: R² must rise by this part of that. */
const STEP_SHARE = 0.1;
/** A random walk must look like one to this, over at least so many forecasts. */
const WALK_R2 = 0.003;
const WALK_FORECASTS = 20_000;
/** Forecasts of an altered and an unaltered future may differ by rounding: this share of their root mean square. */
const ROUNDING = 1e-9;

/** What came of one check. */
export interface AuditFinding {
  readonly check: AuditCheck;
  readonly verdict: 'passed' | 'failed' | 'not measurable';
  /** R² of the run against forecasts of 0. Absent for the altered future. */
  readonly r2?: Skill;
  /** What was seen and what it means. */
  readonly says: string;
}

/**
 * A pipeline under audit: fits on the past and forecasts, walking forward as it does in earnest. One forecast of the target per origin, NaN where
 * none is made (the first training span).
 */
export type AuditedFit = (data: AuditData) => Float64Array;

/** Runs a pipeline on everything that {@link auditProblems} makes and says what came of it. @param randomWalk see there. */
export function leakageAudit(data: AuditData, fit: AuditedFit, randomWalk?: AuditData): AuditFinding[] {
  const problems = auditProblems(data, randomWalk);
  return auditFindings(
    problems,
    problems.map((problem) => fit(problem.data)),
  );
}

/**
 * What the forecasts of a pipeline on each problem tell of leaks. For pipelines that have to be waited for: run them on {@link auditProblems}
 * and hand the forecasts over, in order.
 *
 * - permuted targets: R² significantly above 0 is a pipeline that has seen its answers.
 * - shifted features: what the next step knows must help, R² rise by 0.1/h at least; where it does not, it was known already. Not seen: a leak of a small
 *   part of the outcome.
 * - altered future: forecasts before the cut must be the same to the last digits. This finds scalers, early stopping, flags
 *   and labels that look ahead, however little they help.
 * - random walk: |R²| ≤ 0.3 % over 20,000 forecasts or more; above is a leak, below a pipeline that fits noise.
 */
export function auditFindings(problems: readonly AuditProblem[], forecasts: readonly Float64Array[]): AuditFinding[] {
  invariant(problems.length === forecasts.length, 'each problem needs its forecasts');
  const [original, before] = [problems[0], forecasts[0]];
  invariant(original?.check === 'as it is' && before !== undefined, 'an audit begins with the data as they are');
  return problems.map(({ check, data }, i) => {
    const forecast = forecasts[i] ?? new Float64Array();
    invariant(forecast.length === data.targets.length, () => `${check}: one forecast per origin, NaN where there is none`);
    const r2 = skill(data, forecast);
    return FINDINGS[check]({ r2, plain: skill(original.data, before), gain: skill(data, forecast, before), data, before, forecast });
  });
}

/** What findings are made from. */
interface Evidence {
  readonly r2: Skill | undefined;
  /** R² of the pipeline as it is, and that of this run against its forecasts. */
  readonly plain: Skill | undefined;
  readonly gain: Skill | undefined;
  readonly data: AuditData;
  readonly before: Float64Array;
  readonly forecast: Float64Array;
}

const FINDINGS: Readonly<Record<AuditCheck, (evidence: Evidence) => AuditFinding>> = {
  'as it is': ({ r2 }) => ({
    check: 'as it is',
    verdict: r2 === undefined ? 'not measurable' : 'passed',
    ...(r2 === undefined ? {} : { r2 }),
    says: 'the pipeline as it is',
  }),
  'permuted targets': ({ r2 }) => permuted(r2),
  'shifted features': ({ r2, plain, gain, data }) => shifted(r2, plain, gain, data.horizonSteps),
  'altered future': ({ data, before, forecast }) => altered(data, before, forecast),
  'random walk': ({ r2 }) => walked(r2),
};

function permuted(r2: Skill | undefined): AuditFinding {
  const check = 'permuted targets';
  if (r2 === undefined) return { check, verdict: 'not measurable', says: 'no forecast was made' };
  const failed = r2.ci95[0] > 0;
  const says = failed
    ? 'targets without any order are forecast: the fit has seen what it is tested on'
    : 'targets without any order are not forecast';
  return { check, verdict: failed ? 'failed' : 'passed', r2, says };
}

function shifted(own: Skill | undefined, plain: Skill | undefined, gain: Skill | undefined, steps: number): AuditFinding {
  const check = 'shifted features';
  if (own === undefined || plain === undefined || gain === undefined)
    return { check, verdict: 'not measurable', says: 'no forecast was made' };
  const rise = own.value - plain.value;
  const passed = gain.ci95[0] > 0 && rise >= STEP_SHARE / steps;
  const says = passed
    ? `the next step knows more: R2 rises by ${percent(rise)} points`
    : `the next step should know much more, yet R2 changes by ${percent(rise)} points only: its features are known already, or are not used`;
  return { check, verdict: passed ? 'passed' : 'failed', r2: own, says };
}

function altered(data: AuditData, before: Float64Array, after: Float64Array): AuditFinding {
  const check = 'altered future';
  const { from, cut } = alteredSpan(data);
  let compared = 0;
  let squares = 0;
  let farthest = 0;
  for (let i = from; i < cut; i += 1) {
    const [own, other] = [before[i] ?? Number.NaN, after[i] ?? Number.NaN];
    if (Number.isNaN(own) && Number.isNaN(other)) continue;
    compared += 1;
    squares += own * own;
    farthest = Math.max(farthest, Number.isNaN(own - other) ? Infinity : Math.abs(own - other));
  }
  if (compared === 0) return { check, verdict: 'not measurable', says: 'no forecast was made before the cut' };
  const size = Math.sqrt(squares / compared);
  const failed = farthest > ROUNDING * size;
  const says = failed
    ? `forecasts before origin ${cut + 1} change with what comes after it, by up to ${farthest.toExponential(1)}; their root mean square is ${size.toExponential(1)}`
    : `${compared} forecasts before origin ${cut + 1} are the same whatever comes after it`;
  return { check, verdict: failed ? 'failed' : 'passed', says };
}

function walked(r2: Skill | undefined): AuditFinding {
  const check = 'random walk';
  if (r2 === undefined) return { check, verdict: 'not measurable', says: 'no forecast was made' };
  if (r2.n < WALK_FORECASTS)
    return {
      check,
      verdict: 'not measurable',
      r2,
      says: `${r2.n} forecasts are too few to tell 0.3 % from 0; ${WALK_FORECASTS} are needed`,
    };
  const says =
    r2.value > WALK_R2
      ? 'a random walk is forecast: something leaks'
      : r2.value < -WALK_R2
        ? 'noise of a random walk is fitted: nothing leaks by this, but the pipeline is too free'
        : 'a random walk looks like one';
  return { check, verdict: Math.abs(r2.value) <= WALK_R2 ? 'passed' : 'failed', r2, says };
}

/** R² over the origins that have a forecast, against forecasts of 0 or others. */
function skill({ targets, block, horizonSteps }: AuditData, forecast: ArrayLike<number>, benchmark?: ArrayLike<number>): Skill | undefined {
  const loss = new Float64Array(targets.length);
  const other = new Float64Array(targets.length);
  const member = new Uint8Array(targets.length);
  for (let i = 0; i < targets.length; i += 1) {
    const truth = targets[i] ?? 0;
    const [own, theirs] = [forecast[i] ?? Number.NaN, benchmark === undefined ? 0 : (benchmark[i] ?? Number.NaN)];
    if (!Number.isFinite(own) || !Number.isFinite(theirs)) continue;
    member[i] = 1;
    loss[i] = (truth - own) * (truth - own);
    other[i] = (truth - theirs) * (truth - theirs);
  }
  return lossSkill(loss, other, originsOf(block, horizonSteps), member);
}

/** An audit for a terminal, failures first. */
export function auditText(findings: readonly AuditFinding[]): string {
  const order = ['failed', 'not measurable', 'passed'] as const;
  const rows = order
    .flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict && finding.check !== 'as it is'))
    .map(({ check, verdict, r2 }) => [
      check,
      verdict,
      r2 === undefined ? '' : percent(r2.value),
      r2 === undefined ? '' : `[${percent(r2.ci95[0])}, ${percent(r2.ci95[1])}]`,
      r2 === undefined ? '' : fixed(r2.n, 0),
    ]);
  const plain = findings.find(({ check }) => check === 'as it is')?.r2;
  const head = plain === undefined ? 'leakage audit' : `leakage audit; R2 as it is ${percent(plain.value)} % over ${plain.n} forecasts`;
  const says = findings
    .filter(({ check, verdict }) => check !== 'as it is' && verdict !== 'passed')
    .map((finding) => wrapped(`${finding.check}: ${finding.says}`, 118));
  return [head, textTable([['check', 'verdict', 'R2 %', '95 %', 'forecasts'], ...rows]), ...says].join('\n');
}
