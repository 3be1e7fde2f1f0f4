import { setMaxListeners } from 'node:events';
import { EXIT, Interruption } from './exit.ts';

let controller: AbortController | undefined;

/**
 * A signal that aborts with an {@link Interruption} at the first SIGINT or SIGTERM; at the second the program ends at once. From the
 * first call on the program no longer dies of these signals by itself: who asks for this must look at it, every second or more often.
 * `signal.throwIfAborted()` is all that is needed: the error ends the program with 130 or 143.
 */
export function interruption(): AbortSignal {
  if (controller === undefined) {
    controller = new AbortController();
    const { signal } = controller;
    // Every task of a pool listens to it: many listeners are no leak here.
    setMaxListeners(0, signal);
    const stop = (code: typeof EXIT.interrupted | typeof EXIT.terminated): void => {
      if (signal.aborted) process.exit(code);
      controller?.abort(new Interruption(code));
    };
    process.on('SIGINT', () => stop(EXIT.interrupted));
    process.on('SIGTERM', () => stop(EXIT.terminated));
  }
  return controller.signal;
}

/** Lets timers, signals and the terminal have their turn between two slices of work. */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
