import { normalCdf } from '../../core/special.ts';
import { atmVol, FACTOR_COUNT } from '../../pricing/factors.ts';
import { tenorSpread } from '../../pricing/flow-shape.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { median } from '../statistics.ts';
import { type Estimate, jackknife } from './jackknife.ts';

/** How the subject's tracker errs in one factor, on full runs. */
export interface TrackerView {
  /** Root-mean-square error, in the factor's unit. */
  readonly errorSd: Estimate;
  /** Autocorrelation of the error at one step. */
  readonly errorAutocorrelation: Estimate | undefined;
  /** Autocorrelation at one step of the tracker's changes: its innovations times its gain. */
  readonly innovationAutocorrelation: Estimate | undefined;
  /** Chance of a Ljung-Box statistic as large as that of the innovations, were they white. */
  readonly whitenessP: number | undefined;
}

const YEARS_30_DAYS = 30 / 365;
/** Lags of the whiteness test. */
const LAGS = 10;
/** Screens are measured on options with an absolute delta in this range. */
const DELTA = { low: 0.35, high: 0.65 };

interface Seen {
  readonly tracked: number[];
  readonly errors: number[];
}

/** Watches full runs at each forecast step: what the subject's tracker makes of the surface, and how wide the others quote. */
export class ViewWatch {
  /** By run, then factor. */
  readonly #runs: Seen[][] = [];
  /** Half-spreads at 30 days, in vol over the at-the-money vol. */
  readonly #halfSpreads: number[] = [];

  /** Takes a look at a run, at a forecast step. */
  look(sim: Simulation, run: number): void {
    this.#screen(sim);
    const factors = sim.subject.agent.inspect?.().factors;
    if (factors === undefined) return;
    const seen = this.#runs[run] ?? Array.from({ length: FACTOR_COUNT }, () => ({ tracked: [], errors: [] }));
    this.#runs[run] = seen;
    for (const [f, { tracked, errors }] of seen.entries()) {
      tracked.push(factors[f] ?? 0);
      errors.push((factors[f] ?? 0) - sim.world.factor(f));
    }
  }

  /** Books of the expiry nearest to 30 days, near the money, without the subject's orders; put to 30 days by the usual law of tenors. */
  #screen({ scenario, clock, exchange, subject, world }: Simulation): void {
    const { surface, delta, vega } = clock.fair;
    const listed = scenario.chain.options.filter((option) => exchange.lifecycle.listed(option.id));
    const tenor = (expiry: number): number => surface.yearsLeft(expiry) / YEARS_30_DAYS;
    const distance = (expiry: number): number => Math.abs(Math.log(tenor(expiry)));
    const nearest = Math.min(...listed.map((option) => distance(option.expiry)));
    const vol = atmVol(world.factor(0), world.factor(1), YEARS_30_DAYS);
    for (const option of listed) {
      const i = option.id - 1;
      const absolute = Math.abs(delta[i] ?? 0);
      if (distance(option.expiry) > nearest || absolute < DELTA.low || absolute > DELTA.high) continue;
      const book = exchange.book(option.id);
      const bid = book.bestExcluding('buy', subject.id);
      const ask = book.bestExcluding('sell', subject.id);
      if (bid === undefined || ask === undefined || !((vega[i] ?? 0) > 0)) continue;
      const half = ((ask - bid) * option.tickSize) / (2 * (vega[i] ?? 1));
      this.#halfSpreads.push(half / tenorSpread(tenor(option.expiry)) / vol);
    }
  }

  /** Median half-spread of the others at 30 days, over the at-the-money vol; undefined where no two-sided book was seen. */
  get halfSpreadPerVol(): number | undefined {
    return this.#halfSpreads.length === 0 ? undefined : median(this.#halfSpreads);
  }

  /** The tracker in one factor; undefined with fewer than two runs in which it saw a surface. */
  tracker(factor: number): TrackerView | undefined {
    const runs = this.#runs.flatMap((run) => run[factor] ?? []);
    if (runs.length < 2) return undefined;
    const errorSd = jackknife(
      runs.map(({ errors }) => Float64Array.of(errors.length, squares(errors))),
      ([count = 0, square = 0]) => (count > 0 ? Math.sqrt(square / count) : undefined),
    );
    if (errorSd === undefined) return undefined;
    const innovations = runs.map(({ tracked }) => tracked.slice(1).map((value, i) => value - (tracked[i] ?? 0)));
    return {
      errorSd,
      errorAutocorrelation: autocorrelationOver(runs.map(({ errors }) => errors)),
      innovationAutocorrelation: autocorrelationOver(innovations),
      whitenessP: whitenessP(innovations, LAGS),
    };
  }
}

const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
const lagged = (values: readonly number[], lag: number): number =>
  values.slice(lag).reduce((sum, value, i) => sum + value * (values[i] ?? 0), 0);

/** Autocorrelation about 0 at one step. */
function autocorrelationOver(runs: readonly (readonly number[])[]): Estimate | undefined {
  return jackknife(
    runs.map((values) => Float64Array.of(lagged(values, 1), squares(values))),
    ([product = 0, square = 0]) => (square > 0 ? product / square : undefined),
  );
}

/**
 * p-value of the test of Ljung and Box (1978) that values without a mean have no autocorrelation at lags 1 to `lags`, runs kept apart, each lag
 * weighed by its own variance so that changes of volatility do not count as correlation (Diebold 1986). The chi-square tail is by the cube root
 * of Wilson and Hilferty (1931): error below 0.001 from 5 lags on. Undefined where nothing moves.
 */
export function whitenessP(runs: readonly (readonly number[])[], lags: number): number | undefined {
  let statistic = 0;
  for (let lag = 1; lag <= lags; lag += 1) {
    let product = 0;
    let variance = 0;
    for (const values of runs) {
      for (let t = lag; t < values.length; t += 1) {
        const term = (values[t] ?? 0) * (values[t - lag] ?? 0);
        product += term;
        variance += term * term;
      }
    }
    if (!(variance > 0)) return undefined;
    statistic += (product * product) / variance;
  }
  const spread = 2 / (9 * lags);
  return 1 - normalCdf((Math.cbrt(statistic / lags) - 1 + spread) / Math.sqrt(spread));
}
