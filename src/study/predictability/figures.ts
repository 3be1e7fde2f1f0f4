import { type Estimate, jackknife } from './jackknife.ts';
import { FORECASTS, type ForecastName, ScoreReader } from './scores.ts';

/** Skill about one factor at one horizon, for origins in one regime. All R² but the first are against the random walk from the tracked factor. */
export interface SkillFigures {
  /** Forecast steps ahead; `path` is the path over all horizons, discounted as a maker's lean is. */
  readonly horizon: number | 'path';
  /** Regime at the origin, or `all`. */
  readonly regime: string;
  readonly origins: number;
  /** Root-mean-square true change, in the factor's unit. */
  readonly changeSd: number;
  /** Of one who knows the hidden state: against no change from the truth now. */
  readonly stateR2: Estimate | undefined;
  /** R² by who forecasts. */
  readonly r2: Readonly<Record<ForecastName, Estimate | undefined>>;
  /** Shares of R²; left out where the one below the line may be 0. */
  readonly linearOfState?: Estimate;
  readonly linearOfFilter?: Estimate;
  readonly ownLagsOfFilter?: Estimate;
  /** Differences of R² that should not be above, and not below 0. */
  readonly filterOverState: Estimate | undefined;
  readonly filterOverLinear: Estimate | undefined;
}

/** How far a maker would lean. */
export interface LeanFigures {
  readonly regime: string;
  readonly forecast: ForecastName;
  /** Root-mean-square discounted path, in the factor's unit, and over the half-spread of a screen at 30 days. */
  readonly rms: number;
  readonly overHalfSpread: Estimate | undefined;
  /** Share of leans beyond one half-spread. */
  readonly clipped: Estimate | undefined;
  /** Slope of the discounted path as it came on the lean: 1 where the lean is neither too bold nor too shy. */
  readonly slope: Estimate | undefined;
}

/** Sums of all scored worlds, and how to read them. */
export interface Scored {
  readonly runs: readonly Readonly<Float64Array>[];
  readonly horizonsSteps: readonly number[];
  readonly regimes: readonly string[];
  readonly halfSpread: number | undefined;
}

/** All regimes together, then each of them, as far as origins were scored. */
function groups({ runs, horizonsSteps, regimes }: Scored): { readonly name: string; readonly indices: readonly number[] }[] {
  const total = totals(runs);
  return [{ name: 'all', indices: regimes.map((_, i) => i) }, ...regimes.map((name, index) => ({ name, indices: [index] }))].filter(
    ({ indices }) => new ScoreReader(total, horizonsSteps.length, 0, indices).origins > 0,
  );
}

/** Skill by regime and horizon. */
export function skillFigures(scored: Scored): SkillFigures[] {
  const horizons = [...scored.horizonsSteps, 'path' as const];
  return groups(scored).flatMap(({ name, indices }) =>
    horizons.map((horizon, h): SkillFigures => {
      const read = (sums: Float64Array): ScoreReader => new ScoreReader(sums, scored.horizonsSteps.length, h, indices);
      const estimate = (figure: (reader: ScoreReader) => number): Estimate | undefined =>
        jackknife(scored.runs, (sums) => {
          const reader = read(sums);
          return reader.origins > 0 ? figure(reader) : undefined;
        });
      const total = read(totals(scored.runs));
      const r2 = Object.fromEntries(FORECASTS.map((forecast) => [forecast, estimate((reader) => reader.r2(forecast))])) as Record<
        ForecastName,
        Estimate | undefined
      >;
      const share = (above: ForecastName, below: ForecastName): Estimate | undefined => {
        const low = r2[below]?.ci95[0];
        return low !== undefined && low > 0 ? estimate((reader) => reader.r2(above) / reader.r2(below)) : undefined;
      };
      return {
        horizon,
        regime: name,
        origins: total.origins,
        changeSd: total.changeSd,
        stateR2: estimate((reader) => reader.stateR2),
        r2,
        ...given('linearOfState', share('linear', 'state')),
        ...given('linearOfFilter', share('linear', 'filter')),
        ...given('ownLagsOfFilter', share('own-lags', 'filter')),
        filterOverState: estimate((reader) => reader.r2('filter') - reader.r2('state')),
        filterOverLinear: estimate((reader) => reader.r2('filter') - reader.r2('linear')),
      };
    }),
  );
}

/** Leans by regime, for those who forecast; the average is left out. */
export function leanFigures(scored: Scored): LeanFigures[] {
  const { runs, horizonsSteps, halfSpread } = scored;
  return groups(scored).flatMap(({ name, indices }) =>
    FORECASTS.filter((forecast) => forecast !== 'ewma').map((forecast): LeanFigures => {
      const read = (sums: Float64Array): ScoreReader => new ScoreReader(sums, horizonsSteps.length, horizonsSteps.length, indices);
      const estimate = (figure: (reader: ScoreReader) => number | undefined): Estimate | undefined =>
        jackknife(runs, (sums) => (read(sums).origins > 0 ? figure(read(sums)) : undefined));
      return {
        regime: name,
        forecast,
        rms: read(totals(runs)).rms(forecast),
        overHalfSpread: halfSpread === undefined ? undefined : estimate((reader) => reader.rms(forecast) / halfSpread),
        clipped: halfSpread === undefined ? undefined : estimate((reader) => reader.clipped(forecast)),
        slope: estimate((reader) => reader.slope(forecast)),
      };
    }),
  );
}

function totals(runs: readonly Readonly<Float64Array>[]): Float64Array {
  const total = new Float64Array(runs[0]?.length ?? 0);
  for (const run of runs) for (let i = 0; i < total.length; i += 1) total[i] = (total[i] ?? 0) + (run[i] ?? 0);
  return total;
}

function given<K extends string>(key: K, estimate: Estimate | undefined): { readonly [P in K]?: Estimate } {
  return (estimate === undefined ? {} : { [key]: estimate }) as { readonly [P in K]?: Estimate };
}
