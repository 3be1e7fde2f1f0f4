/** What the hedge of delta depends on. */
export interface HedgeTerms {
  /** Proportional cost of trading the underlying, in basis points. */
  readonly costBp: number;
  /** Dollars⁻¹. */
  readonly riskAversion: number;
  /** Widest half-band, in units. */
  readonly bandMaximum: number;
  /** Units in one lot: the narrowest half-band. */
  readonly lotSize: number;
}

/**
 * Half-width of the no-trade band around delta 0, in units of the underlying: (3/2 · k S Γ²/γ)^⅓ with proportional cost k, portfolio gamma Γ and
 * risk aversion γ (Whalley and Wilmott 1997, eq. 3.9), between one lot and the given maximum.
 */
export function hedgeBand(terms: HedgeTerms, spot: number, gamma: number): number {
  const cost = terms.costBp / 10_000;
  const band = Math.cbrt((1.5 * cost * spot * gamma * gamma) / terms.riskAversion);
  return Math.max(terms.lotSize, Math.min(terms.bandMaximum, band));
}

/**
 * Units to trade (positive: buy) so that delta comes back to the nearest edge of the band; 0 inside it. Rounded toward zero to whole lots, so
 * that a hedge never goes past the edge.
 */
export function hedgeUnits(delta: number, band: number, lotSize: number): number {
  const excess = delta > band ? delta - band : delta < -band ? delta + band : 0;
  // A small share of a lot guards against 2.9999999 lots being cut to 2.
  return -Math.sign(excess) * Math.floor(Math.abs(excess) / lotSize + 1e-9) * lotSize;
}
