import { breath, interruption } from './interruption.ts';

/**
 * Does work that yields how far it is between its slices. Timers, signals and the screen have their turn after each.
 * @throws Interruption on a signal.
 */
export async function inSlices<T>(work: Generator<number, T>, tell: (done: number) => void): Promise<T> {
  const signal = interruption();
  for (;;) {
    const slice = work.next();
    if (slice.done === true) return slice.value;
    tell(slice.value);
    await breath();
    signal.throwIfAborted();
  }
}
