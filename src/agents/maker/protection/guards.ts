/** Who may ask for protection. Those of limits carry the names of their measures. */
export const GUARDS = [
  'fast-market',
  'stale-feed',
  'off-market',
  'stale-forecast',
  'delta',
  'gamma',
  'vega',
  'theta',
  'margin',
  'loss',
  'refusals',
  'venue',
] as const;
export type GuardName = (typeof GUARDS)[number];
