/**
 * Units to trade (positive: buy) so that delta comes back to the nearest edge of a band around `centre`; 0 inside it. Rounded toward zero to
 * whole lots, so that a hedge never goes past the edge.
 */
export function hedgeUnits(delta: number, halfWidth: number, lotSize: number, centre = 0): number {
  const off = delta - centre;
  const excess = off > halfWidth ? off - halfWidth : off < -halfWidth ? off + halfWidth : 0;
  // A small share of a lot guards against 2.9999999 lots being cut to 2.
  return -Math.sign(excess) * Math.floor(Math.abs(excess) / lotSize + 1e-9) * lotSize;
}
