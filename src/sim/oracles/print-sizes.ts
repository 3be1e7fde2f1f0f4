import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { MarketRecord } from './market-record.ts';

const F = FACTOR_COUNT;
/** Sizes are told apart to a millionth of a contract: far below a lot, and above what rounding does to products of lots. */
const PER_CONTRACT = 1e6;
/** A size tells something where its prints go with the signal by this many standard errors over runs; just above, it counts for little. */
const ERRORS_NEEDED = 3;

/** How much the direction of a print of each size says about where the surface goes: 1 would be all, sizes that are missing say nothing. Plain data. */
export interface PrintSizes {
  readonly contracts: readonly number[];
  readonly weights: readonly number[];
}

/** Looks weights up. */
export class SizeWeights {
  readonly #weights: ReadonlyMap<number, number>;

  constructor({ contracts, weights }: PrintSizes) {
    this.#weights = new Map(contracts.map((size, i) => [keyOf(size), weights[i] ?? 0]));
  }

  /** Of a print; `contracts` is signed by who crossed, and so is the weight. */
  of(contracts: number): number {
    return Math.sign(contracts) * (this.#weights.get(keyOf(contracts)) ?? 0);
  }
}

const keyOf = (contracts: number): number => Math.round(Math.abs(contracts) * PER_CONTRACT);

/**
 * Learns from full runs which sizes tell. A print goes with the signal where direction · Σ_f exposure_f · signal_f / rms(signal_f) > 0. The weight of a size is the
 * share of its prints that go with the signal less the share of those that go against it, shrunk by 1 − 9/t²; t is the sum of these signs over its
 * standard error with a run as the unit, since signals last for hours. Signs, as a signal ten times as large says no more about who sent a print.
 * Informed traders who always send the same size are known by it nearly by name; customers, who are many, by none.
 */
export function printSizes(records: readonly MarketRecord[]): PrintSizes {
  const rms = signalRms(records);
  const sizes = new Map<number, { sum: number; squaresOfRuns: number; count: number }>();
  for (const record of records) {
    const sums = new Map<number, number>();
    eachPrint(record, (step, contracts, exposures, at) => {
      let along = 0;
      for (let f = 0; f < F; f += 1) {
        const scale = rms[f] ?? 0;
        if (scale > 0) along += ((exposures[at + f] ?? 0) * (record.signal[step * F + f] ?? 0)) / scale;
      }
      const key = keyOf(contracts);
      const size = sizes.get(key) ?? { sum: 0, squaresOfRuns: 0, count: 0 };
      size.count += 1;
      sizes.set(key, size);
      sums.set(key, (sums.get(key) ?? 0) + Math.sign(contracts * along));
    });
    for (const [key, sum] of sums) {
      const size = sizes.get(key);
      if (size === undefined) continue;
      size.sum += sum;
      size.squaresOfRuns += sum * sum;
    }
  }
  const telling = [...sizes]
    .map(([key, { sum, squaresOfRuns, count }]) => {
      const t = squaresOfRuns > 0 ? sum / Math.sqrt(squaresOfRuns) : 0;
      const share = t > ERRORS_NEEDED ? 1 - (ERRORS_NEEDED * ERRORS_NEEDED) / (t * t) : 0;
      return { contracts: key / PER_CONTRACT, weight: (share * sum) / count };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.contracts - b.contracts);
  return { contracts: telling.map(({ contracts }) => contracts), weights: telling.map(({ weight }) => weight) };
}

/** By step of a record: weights of its prints times their exposures, summed. */
export function toldOf(record: MarketRecord, weights: SizeWeights): Float64Array {
  const told = new Float64Array(record.steps * F);
  eachPrint(record, (step, contracts, exposures, at) => {
    const weight = weights.of(contracts);
    for (let f = 0; f < F; f += 1) told[step * F + f] = (told[step * F + f] ?? 0) + weight * (exposures[at + f] ?? 0);
  });
  return told;
}

function eachPrint(
  { steps, prints, tape }: MarketRecord,
  visit: (step: number, contracts: number, exposures: Readonly<Float64Array>, at: number) => void,
): void {
  let print = 0;
  for (let step = 0; step < steps; step += 1)
    for (let n = 0; n < (prints[step] ?? 0); n += 1, print += 1) visit(step, tape.contracts[print] ?? 0, tape.exposures, print * F);
}

function signalRms(records: readonly MarketRecord[]): Float64Array {
  const squares = new Float64Array(F);
  let steps = 0;
  for (const { signal } of records) {
    for (const [at, value] of signal.entries()) squares[at % F] = (squares[at % F] ?? 0) + value * value;
    steps += signal.length / F;
  }
  return squares.map((square) => Math.sqrt(square / Math.max(1, steps)));
}
