/** One European call, sold (units −1) or bought (+1), and what hedging it costs. */
export interface HedgedCall {
  readonly units: 1 | -1;
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly vol: number;
  /** Proportional cost of a trade, as a fraction. */
  readonly cost: number;
  readonly riskAversion: number;
}

/** Edges of the no-trade region at one node: units of the underlying held. */
export interface NoTradeRegion {
  readonly spot: number;
  readonly yearsLeft: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The no-trade regions of a hedger with exponential utility and proportional costs, by dynamic programming on a binomial tree over a grid of
 * holdings (Hodges and Neuberger 1989), without interest and without drift. Exact but for steps of tree and grid: what approximations are
 * measured against.
 *
 * @param atStep the step of the tree whose nodes are reported.
 */
export function noTradeRegions(
  { units, spot, strike, years, vol, cost, riskAversion }: HedgedCall,
  { steps, atStep, holdings }: { readonly steps: number; readonly atStep: number; readonly holdings: number },
): NoTradeRegion[] {
  const sd = vol * Math.sqrt(years / steps);
  const [up, down] = [Math.exp(sd), Math.exp(-sd)];
  const chance = (1 - down) / (up - down);
  const least = units > 0 ? -1.4 : -0.4;
  const grid = 1.8 / (holdings - 1);
  const spotAt = (step: number, ups: number): number => spot * Math.exp((2 * ups - step) * sd);
  // Log of expected minus utility by node and holding, profit since now.
  let later = Array.from({ length: steps + 1 }, (_, ups) =>
    new Float64Array(holdings).fill(-riskAversion * units * Math.max(0, spotAt(steps, ups) - strike)),
  );
  const regions: NoTradeRegion[] = [];
  for (let step = steps - 1; step >= atStep; step -= 1) {
    const now: Float64Array<ArrayBuffer>[] = [];
    for (let ups = 0; ups <= step; ups += 1) {
      const price = spotAt(step, ups);
      const value = expected(later[ups + 1], later[ups], holdings, chance, (i) => -riskAversion * (least + i * grid) * price, up, down);
      const { low, high } = trade(value, riskAversion * cost * price * grid);
      if (step === atStep) {
        regions.push({ spot: price, yearsLeft: years * (1 - step / steps), low: least + low * grid, high: least + high * grid });
      }
      now.push(value);
    }
    later = now;
  }
  return regions;
}

function expected(
  above: Float64Array | undefined,
  below: Float64Array | undefined,
  holdings: number,
  chance: number,
  slope: (holding: number) => number,
  up: number,
  down: number,
): Float64Array<ArrayBuffer> {
  const value = new Float64Array(holdings);
  for (let i = 0; i < holdings; i += 1) {
    const a = (above?.[i] ?? 0) + slope(i) * (up - 1);
    const b = (below?.[i] ?? 0) + slope(i) * (down - 1);
    const most = Math.max(a, b);
    value[i] = most + Math.log(chance * Math.exp(a - most) + (1 - chance) * Math.exp(b - most));
  }
  return value;
}

/** Lets who holds too little or too much trade to the edge, at so much per step of the grid; returns the edges. */
function trade(value: Float64Array, perStep: number): { low: number; high: number } {
  let low = 0;
  let high = value.length - 1;
  for (let i = value.length - 2; i >= 0; i -= 1) {
    const bought = (value[i + 1] ?? 0) + perStep;
    if ((value[i] ?? 0) <= bought) continue;
    value[i] = bought;
    low = Math.max(low, i + 1);
  }
  for (let i = 1; i < value.length; i += 1) {
    const sold = (value[i - 1] ?? 0) + perStep;
    if ((value[i] ?? 0) <= sold) continue;
    value[i] = sold;
    high = Math.min(high, i - 1);
  }
  return { low, high };
}
