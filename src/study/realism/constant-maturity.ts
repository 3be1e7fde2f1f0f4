import { FactorSurface } from '../../pricing/factors.ts';
import { SAMPLED_DAYS } from './market-samples.ts';

const YEAR_DAYS = 365;
const MIDDLE = 1;
/** Normal quantile of 0.75: where delta is 0.25. */
const QUARTER = 0.6744897501960817;
const ROUNDS = 30;

/** The world's surface at constant maturities: at-the-money vols, and the skew at 30 days. Shapes of single expiries are left out. */
export class ConstantMaturity {
  readonly #surface = new FactorSurface(
    SAMPLED_DAYS.map((days) => ({ years: days / YEAR_DAYS, levelRatio: 1, rhoOffset: 0, etaRatio: 1 })),
  );

  update(factors: ArrayLike<number>): void {
    this.#surface.update(factors, 0);
  }

  get atmVols(): [number, number, number] {
    return [this.#surface.vol(0, 0), this.#surface.vol(1, 0), this.#surface.vol(2, 0)];
  }

  /** Vol of the put with delta −0.25 less that of the call with delta 0.25, at 30 days, by forward delta. */
  get skew(): number {
    return this.#quarterDelta(-1) - this.#quarterDelta(1);
  }

  #quarterDelta(side: 1 | -1): number {
    const years = this.#surface.yearsLeft(MIDDLE);
    return quarterDeltaVol(side, years, this.#surface.vol(MIDDLE, 0), (k) => this.#surface.vol(MIDDLE, k)).vol;
  }
}

/**
 * Vol and log-moneyness of the option with forward delta ±0.25 on a smile: d1 = ∓0.674 at k = σ²T/2 ± 0.674 σ√T, solved by iterating on
 * σ, which the smile's slope makes a contraction.
 */
export function quarterDeltaVol(
  side: 1 | -1,
  years: number,
  atmVol: number,
  volAt: (k: number) => number,
): { readonly k: number; readonly vol: number } {
  let [k, vol] = [0, atmVol];
  for (let round = 0; round < ROUNDS; round += 1) {
    k = (vol * vol * years) / 2 + side * QUARTER * vol * Math.sqrt(years);
    vol = volAt(k);
  }
  return { k, vol };
}
