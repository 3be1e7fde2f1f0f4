import { fixed, textTable } from '../../core/text-table.ts';
import type { SkillFigures } from './figures.ts';
import type { Estimate } from './jackknife.ts';
import type { FactorPredictability, Predictability } from './predictability.ts';
import type { Target, TargetFinding } from './targets.ts';

const VOL_POINTS = 100;
const NOTHING = 'every step is too near to the opening, or to a jump of the spot';
/** Misses first: they are what a reader must know. */
const ORDER = ['outside', 'not measurable', 'inside'] as const;

const half = ({ ci95 }: Estimate): number => (ci95[1] - ci95[0]) / 2;
const withError = (estimate: Estimate | undefined, decimals = 3): string =>
  estimate === undefined ? '' : `${fixed(estimate.value, decimals)} ±${fixed(half(estimate), decimals)}`;

function targetText({ low, high }: Target): string {
  if (low === undefined) return high === undefined ? '' : `<= ${high}`;
  return high === undefined ? `>= ${low}` : `${low} to ${high}`;
}

type Row = readonly [name: string, byRegime: boolean, figure: (row: SkillFigures) => Estimate | undefined];

/** Rows of R²: what they are called, whether they are shown by regime, and where they come from. */
const SKILLS: readonly Row[] = [
  ['state, truth known', true, (row) => row.stateR2],
  ['state, from the tracked mid', false, (row) => row.r2.state],
  ['filter', true, (row) => row.r2.filter],
  ['linear', true, (row) => row.r2.linear],
  ['own lags', false, (row) => row.r2['own-lags']],
  ['ewma', false, (row) => row.r2.ewma],
];
/** Shares of R²: of a world in which nothing can be forecast they say nothing. */
const SHARES: readonly Row[] = [
  ['linear / state', false, (row) => row.linearOfState],
  ['linear / filter', false, (row) => row.linearOfFilter],
  ['own lags / filter', false, (row) => row.ownLagsOfFilter],
];

/** How forecastable a world is, for a terminal: targets with misses first, then R² by who forecasts, leans, and the tracker. */
export function predictabilityText(result: Predictability): string {
  const { scenario, seeds, fitWorlds, fullRuns, steps, stepSeconds, halfLifeSteps, halfSpreadPerVol, levelVol } = result;
  const hours = Number(((steps * stepSeconds) / 3600).toFixed(2));
  const screen =
    halfSpreadPerVol === undefined
      ? 'no screen was seen'
      : `screen's half-spread at 30 days ${fixed(halfSpreadPerVol * levelVol * VOL_POINTS, 3)} vol points`;
  const head = [
    `${scenario}: ${seeds.length} worlds of ${hours} h scored, ${fitWorlds} more for the fits, ${fullRuns} full runs for the view`,
    `inventory half-life ${halfLifeSteps} steps of ${stepSeconds} s; ${screen}; ± is half of a 95 % interval over worlds`,
    ...(result.isControl ? ['no pressure was seen: nothing should be forecastable'] : []),
  ].join('\n');
  return [head, ...result.factors.flatMap((factor) => factorText(factor, result))].join('\n\n');
}

function factorText(factor: FactorPredictability, result: Predictability): string[] {
  const targets = `${factor.factor}: ${countsText(factor.targets)}\n${targetTable(factor.targets)}`;
  if (factor.skill.length === 0) return [targets, `nothing was scored: ${NOTHING}`];
  return [targets, skillTable(factor, result.isControl), leanTable(factor, result)];
}

function countsText(targets: readonly TargetFinding[]): string {
  return ORDER.map((verdict) => `${targets.filter((target) => target.verdict === verdict).length} ${verdict}`).join(', ');
}

function targetTable(targets: readonly TargetFinding[]): string {
  const rows = ORDER.flatMap((verdict) => targets.filter((target) => target.verdict === verdict)).map((finding) => [
    finding.name,
    targetText(finding.target),
    finding.value === undefined ? '' : fixed(finding.value, 3),
    finding.ci95 === undefined ? '' : `[${fixed(finding.ci95[0], 3)}, ${fixed(finding.ci95[1], 3)}]`,
    finding.isUnsure === true ? `${finding.verdict}, unsure` : finding.verdict,
  ]);
  return textTable([['', 'target', 'value', '95 %', 'verdict'], ...rows]);
}

function skillTable({ skill }: FactorPredictability, isControl: boolean): string {
  const horizons = [...new Set(skill.map((row) => row.horizon))];
  const regimes = [...new Set(skill.map((row) => row.regime))];
  // With one regime, its rows would repeat those of all.
  const shown = regimes.length > 2 ? regimes : regimes.slice(0, 1);
  const body = (isControl ? SKILLS : [...SKILLS, ...SHARES]).flatMap(([name, byRegime, figure]) =>
    (byRegime ? shown : shown.slice(0, 1)).map((regime) => {
      const rows = horizons.map((horizon) => skill.find((row) => row.horizon === horizon && row.regime === regime));
      return [regime === 'all' ? name : `${name}, ${regime}`, ...rows.map((row) => (row === undefined ? '' : withError(figure(row))))];
    }),
  );
  return textTable([['R2 by steps ahead', ...horizons.map(String)], ...body]);
}

function leanTable({ factor, leans, tracker }: FactorPredictability, { levelVol }: Predictability): string {
  const isLevel = factor === 'level';
  const unit = (value: number): string => (isLevel ? fixed(value * levelVol * VOL_POINTS, 3) : value.toExponential(2));
  const regimes = new Set(leans.map(({ regime }) => regime)).size;
  const rows = leans
    .filter(({ regime, forecast }) => regime === 'all' || (regimes > 2 && forecast !== 'own-lags'))
    .map(({ regime, forecast, rms, overHalfSpread, clipped, slope }) => [
      regime === 'all' ? forecast : `${forecast}, ${regime}`,
      unit(rms),
      ...(isLevel ? [withError(overHalfSpread), clipped === undefined ? '' : `${fixed(100 * clipped.value, 1)} %`] : []),
      withError(slope, 2),
    ]);
  const heads = isLevel ? ['vol points', 'over half-spread', 'clipped', 'slope'] : [factor, 'slope'];
  const table = textTable([['rms lean', ...heads], ...rows]);
  if (tracker === undefined) return table;
  const error = `tracker: error ${unit(tracker.errorSd.value)}${isLevel ? ' vol points' : ''}`;
  const errorLag = `its autocorrelation at 1 step ${withError(tracker.errorAutocorrelation, 2)}`;
  const p = tracker.whitenessP === undefined ? '' : `, whiteness p ${fixed(tracker.whitenessP, 3)}`;
  return `${table}\n${error}, ${errorLag}; of its innovations ${withError(tracker.innovationAutocorrelation, 2)}${p}`;
}
