import { forecastLean } from '../../agents/maker/quoting/forecast-lean.ts';
import { FACTOR_COUNT, FACTORS } from '../../pricing/factors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ForecasterCatalog } from '../../sim/forecasters.ts';
import { measureObservation, type ObservationModel } from '../observation-model.ts';
import { type LeanFigures, leanFigures, type SkillFigures, skillFigures } from './figures.ts';
import { ForecastFits } from './forecast-fits.ts';
import { type RecordedWorld, recordedWorld } from './recorded-world.ts';
import { scoreSums } from './scores.ts';
import { switchingLaw } from './switching-law.ts';
import { type TargetFinding, targetFindings } from './targets.ts';
import { type TrackerView, ViewWatch } from './view-watch.ts';

/** What is measured, and on how many worlds. */
export interface PredictabilityTerms {
  /** Seeds of the worlds that are scored: the units of the intervals. At least two. */
  readonly seeds: readonly string[];
  /** Worlds at seeds of training that only the fits see. */
  readonly fitWorlds: number;
  /** Full runs on which the tracker and the screen are measured. */
  readonly fullRuns: number;
  /** Half-life of inventory, by which a forecast path is discounted. */
  readonly halfLifeMinutes: number;
  /** Indices of the factors. */
  readonly factors: readonly number[];
}

/** One factor of a world: who can forecast how much of it. */
export interface FactorPredictability {
  readonly factor: string;
  readonly tracker: TrackerView | undefined;
  readonly skill: readonly SkillFigures[];
  readonly leans: readonly LeanFigures[];
  readonly targets: readonly TargetFinding[];
}

/** How forecastable the surface of a scenario's world is. */
export interface Predictability {
  readonly scenario: string;
  readonly seeds: readonly string[];
  readonly fitWorlds: number;
  readonly fullRuns: number;
  readonly stepSeconds: number;
  readonly steps: number;
  readonly halfLifeSteps: number;
  /** Half-spread of the screen at 30 days over the at-the-money vol; undefined where no book was seen. */
  readonly halfSpreadPerVol: number | undefined;
  /** Root-mean-square vol at 30 days of the scored worlds, which turns changes of the level into vol. */
  readonly levelVol: number;
  /** True where no pressure was ever seen. */
  readonly isControl: boolean;
  readonly factors: readonly FactorPredictability[];
}

const SECONDS_PER_YEAR = 31_536_000;
const LEVEL = 0;
/** Share of the work that goes to full runs, then to worlds; the rest to scores. */
const SHARES = { views: 0.4, worlds: 0.5 } as const;

/**
 * Measures how forecastable the surface of a scenario's world is, and for whom. The view of a maker is measured on full runs, whose subject should
 * forecast with the random walk (decision 15); all else on worlds without books. Linear models and the law of the filter are fitted on other worlds
 * than they are scored on: the scored worlds are split in two, and each half is scored by what was fitted on the other half and on worlds at seeds of
 * training. Yields which share is done.
 *
 * @throws InputError when the subject never saw a surface.
 */
export function* predictability(
  scenario: Scenario,
  terms: PredictabilityTerms,
  forecasters: ForecasterCatalog,
): Generator<number, Predictability> {
  const { stepSeconds } = scenario.forecast;
  const halfLifeSteps = Math.max(1, Math.round((terms.halfLifeMinutes * 60) / stepSeconds));
  const horizonsSteps = [...new Set([...scenario.forecast.horizonsSteps, halfLifeSteps])].sort((a, b) => a - b);
  const steps = Math.floor(scenario.durationSeconds / stepSeconds);
  const recordedSteps = steps + Math.max(...horizonsSteps);

  const watch = new ViewWatch();
  const viewSeeds = Array.from({ length: terms.fullRuns }, (_, i) => `train/observation/${i + 1}`);
  const views = measureObservation(scenario, viewSeeds, forecasters, (sim, run) => watch.look(sim, run));
  let view = views.next();
  for (; view.done !== true; view = views.next()) yield SHARES.views * view.value;
  const observation = view.value;

  const record = (seed: string): RecordedWorld => recordedWorld(scenario, seed, observation, recordedSteps);
  const count = terms.fitWorlds + terms.seeds.length;
  const others: RecordedWorld[] = [];
  for (let n = 0; n < terms.fitWorlds; n += 1) {
    others.push(record(`train/predictability/${n}`));
    yield SHARES.views + (SHARES.worlds * (n + 1)) / count;
  }
  const scored: RecordedWorld[] = [];
  for (const [n, seed] of terms.seeds.entries()) {
    scored.push(record(seed));
    yield SHARES.views + (SHARES.worlds * (terms.fitWorlds + n + 1)) / count;
  }

  const isControl = scored.every((world) => world.pressure.every((value) => value === 0));
  const factors: FactorPredictability[] = [];
  for (const [n, factor] of terms.factors.entries()) {
    const worlds = { scored, others, regimes: scenario.world.regimes.map((regime) => regime.name), horizonsSteps };
    const weights = pathWeights(scenario, horizonsSteps, halfLifeSteps);
    const halfSpread = factor === LEVEL ? watch.halfSpreadPerVol : undefined;
    const runs = scores(worlds, factor, observation, weights, halfSpread);
    const sums = { runs, horizonsSteps, regimes: worlds.regimes, halfSpread };
    const measured = {
      skill: skillFigures(sums),
      leans: leanFigures(sums),
      tracker: watch.tracker(factor),
      isLevel: factor === LEVEL,
      halfSpread,
      halfLifeSteps,
      isControl,
    };
    const { skill, leans, tracker } = measured;
    factors.push({ factor: FACTORS[factor] ?? '', tracker, skill, leans, targets: targetFindings(measured) });
    yield SHARES.views + SHARES.worlds + ((1 - SHARES.views - SHARES.worlds) * (n + 1)) / terms.factors.length;
  }
  return {
    scenario: scenario.name,
    seeds: terms.seeds,
    fitWorlds: terms.fitWorlds,
    fullRuns: terms.fullRuns,
    stepSeconds,
    steps,
    halfLifeSteps,
    halfSpreadPerVol: watch.halfSpreadPerVol,
    levelVol: levelVol(scored),
    isControl,
    factors,
  };
}

interface Worlds {
  readonly scored: readonly RecordedWorld[];
  readonly others: readonly RecordedWorld[];
  readonly regimes: readonly string[];
  readonly horizonsSteps: readonly number[];
}

/** Sums of each scored world, each half by fits that have not seen it. */
function scores(
  { scored, others, regimes, horizonsSteps }: Worlds,
  factor: number,
  observation: ObservationModel,
  weights: readonly number[],
  halfSpread: number | undefined,
): Float64Array[] {
  const sums: Float64Array[] = scored.map(() => new Float64Array());
  for (const half of [0, 1]) {
    const unseen = [...others, ...scored.filter((_, i) => i % 2 !== half)];
    const fits = new ForecastFits(factor, regimes.length, horizonsSteps);
    for (const world of unseen) fits.add(world);
    const law = switchingLaw(unseen, regimes.length, factor, observation);
    for (const [i, world] of scored.entries())
      if (i % 2 === half) sums[i] = scoreSums(world, { factor, regimes: regimes.length, fits, law, pathWeights: weights, halfSpread });
  }
  return sums;
}

/** Weight of each horizon's forecast in the lean: that of the scenario's own horizons, by the maker's own formula; of others 0. */
export function pathWeights(scenario: Scenario, horizonsSteps: readonly number[], halfLifeSteps: number): number[] {
  const { stepSeconds, horizonsSteps: own } = scenario.forecast;
  const kappa = (Math.LN2 / (halfLifeSteps * stepSeconds)) * SECONDS_PER_YEAR;
  const horizonsSeconds = own.map((ahead) => ahead * stepSeconds);
  const lean = new Float64Array(FACTOR_COUNT);
  return horizonsSteps.map((ahead) => {
    const change = new Float64Array(own.length * FACTOR_COUNT);
    const at = own.indexOf(ahead);
    if (at < 0) return 0;
    change[at * FACTOR_COUNT] = 1;
    return forecastLean({ horizonsSeconds, change, scale: new Float64Array(change.length).fill(1) }, kappa, lean)[0] ?? 0;
  });
}

function levelVol(worlds: readonly RecordedWorld[]): number {
  let sum = 0;
  let count = 0;
  for (const world of worlds) {
    for (let step = 0; step < world.steps; step += 1) sum += Math.exp(2 * (world.truth[step * FACTOR_COUNT + LEVEL] ?? 0));
    count += world.steps;
  }
  return Math.sqrt(sum / Math.max(1, count));
}
