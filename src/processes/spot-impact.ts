/** How trades in the underlying move its price. */
export interface ImpactParameters {
  /** Basis points by which 100 units bought at the market lift the log of the spot at once; 0 for none. */
  readonly bpPer100Units: number;
  /** Share of that which stays, from 0 to 1. */
  readonly permanentShare: number;
  /** Of what does not stay. */
  readonly halfLifeMinutes: number;
}

/** Depth of a market, and what becomes of impact in it: what a preset says in dollars, whatever one unit of its underlying costs. */
export interface ImpactPreset extends Omit<ImpactParameters, 'bpPer100Units'> {
  /** Dollars bought at the market that lift the price by one basis point. */
  readonly dollarsPerBp: number;
}

/** The preset's depth as basis points per 100 units of an underlying at `spot` dollars. */
export function presetBpPer100Units(preset: ImpactPreset, spot: number): number {
  return (100 * spot) / preset.dollarsPerBp;
}

/**
 * What trades have done to the log of the spot: a linear propagator of two parts,
 *
 *   I(t) = Σ λ qᵢ · (p + (1 − p) · 2^(−(t − tᵢ)/h)),
 *
 * over all trades i by then, with qᵢ the aggressor's units (bought above 0), p the permanent share and h the half-life. The kernel of Bouchaud,
 * Gefen, Potters and Wyart (2004) is a power law; the sum of a constant and an exponential is that of Almgren and Chriss (2000) with a temporary
 * part that dies out as in Obizhaeva and Wang (2013). Under exponential decay only linear impact is free of price manipulation (Gatheral 2010,
 * section 4), and permanent impact must be linear in any case (Huberman and Stanzl 2004), hence λ is one number for all sizes.
 *
 * Trades are counted in whole lots, so that a bought and a sold lot within a step cancel exactly. They move the spot at the end of the
 * step in which they happen, and decay from then on. Without allocation per trade or step.
 *
 * A trader who buys G units per unit of log return of the spot (a hedger of sold options: G = spot times gamma in units per dollar) closes a
 * loop of gain g = λ G. After a move x from outside the log of the spot first goes to x/(1 − g), then back to x/(1 − p g) at the speed of
 * the decay times (1 − p g)/(1 − g). That holds for g < 1; from there on each hedge calls for a larger one, and moves grow until the
 * trader's limits, or the end of its options' gamma, stop them. A hedger of bought options (g below 0) holds the spot at x/(1 + |g|), and
 * swings it with growing size from |g| = 1 on. With one hedge per step, over which a share d of the transient part is left, the limits are
 * exactly g < min(1/(1 − p (1 − d)), 1/p) and −g < (1 + d)/(2 − p (1 − d)), by the criterion of Jury on z² − (d + g) z + g (1 − p (1 − d)).
 * All of this is in test/processes/spot-impact.test.ts.
 */
export class SpotImpact {
  /** Least and greatest value of {@link logMove} so far. */
  lowest = 0;
  highest = 0;
  readonly #perLot: number;
  readonly #permanentShare: number;
  /** Share of the transient part that is left after one step. */
  readonly #kept: number;
  /** Lots of the present step, bought less sold. */
  #lots = 0;
  #permanent = 0;
  #transient = 0;

  /** @param lotSize units in one lot. */
  constructor({ bpPer100Units, permanentShare, halfLifeMinutes }: ImpactParameters, lotSize: number, stepSeconds: number) {
    this.#perLot = (bpPer100Units / 10_000 / 100) * lotSize;
    this.#permanentShare = permanentShare;
    this.#kept = Math.exp((-Math.LN2 * stepSeconds) / 60 / halfLifeMinutes);
  }

  /** Notes a trade by the aggressor's lots: above 0 bought, below sold. */
  trade(lots: number): void {
    this.#lots += lots;
  }

  /** Ends a step: what was there decays, what was traded counts. Returns the change of {@link logMove}. */
  step(): number {
    const before = this.logMove;
    const push = this.#perLot * this.#lots;
    this.#lots = 0;
    this.#permanent += this.#permanentShare * push;
    this.#transient = this.#transient * this.#kept + (1 - this.#permanentShare) * push;
    const now = this.logMove;
    if (now < this.lowest) this.lowest = now;
    if (now > this.highest) this.highest = now;
    return now - before;
  }

  /** What all trades have done to the log of the spot, as of the last step. */
  get logMove(): number {
    return this.#permanent + this.#transient;
  }
}
