import { FACTOR_COUNT } from '../../pricing/factors.ts';
import type { TheoChain } from '../../pricing/theo.ts';

/** The prints of one forecast step, summed. */
export class StepTape {
  /** Signed contracts of the prints times their exposure to each factor, over the chain's root-mean-square exposure; borrowed. */
  readonly flow = new Float64Array(FACTOR_COUNT);
  /** Prints, signed by who crossed, and unsigned. */
  signed = 0;
  count = 0;
  /** Root-mean-square exposure over the chain; the same for all prints of a step. */
  readonly #typical = new Float64Array(FACTOR_COUNT);

  /** Takes in a print; `contracts` is positive where a buyer crossed. */
  add(series: number, contracts: number, theo: TheoChain): void {
    if (this.count === 0) this.#weigh(theo);
    this.count += 1;
    this.signed += Math.sign(contracts);
    for (let f = 0; f < FACTOR_COUNT; f += 1) {
      const typical = this.#typical[f] ?? 0;
      if (typical > 0) this.flow[f] = (this.flow[f] ?? 0) + (contracts * (theo.exposures[series * FACTOR_COUNT + f] ?? 0)) / typical;
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
    this.signed = 0;
    this.count = 0;
  }
}
