import { FEATURES } from '../../forecast/features.ts';
import type { Forecast, Forecaster, ForecasterModel } from '../../forecast/forecaster.ts';
import type { OracleKind } from '../../forecast/forecaster-kinds.ts';
import { BURN_IN_ROWS } from '../../forecast/lstm/scaling.ts';
import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { OracleLaw } from './oracle-law.ts';
import { PathLaw } from './path-law.ts';
import { SizeWeights } from './print-sizes.ts';
import { filterInto, forecastInto, placeOf } from './replay.ts';
import { StateFilter } from './state-filter.ts';
import { StepTape } from './step-tape.ts';
import { SurfaceFilter } from './surface-filter.ts';
import { type SeenStep, STATE, STATES } from './surface-state.ts';

/** The hidden state as it is now: only for a forecaster of kind `state` (decision 20). */
export interface HiddenView {
  regime(): number;
  factor(index: number): number;
  pressure(index: number): number;
  memory(): number;
  excitation(): number;
}

const RETURN = FEATURES.indexOf('return');

/** The oracle of a kind in one market. `filter` needs no view: it sees what its maker sees. */
export function oracleModel(kind: OracleKind, law: OracleLaw, view: HiddenView): ForecasterModel {
  const path = new PathLaw(law.surface, law.horizonsSteps);
  const horizonsSeconds = law.horizonsSteps.map((steps) => steps * law.stepSeconds);
  return {
    kind,
    stepSeconds: law.stepSeconds,
    horizonsSeconds,
    features: FEATURES,
    warmupSteps: BURN_IN_ROWS + 1,
    start: () => (kind === 'filter' ? new FilterOracle(law, path, horizonsSeconds) : new StateOracle(law, path, horizonsSeconds, view)),
  };
}

/** What both have in common: the forecast, and the burn-in of all others. */
abstract class Oracle implements Forecaster {
  protected readonly change: Float64Array;
  readonly #scale: Float64Array;
  readonly #scales: readonly (readonly number[])[];
  readonly #forecast: Forecast;
  readonly #tape: StepTape;
  #rowsSeen = 0;

  constructor(law: OracleLaw, horizonsSeconds: readonly number[], scales: readonly (readonly number[])[]) {
    this.#tape = new StepTape(new SizeWeights(law.surface.sizes));
    this.change = new Float64Array(horizonsSeconds.length * FACTOR_COUNT);
    this.#scale = new Float64Array(this.change.length);
    this.#scales = scales;
    this.#forecast = { horizonsSeconds, change: this.change, scale: this.#scale };
  }

  trade(series: number, contracts: number, theo: TheoChain): void {
    this.#tape.add(series, contracts, theo);
  }

  observe(tracked: Readonly<Float64Array>, row: Readonly<Float64Array>): void {
    const { flow, told, signed, count } = this.#tape;
    const place = this.expect({ tracked, flow, told, signedPrints: signed, prints: count, spotReturn: row[RETURN] ?? 0 });
    this.#tape.clear();
    this.#scale.set(this.#scales[place] ?? []);
    this.#rowsSeen += 1;
  }

  /** Writes the expected changes; returns the regime, by its place in the law. */
  protected abstract expect(seen: SeenStep): number;

  forecast(): Forecast | undefined {
    return this.#rowsSeen > BURN_IN_ROWS ? this.#forecast : undefined;
  }
}

class FilterOracle extends Oracle {
  readonly #filter: SurfaceFilter;
  readonly #regimes: number;

  constructor(law: OracleLaw, path: PathLaw, horizonsSeconds: readonly number[]) {
    super(law, horizonsSeconds, law.filterScale);
    this.#filter = new SurfaceFilter(law.surface, path);
    this.#regimes = law.surface.regimes.length;
  }

  protected expect(seen: SeenStep): number {
    this.#filter.see(seen);
    return filterInto(this.#filter, this.#regimes, this.change);
  }
}

class StateOracle extends Oracle {
  readonly #law: OracleLaw;
  readonly #filter: StateFilter;
  readonly #view: HiddenView;
  readonly #state = new Float64Array(STATES);

  constructor(law: OracleLaw, path: PathLaw, horizonsSeconds: readonly number[], view: HiddenView) {
    super(law, horizonsSeconds, law.stateScale);
    this.#law = law;
    this.#filter = new StateFilter(law.surface, path);
    this.#view = view;
  }

  protected expect(seen: SeenStep): number {
    const state = this.#state;
    const view = this.#view;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      state[STATE.error + f] = (seen.tracked[f] ?? 0) - view.factor(f);
      state[STATE.pressure + f] = view.pressure(f);
    }
    state[STATE.memory] = view.memory();
    state[STATE.excitation] = view.excitation();
    const place = placeOf(this.#law.surface, view.regime());
    this.#filter.see(seen, state, place);
    forecastInto(this.#filter, this.change);
    return place;
  }
}
