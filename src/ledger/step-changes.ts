import type { InstrumentId } from '../core/units.ts';
import type { Chain, Expiry } from '../market/chain.ts';
import type { ExpiryConditions, ExpiryStrikes } from '../pricing/chain-greeks.ts';
import { ChainPrices } from '../pricing/chain-prices.ts';
import { FACTOR_COUNT, FactorSurface } from '../pricing/factors.ts';
import { SecondOrder } from '../pricing/second-order.ts';
import type { Slice } from '../pricing/ssvi.ts';
import type { TheoChain, ValuationTerms } from '../pricing/theo.ts';

/** The world at the end of a step, as the accounts see it; borrowed. */
export interface StepMarks {
  /** The chain at its true values. */
  readonly theo: TheoChain;
  readonly factors: Readonly<Float64Array>;
  /** Years since the opening. */
  readonly nowYears: number;
  /** Fair value of the perpetual, dollars; the spot where there is no basis. */
  readonly perpetual: number;
  /** True when the spot or the surface jumped on the way here. */
  readonly jumped: boolean;
}

/** What the change of a series over a step is divided into, in the order of the causes; the residual comes last. */
export const STEP_PARTS = ['delta', 'gamma', 'theta', 'level', 'slope', 'skew', 'curvature', 'vanna', 'volga', 'jump', 'residual'] as const;
type StepPart = (typeof STEP_PARTS)[number];
const COUNT = STEP_PARTS.length;
const AT = Object.fromEntries(STEP_PARTS.map((part, index) => [part, index])) as Readonly<Record<StepPart, number>>;
/** What a jump leaves empty. */
const TAYLOR = STEP_PARTS.flatMap((part, index) => (part === 'theta' || part === 'jump' || part === 'residual' ? [] : [index]));

/**
 * How the fair values of a chain changed over a step of the world, and why. Spot S and factors x move first, then time t passes:
 *
 *   V(S₁, x₁, t₁) − V(S₀, x₀, t₀) = [V(S₁, x₁, t₀) − V(S₀, x₀, t₀)] + [V(S₁, x₁, t₁) − V(S₁, x₁, t₀)].
 *
 * The last bracket is `theta`, exact, so that no order of time and none of its products with the rest is left over. The first is taken apart by
 * Taylor's formula with first and second derivatives at the start ({@link SecondOrder}); what these leave is the `residual`, of the third
 * order in the move. In a step with a jump the first bracket is `jump`, undivided.
 * Accuracy: test/ledger/step-changes.test.ts.
 */
export class StepChanges {
  /** Dollars per unit, a column for each of {@link STEP_PARTS}: `part · series + i`. Borrowed until the next {@link move}. */
  readonly parts: Float64Array;
  readonly #chain: Chain;
  readonly #surface: FactorSurface;
  readonly #second: SecondOrder;
  /** Index of each expiry's first strike. */
  readonly #first: readonly number[];
  readonly #logStrikes: Float64Array;
  readonly #price: Float64Array;
  readonly #delta: Float64Array;
  readonly #exposures: Float64Array;
  /** The start of a step, as the second order takes it. */
  readonly #from: {
    readonly slices: Slice[];
    readonly smileYears: Float64Array;
    readonly factors: Float64Array;
    readonly years: Float64Array;
    readonly forward: Float64Array;
    readonly vol: Float64Array;
    readonly vega: Float64Array;
  };
  readonly #move = { spotReturn: 0, factors: new Float64Array(FACTOR_COUNT) };
  /** Values after spot and factors have moved, with the time that was, and what each expiry is valued at. */
  readonly #moved: ChainPrices;
  readonly #conditions: readonly (ExpiryStrikes & ExpiryConditions & { years: number; spot: number; readonly vols: Float64Array })[];
  #nowYears = 0;
  #spot = 0;
  #perpetual = 0;

  constructor(chain: Chain, { rate, tenors }: ValuationTerms) {
    const n = chain.options.length;
    this.#chain = chain;
    this.#surface = new FactorSurface(tenors);
    this.#second = new SecondOrder(chain, tenors);
    this.#first = chain.expiries.map(({ index }) => chain.options.findIndex((option) => option.expiry === index) / 2);
    this.#logStrikes = Float64Array.from({ length: n / 2 }, (_, i) => Math.log(chain.options[2 * i]?.strike ?? Number.NaN));
    this.parts = new Float64Array(n * COUNT);
    this.#price = new Float64Array(n);
    this.#delta = new Float64Array(n);
    this.#exposures = new Float64Array(n * FACTOR_COUNT);
    this.#moved = new ChainPrices(n / 2);
    this.#conditions = chain.expiries.map(({ strikes, carry }) => {
      return { years: 0, strikes, spot: 0, rate, yield: rate - carry, vols: new Float64Array(strikes.length) };
    });
    this.#from = {
      slices: chain.expiries.map(() => ({ theta: 1, rho: 0, psi: 1 })),
      smileYears: new Float64Array(chain.expiries.length),
      factors: new Float64Array(FACTOR_COUNT),
      years: new Float64Array(chain.expiries.length),
      forward: new Float64Array(chain.expiries.length),
      vol: new Float64Array(n),
      vega: new Float64Array(n),
    };
  }

  /** Takes the end of a step as the start of the next. */
  keep({ theo, factors, nowYears, perpetual }: StepMarks): void {
    const from = this.#from;
    this.#price.set(theo.price);
    this.#delta.set(theo.delta);
    this.#exposures.set(theo.exposures);
    from.factors.set(factors);
    from.vol.set(theo.vol);
    from.vega.set(theo.vega);
    from.forward.set(theo.forward);
    for (const { index, years } of this.#chain.expiries) {
      from.years[index] = Math.max(0, years - nowYears);
      from.smileYears[index] = theo.surface.yearsLeft(index);
      const kept = from.slices[index];
      const slice = theo.surface.slices[index];
      if (kept === undefined || slice === undefined) continue;
      kept.theta = slice.theta;
      kept.rho = slice.rho;
      kept.psi = slice.psi;
    }
    this.#nowYears = nowYears;
    this.#spot = theo.spot;
    this.#perpetual = perpetual;
  }

  /** Fair value in dollars per unit of the underlying, as of the last {@link keep}. */
  fair(instrument: InstrumentId): number {
    return instrument === this.#chain.underlying.id ? this.#perpetual : (this.#price[instrument - 1] ?? 0);
  }

  /** Delta per unit, as of the last {@link keep}. */
  delta(instrument: InstrumentId): number {
    return instrument === this.#chain.underlying.id ? 1 : (this.#delta[instrument - 1] ?? 0);
  }

  /** Change of a series per unit of a factor, dollars per unit of the underlying; as of the last {@link keep}. */
  exposure(instrument: InstrumentId, factor: number): number {
    return instrument === this.#chain.underlying.id ? 0 : (this.#exposures[(instrument - 1) * FACTOR_COUNT + factor] ?? 0);
  }

  /** Moves of the spot and of the perpetual since the last {@link keep}. */
  spotMove(to: StepMarks): number {
    return to.theo.spot - this.#spot;
  }

  perpetualMove(to: StepMarks): number {
    return to.perpetual - this.#perpetual;
  }

  /** Divides the changes since the last {@link keep}. */
  move(to: StepMarks): void {
    const from = this.#from;
    const move = this.#move;
    move.spotReturn = this.spotMove(to) / this.#spot;
    for (let f = 0; f < FACTOR_COUNT; f += 1) move.factors[f] = (to.factors[f] ?? 0) - (from.factors[f] ?? 0);
    if (!to.jumped) {
      for (const { index } of this.#chain.expiries) this.#second.value(index, from, move);
    }
    this.#surface.update(to.factors, this.#nowYears);
    for (const expiry of this.#chain.expiries) this.#reprice(expiry, to.theo.spot);
    this.#divide(to);
  }

  /** Values one expiry after the move, before time has passed. */
  #reprice(expiry: Expiry, spot: number): void {
    const at = this.#conditions[expiry.index];
    if (at === undefined) return;
    const logs = this.#logStrikes;
    const first = this.#first[expiry.index] ?? 0;
    const years = this.#from.years[expiry.index] ?? 0;
    const logForward = Math.log(spot) + expiry.carry * years;
    at.years = years;
    at.spot = spot;
    for (let i = 0; i < expiry.strikes.length; i += 1) {
      at.vols[i] = years === 0 ? 0 : this.#surface.vol(expiry.index, (logs[first + i] ?? Number.NaN) - logForward);
    }
    this.#moved.value(at, at, first);
  }

  /** The change of every series, column by column. */
  #divide({ theo, jumped }: StepMarks): void {
    const { parts } = this;
    const n = this.#price.length;
    const moved = this.#moved.price;
    const { gamma, vanna, volga } = this.#second;
    const { factors } = this.#move;
    for (let i = 0; i < n; i += 1) {
      const now = moved[i] ?? 0;
      const change = now - (this.#price[i] ?? 0);
      parts[AT.theta * n + i] = (theo.price[i] ?? 0) - now;
      parts[AT.jump * n + i] = jumped ? change : 0;
      parts[AT.residual * n + i] = jumped ? 0 : change;
    }
    if (jumped) {
      for (const part of TAYLOR) parts.fill(0, part * n, (part + 1) * n);
      return;
    }
    const spotMove = this.#move.spotReturn * this.#spot;
    for (let i = 0; i < n; i += 1) {
      const strike = i >> 1;
      const delta = (this.#delta[i] ?? 0) * spotMove;
      const byGamma = gamma[strike] ?? 0;
      const byVanna = vanna[strike] ?? 0;
      const byVolga = volga[strike] ?? 0;
      let explained = delta + byGamma + byVanna + byVolga;
      parts[AT.delta * n + i] = delta;
      parts[AT.gamma * n + i] = byGamma;
      parts[AT.vanna * n + i] = byVanna;
      parts[AT.volga * n + i] = byVolga;
      for (let f = 0; f < FACTOR_COUNT; f += 1) {
        const part = (this.#exposures[i * FACTOR_COUNT + f] ?? 0) * (factors[f] ?? 0);
        explained += part;
        parts[(AT.level + f) * n + i] = part;
      }
      parts[AT.residual * n + i] = (parts[AT.residual * n + i] ?? 0) - explained;
    }
  }
}
