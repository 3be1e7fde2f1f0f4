/** What was said at each of the last steps, so that it can be held against what came of it: a ring of rows, written in place. */
export class StepRing {
  /** All rows; read them at {@link back}. Borrowed, overwritten after as many steps as there are slots. */
  readonly values: Float64Array;
  readonly #width: number;
  readonly #slots: number;
  #steps = 0;

  /** @param slots steps that are kept, the present one included. */
  constructor(width: number, slots: number) {
    this.#width = width;
    this.#slots = slots;
    this.values = new Float64Array(width * slots);
  }

  /** Steps begun so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Begins a step and returns where its row starts; what stood there is overwritten by the caller. */
  begin(): number {
    this.#steps += 1;
    return this.back(0);
  }

  /** Where the row of so many steps ago starts; −1 where there is none, or it has been overwritten. */
  back(steps: number): number {
    if (steps >= this.#steps || steps >= this.#slots) return -1;
    return ((this.#steps - 1 - steps) % this.#slots) * this.#width;
  }

  /** Forgets all steps. */
  clear(): void {
    this.#steps = 0;
  }
}
