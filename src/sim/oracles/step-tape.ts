import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { TheoChain } from '../../pricing/theo.ts';
import type { SizeWeights } from './print-sizes.ts';

/** The prints of one forecast step, summed. Arrays are borrowed. */
export class StepTape {
  /** Signed contracts of the prints times their exposure to each factor, over the chain's root-mean-square exposure. */
  readonly flow = new Float64Array(FACTOR_COUNT);
  /** The same with what the prints' sizes tell ({@link SizeWeights}) in place of contracts. */
  readonly told = new Float64Array(FACTOR_COUNT);
  /** Prints, signed by who crossed, and unsigned. */
  signed = 0;
  count = 0;
  /** Exposure of the last print to each factor, over that of the chain. */
  readonly exposure = new Float64Array(FACTOR_COUNT);
  /** Root-mean-square exposure over the chain; the same for all prints of a step. */
  readonly #typical = new Float64Array(FACTOR_COUNT);
  readonly #weights: SizeWeights | undefined;

  /** @param weights without them nothing is told. */
  constructor(weights?: SizeWeights) {
    this.#weights = weights;
  }

  /** Takes in a print; `contracts` is positive where a buyer crossed. */
  add(series: number, contracts: number, theo: TheoChain): void {
    if (this.count === 0) this.#weigh(theo);
    this.count += 1;
    this.signed += Math.sign(contracts);
    const weight = this.#weights?.of(contracts) ?? 0;
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const typical = this.#typical[f] ?? 0;
      const exposure = typical > 0 ? (theo.exposures[series * FACTOR_COUNT + f] ?? 0) / typical : 0;
      this.exposure[f] = exposure;
      this.flow[f] = (this.flow[f] ?? 0) + contracts * exposure;
      this.told[f] = (this.told[f] ?? 0) + weight * exposure;
    }
  }

  #weigh({ exposures }: TheoChain): void {
    this.#typical.fill(0);
    for (let i = 0; i < exposures.length; i += 1) {
      const exposure = exposures[i] ?? 0;
      this.#typical[i % FACTOR_COUNT] = (this.#typical[i % FACTOR_COUNT] ?? 0) + exposure * exposure;
    }
    for (let f = 0; f < FACTOR_COUNT; f += 1) this.#typical[f] = Math.sqrt(((this.#typical[f] ?? 0) * FACTOR_COUNT) / exposures.length);
  }

  clear(): void {
    this.flow.fill(0);
    this.told.fill(0);
    this.signed = 0;
    this.count = 0;
  }
}
