import { useCallback, useEffect, useRef, useState } from 'react';
import type { InstrumentId } from '../../core/units.ts';
import type { Snapshot } from '../../sim/snapshot.ts';
import { FRAME_MILLIS, Pace } from './pace.ts';
import type { SnapshotSource } from './source.ts';

export type Phase = 'run' | 'pause' | 'done';

/** How the run is shown to go on. */
export interface Playing {
  readonly phase: Phase;
  /** Simulated seconds per real second that are asked for; Infinity is as fast as the machine can. */
  readonly speed: number;
  /** What is reached of late; undefined before the first frame, and while nothing runs. */
  readonly reached: number | undefined;
}

export interface Simulation {
  readonly snapshot: Snapshot;
  readonly playing: Playing;
  togglePause(): void;
  /** While paused: one event. */
  step(): void;
  /** While paused: that much simulated time. */
  advance(seconds: number): void;
  changeSpeed(change: SpeedChange): void;
}

export type SpeedChange = 'faster' | 'slower' | 'fastest';

/** Slowest and fastest speed that + and - lead to, in simulated seconds per real second. */
const SPEED_MIN = 1 / 64;
const SPEED_MAX = 1 << 20;
/** Left free after a frame that took long, so that keys are always heard. */
const REST_MILLIS = 10;

/** Twice or half the speed; from as fast as possible, slower leads to the power of two below what is reached. */
export function changedSpeed(speed: number, reached: number | undefined, change: SpeedChange): number {
  if (change === 'fastest') return Number.POSITIVE_INFINITY;
  if (!Number.isFinite(speed)) return change === 'faster' ? speed : powerBelow(reached ?? 1);
  return Math.min(SPEED_MAX, Math.max(SPEED_MIN, change === 'faster' ? speed * 2 : speed / 2));
}

function powerBelow(value: number): number {
  let power = SPEED_MIN;
  while (power * 2 <= value && power < SPEED_MAX) power *= 2;
  return power;
}

/** What a screen plays, and what it is told. */
export interface PlayOptions {
  readonly source: SnapshotSource;
  /** The first picture. */
  readonly first: Snapshot;
  /** Simulated seconds per real second at the start. */
  readonly speed: number;
  /** The instrument whose book is wanted. */
  readonly selected: (snapshot: Snapshot) => InstrumentId;
  /** Given what the source threw; nothing runs after that. */
  readonly onError: (error: unknown) => void;
}

/**
 * Plays a source: the only timer of the dashboard. Each frame advances the source by the real time that has passed, takes a
 * snapshot and renders it. Nothing ticks while paused or done.
 */
export function useSimulation({ source, first, speed: initialSpeed, selected, onError }: PlayOptions): Simulation {
  const [snapshot, setSnapshot] = useState(first);
  const [speed, setSpeed] = useState(initialSpeed);
  const [phase, setPhase] = useState<Phase>(source.done ? 'done' : 'run');
  const [reached, setReached] = useState<number | undefined>(undefined);
  const pace = useRef(new Pace(() => performance.now()));
  const id = selected(snapshot);
  // Read by the timer at each frame, so that a key press need not restart it.
  const latest = useRef({ speed, id, onError });
  latest.current = { speed, id, onError };

  const afterwards = useCallback(
    (work: () => void): void => {
      try {
        work();
        setSnapshot(source.snapshot(latest.current.id));
        if (source.done) setPhase('done');
      } catch (error) {
        setPhase('pause');
        latest.current.onError(error);
      }
    },
    [source],
  );

  useEffect(() => {
    if (phase !== 'run') return undefined;
    pace.current.restart();
    let stopped = false;
    let last = performance.now();
    const frame = (): void => {
      const now = performance.now();
      const elapsed = (now - last) / 1000;
      last = now;
      afterwards(() => pace.current.advance(source, latest.current.speed, elapsed));
      setReached(pace.current.reached);
      if (!stopped) timer = setTimeout(frame, Math.max(REST_MILLIS, FRAME_MILLIS - (performance.now() - now)));
    };
    let timer = setTimeout(frame, FRAME_MILLIS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [phase, source, afterwards]);

  // The book of another instrument (`id`, read through `latest`) is wanted: at once, and also while nothing runs.
  useEffect(() => afterwards(() => {}), [afterwards, id]);

  return {
    snapshot,
    playing: { phase, speed, reached: phase === 'run' ? reached : undefined },
    togglePause: () => setPhase((now) => (now === 'run' ? 'pause' : now === 'pause' ? 'run' : now)),
    step: () => afterwards(() => source.step()),
    advance: (seconds) => afterwards(() => source.advance(seconds)),
    changeSpeed: (change) => {
      setSpeed((now) => changedSpeed(now, reached, change));
      pace.current.restart();
    },
  };
}
