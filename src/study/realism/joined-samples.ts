import { type MarketSamples, NO_SAMPLES } from './market-samples.ts';

/**
 * A data set from its parts: whatever a part has seen is taken, of the first part that has. Parts are not mixed within a kind, as they may
 * be of other days and markets. Of vols over time those with the most rows count: snapshots of chains hold a few of them too.
 */
export function joinedSamples(parts: readonly MarketSamples[]): MarketSamples {
  const [panel] = parts.flatMap((part) => part.panel ?? []).sort((a, b) => b.rows.length - a.rows.length);
  let joined = NO_SAMPLES;
  for (const part of [...parts].reverse()) joined = { ...joined, ...seenIn(part) };
  return panel === undefined ? joined : { ...joined, panel, daysPerYear: panel.daysPerYear };
}

/** The fields of a part that are not as empty as before anything was seen. */
function seenIn(part: MarketSamples): Partial<MarketSamples> {
  const { prints, cancels, looks, volumes, spots, remarks, markouts } = part;
  return {
    ...(prints.length === 0 ? {} : { prints, simulatedSeconds: part.simulatedSeconds }),
    ...(cancels === undefined ? {} : { cancels, cancelledLives: part.cancelledLives }),
    ...(looks === 0 ? {} : { looks, twoSided: part.twoSided, spreads: part.spreads, wingSpreads: part.wingSpreads }),
    ...(volumes.length === 0 ? {} : { volumes, tenors: part.tenors }),
    ...(spots === undefined ? {} : { spots }),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(markouts.length === 0 ? {} : { markouts }),
  };
}
