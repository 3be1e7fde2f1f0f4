/** Counts of transitions or rates between states: row to column. */
export type Square = readonly (readonly number[])[];

/**
 * Transition probabilities of a chain in continuous time as the mixture over the number of its uniformised jumps (Jensen 1953): another way to
 * the exponential of the generator than the one under test. Meant for moderate `days` times rate.
 */
export function uniformised(rates: Square, days: number): number[][] {
  const n = rates.length;
  const leaving = rates.map((row, i) => row.reduce((sum, rate, j) => (i === j ? sum : sum + rate), 0));
  const fastest = Math.max(...leaving);
  let weight = Math.exp(-fastest * days);
  let left = 1 - weight;
  const total = rates.map((_, i) => rates.map((__, j) => (i === j ? weight : 0)));
  let power: number[][] = rates.map((_, i) => rates.map((__, j) => (i === j ? 1 : 0)));
  for (let jumps = 1; left > 1e-15 && jumps < 1000; jumps += 1) {
    power = power.map((row) =>
      rates.map((_, j) =>
        row.reduce((sum, p, k) => sum + p * (k === j ? 1 - (leaving[k] ?? 0) / fastest : (rates[k]?.[j] ?? 0) / fastest), 0),
      ),
    );
    weight *= (fastest * days) / jumps;
    left -= weight;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) (total[i] as number[])[j] = (total[i]?.[j] ?? 0) + weight * (power[i]?.[j] ?? 0);
    }
  }
  return total;
}

/** Log likelihood of transitions counted between looks `days` apart. */
export function logLikelihood(counts: Square, rates: Square, days: number): number {
  const probabilities = uniformised(rates, days);
  return counts.reduce(
    (sum, row, i) => sum + row.reduce((part, count, j) => (count === 0 ? part : part + count * Math.log(probabilities[i]?.[j] ?? 0)), 0),
    0,
  );
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Maximum of the likelihood over the logs of those rates that are above 0 in `start`, one after the other by golden section until it stands still;
 * the entry `held`, if any, keeps its value. Zeros are taken as known.
 */
export function fittedRates(counts: Square, start: Square, days: number, held?: readonly [from: number, to: number]): number[][] {
  const rates = start.map((row) => [...row]);
  let best = logLikelihood(counts, rates, days);
  for (let width = 0.5; width > 1e-6; ) {
    const before = best;
    for (const [i, row] of rates.entries()) {
      for (const [j, rate] of row.entries()) {
        if (rate === 0 || i === j || (held?.[0] === i && held[1] === j)) continue;
        const value = (log: number): number => {
          row[j] = Math.exp(log);
          return logLikelihood(counts, rates, days);
        };
        let low = Math.log(rate) - width;
        let high = Math.log(rate) + width;
        while (high - low > width / 50) {
          const a = high - GOLDEN * (high - low);
          const b = low + GOLDEN * (high - low);
          if (value(a) > value(b)) high = b;
          else low = a;
        }
        const found = value((low + high) / 2);
        if (found >= best) best = found;
        else row[j] = rate;
      }
    }
    if (best - before < 1e-7) width /= 4;
  }
  return rates;
}
