import { bestDistance } from '../../src/agents/maker/quoting/hamiltonian.ts';
import { gainTable } from './gain-table.ts';
import { type HestonLaw, hestonCall } from './heston.ts';

/** One option of a market in which a maker's risk is vega alone, with constant vegas. */
export interface VegaOption {
  readonly strike: number;
  readonly years: number;
  readonly price: number;
  readonly vega: number;
  /** Contracts per trade. */
  readonly size: number;
  /** Candidates per year. */
  readonly perYear: number;
}

/** The example of Baldacci, Bergault and Guéant (2021): 20 calls, priced and with vegas under the pricing measure. */
export const BBG_LAW: HestonLaw = { kappa: 3, theta: 0.0225, xi: 0.2, rho: -0.5 };
export const BBG_BETA = 150;
export const BBG_RISK_AVERSION = 1e-3;
export const BBG_BOUND = 1e7;
/** Variance of the vol per year: of √v it is ξ²/4. */
export const BBG_VARIANCE = (BBG_LAW.xi * BBG_LAW.xi) / 4;

export function bbgOptions(): VegaOption[] {
  return [1, 1.5, 2, 3].flatMap((years) =>
    [8, 9, 10, 11, 12].map((strike) => {
      const { price, vega } = hestonCall(BBG_LAW, 10, strike, years, 0.0225);
      return { strike, years, price, vega, size: 5e5 / price, perYear: (252 * 30) / (1 + 0.7 * Math.abs(10 - strike)) };
    }),
  );
}

/** What differs from the plain problem. */
export interface VegaTerms {
  readonly options: readonly VegaOption[];
  /** Years until the end, in explicit steps of so many years. */
  readonly years: number;
  readonly step: number;
  readonly points: number;
  /** Fee in vol, the same for all options. */
  readonly fee?: number;
  /** Share of buyers among the candidates. */
  readonly buyers?: number;
  /** Expected move of the vol per year at a time from now. */
  readonly drift?: (years: number) => number;
}

const gain = gainTable(BBG_BETA);

/** A trade on one side of an option, in steps of the grid. */
interface Jump {
  readonly whole: number;
  readonly part: number;
  readonly vega: number;
  readonly perYear: number;
}

/**
 * The maker's problem in the vega of its position V, solved backwards by explicit steps on a grid from −bound to bound (the scheme of the authors):
 *
 *   −∂v/∂t = μ(t) V − ½γΣV² + Σ_i z_i V_i Σ_± λ_i^± h((v(V) − v(V ± z_i V_i))/(z_i V_i) + fee),  v(T) = 0,
 *
 * without trades that would leave the grid; v between its points is linear.
 */
export class VegaProblem {
  readonly #terms: VegaTerms;
  readonly #step: number;
  #v: Float64Array;

  constructor(terms: VegaTerms) {
    this.#terms = terms;
    this.#step = (2 * BBG_BOUND) / (terms.points - 1);
    this.#v = new Float64Array(terms.points);
    const buyers = terms.buyers ?? 0.5;
    // Sellers hit the bid, buyers the offer; `perYear` is the mean of the two.
    const jumps = terms.options.flatMap(({ vega, size, perYear }): Jump[] =>
      ([1, -1] as const).map((side) => {
        const steps = (side * size * vega) / this.#step;
        const whole = Math.floor(steps);
        return { whole, part: steps - whole, vega: size * vega, perYear: 2 * perYear * (side > 0 ? 1 - buyers : buyers) };
      }),
    );
    for (let n = Math.round(terms.years / terms.step) - 1; n >= 0; n -= 1) this.#back((n + 0.5) * terms.step, jumps);
  }

  #back(at: number, jumps: readonly Jump[]): void {
    const { fee = 0, drift, step, points } = this.#terms;
    const before = this.#v;
    const next = new Float64Array(points);
    const mu = drift?.(at) ?? 0;
    for (let n = 0; n < points; n += 1) {
      const vega = n * this.#step - BBG_BOUND;
      const here = before[n] ?? Number.NaN;
      let rate = mu * vega - 0.5 * BBG_RISK_AVERSION * BBG_VARIANCE * vega * vega;
      for (const jump of jumps) {
        const below = n + jump.whole;
        if (below < 0 || below + 1 >= points) continue;
        const [left = Number.NaN, right = Number.NaN] = [before[below], before[below + 1]];
        rate += jump.vega * jump.perYear * gain((here - left - jump.part * (right - left)) / jump.vega + fee);
      }
      next[n] = here + step * rate;
    }
    this.#v = next;
  }

  /** v now. */
  value(vega: number): number {
    const at = Math.min(this.#terms.points - 1.000001, Math.max(0, (vega + BBG_BOUND) / this.#step));
    const below = Math.floor(at);
    return (this.#v[below] ?? 0) + (at - below) * ((this.#v[below + 1] ?? 0) - (this.#v[below] ?? 0));
  }

  /** Where v is largest, on the grid. */
  get best(): number {
    return this.#v.reduce((best, value, n) => (value > (this.#v[best] ?? 0) ? n : best), 0) * this.#step - BBG_BOUND;
  }

  /** Best distance from the fair value of a bid (1) or an offer (−1), in vol points. */
  offset({ vega: own, size }: VegaOption, side: 1 | -1, vega: number): number {
    const jump = size * own;
    return 100 * bestDistance((this.value(vega) - this.value(vega + side * jump)) / jump + (this.#terms.fee ?? 0), BBG_BETA);
  }
}
