/** Things that are due at a time, earliest first; of those due at one time, in the order in which they were added. */
export class DueList<T> {
  /** Latest first: what is due next is at the end. */
  readonly #entries: { readonly at: number; readonly item: T }[] = [];

  add(at: number, item: T): void {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { at, item });
  }

  /** Takes out the next one that is due before `end`. */
  next(end: number): { readonly at: number; readonly item: T } | undefined {
    const last = this.#entries.at(-1);
    return last !== undefined && last.at < end ? this.#entries.pop() : undefined;
  }
}
