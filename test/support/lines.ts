import { streams } from '../../src/core/rng.ts';
import { nanos } from '../../src/core/units.ts';
import { type LatencyLaw, latencyDraw } from '../../src/kernel/latency.ts';
import { Line } from '../../src/kernel/line.ts';

/** A line that takes always the same number of nanoseconds, and that fails if it asks for chance. */
export function constantLine(latencyNanos: number): Line {
  return new Line({ kind: 'constant', nanos: nanos(latencyNanos) }, () => {
    throw new Error('a constant latency draws nothing');
  });
}

export const constant = (latencyNanos: number): LatencyLaw => ({ kind: 'constant', nanos: nanos(latencyNanos) });
export const lognormal = (medianNanos: number, sigma: number, minimumNanos = 0): LatencyLaw => ({
  kind: 'lognormal',
  medianNanos: nanos(medianNanos),
  sigma,
  minimumNanos: nanos(minimumNanos),
});
/** Values with equal weights, or with those given. */
export const empirical = (values: readonly number[], weights?: readonly number[]): LatencyLaw => ({
  kind: 'empirical',
  values: values.map((value, i) => ({ nanos: nanos(value), weight: weights?.[i] ?? 1 })),
});

/** The latencies that a law draws from a stream, one after the other: what a line under the same seed and path must use. */
export function latenciesOf(law: LatencyLaw, seed: string, path: string): () => number {
  return law.kind === 'constant' ? () => law.nanos : latencyDraw(law, streams(seed).stream(path));
}

/** Arrivals at the end of a line, by the rule in its words: none before the one before it. */
export function arrivalsOf(law: LatencyLaw, seed: string, path: string): (now: number) => number {
  const latency = latenciesOf(law, seed, path);
  const all: number[] = [];
  return (now) => {
    all.push(now + latency());
    return Math.max(...all);
  };
}

export const lineOf = (law: LatencyLaw, seed: string, path: string): Line => new Line(law, () => streams(seed).stream(path));
