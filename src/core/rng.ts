import seedrandom from 'seedrandom';

/** A source of chance. Every draw in volpit comes from one of these, and each has a name of its own. */
export interface Rng {
  /** Uniform on the open interval (0, 1), with 53 bits; never 0 and never 1, so that `ln` and quantiles are finite. */
  uniform(): number;
}

/** Hands out streams by name. The same name gives a new stream from its start. */
export interface Streams {
  /** `path` is the role, for example `world/spot` or `agents/maker/quotes`. Two roles never share a path. */
  stream(path: string): Rng;
}

/**
 * Named streams under one seed: `tychei` (Neves and Araujo, 2012; by `seedrandom`), keyed by the text `seed/stream/path`.
 *
 * Streams are named and not counted, so that one more agent changes no other's draws, and agents that are compared at
 * one seed face one world. Any text is a seed; `0` is one like any other.
 */
export function streams(seed: string): Streams {
  return {
    stream(path) {
      const generator = seedrandom.tychei(`${seed}/stream/${path}`);
      // Whole multiples of 2^-53; the generator itself draws again instead of giving 0.
      return { uniform: () => generator.double() };
    },
  };
}
