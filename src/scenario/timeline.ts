import { FACTOR_COUNT } from '../pricing/factors.ts';
import type { TimelineShift } from '../processes/world-spec.ts';
import { type EventMoves, type EventPath, eventMinutes, eventMoves } from '../risk/event-path.ts';
import { eventPath } from '../risk/historical-events.ts';
import type { Path } from './shown.ts';
import type { WorldDocument } from './world-schema.ts';

type Entry = WorldDocument['timeline'][number];
type Fault = (path: Path, message: string) => void;

/** What only an entry with an event has, and what such an entry brings itself. */
const OF_EVENTS = ['scale', 'compress', 'from', 'to'] as const;
const OF_MOVES = ['over', 'spotReturn', 'level', 'slope', 'skew', 'curvature', 'spotVol'] as const;

/**
 * The scripted changes of a world: each entry of the document as one shift, each event as one shift between any two of its way-points.
 * Faults go to `fault`; the result then only serves to find more of them.
 */
export function timelineShifts(
  world: WorldDocument,
  durationSeconds: number,
  regimeIndex: (name: string, path: Path) => number,
  fault: Fault,
): TimelineShift[] {
  // The slope of an event is carried over as a share of the vol before it: that of the opening, with what the script has made of it by then.
  let level = Math.log(world.surface.atmVol);
  return world.timeline.flatMap((entry, i) => {
    const path: Path = ['world', 'timeline', i];
    const at: Path = [...path, 'at'];
    if (entry.at <= 0) fault(at, `found ${entry.at}, expected a time after the opening`);
    if (entry.at > durationSeconds) fault(at, `found ${entry.at} s, expected a time within the duration of ${durationSeconds} s`);
    if (entry.at < (world.timeline[i - 1]?.at ?? 0)) fault(at, `found ${entry.at} s, expected times in increasing order`);
    const regime = entry.regime === undefined ? undefined : regimeIndex(entry.regime, [...path, 'regime']);
    const event = entry.event === undefined ? undefined : eventPath(entry.event);
    if (event === undefined) {
      for (const field of OF_EVENTS) if (entry[field] !== undefined) fault([...path, field], 'belongs to an entry with an `event`');
    } else {
      for (const field of OF_MOVES) {
        if (entry[field] !== 0) fault([...path, field], 'an event brings its own moves: give these an entry of their own');
      }
    }
    const shifts = event === undefined ? [shiftOf(entry)] : eventShifts(entry, event, Math.exp(level), durationSeconds, path, fault);
    for (const shift of shifts) level += shift.factors[0] ?? 0;
    return shifts.map((shift, k) => ({ ...shift, regime: k === 0 ? regime : undefined }));
  });
}

function shiftOf(entry: Entry): TimelineShift {
  return {
    atSeconds: entry.at,
    overSeconds: entry.over,
    regime: undefined,
    spotLogReturn: Math.log1p(entry.spotReturn),
    spotVolLogChange: entry.spotVol,
    factors: [entry.level, entry.slope, entry.skew, entry.curvature].slice(0, FACTOR_COUNT),
  };
}

/** The event's moves between `from` and `to`, from way-point to way-point. The spot's own vol goes with that of the options. */
function eventShifts(entry: Entry, event: EventPath, vol: number, durationSeconds: number, path: Path, fault: Fault): TimelineShift[] {
  const { scale = 1, compress = 1, from = 0, to = eventMinutes(event) * 60 } = entry;
  const whole = eventMinutes(event) * 60;
  if (to > whole) fault([...path, 'to'], `found ${to} s, expected at most ${whole} s, the length of ${event.key}`);
  if (from >= Math.min(to, whole))
    fault([...path, 'from'], `found ${from} s, expected less than ${Math.min(to, whole)} s, where the event ends`);
  if (from >= to || to > whole) return [];
  const end = entry.at + (to - from) / compress;
  if (end > durationSeconds * (1 + 1e-9)) {
    const least = (to - from) / Math.max(1, durationSeconds - entry.at);
    fault(
      [...path, 'event'],
      `${event.key} would end at ${seconds(end)} s, expected its end within the duration of ${durationSeconds} s; ` +
        `cut it with \`from\` and \`to\`, or take a \`compress\` of at least ${Math.ceil(least * 100) / 100}`,
    );
  }
  const inner = event.path.map(([minutes]) => minutes * 60).filter((time) => time > from && time < to);
  const times = [from, ...inner, to];
  const start = eventMoves(event, from / 60);
  // Slopes are kept as shares of the vol at the event's start; the scenario is where the event was at `from`.
  const perSlope = vol * Math.exp(-start.level);
  const moved = times.map((time) => eventMoves(event, time / 60));
  return moved.slice(1).map((now, k): TimelineShift => {
    const before: EventMoves = moved[k] ?? start;
    const level = scale * (now.level - before.level);
    return {
      atSeconds: entry.at + ((times[k] ?? from) - from) / compress,
      overSeconds: ((times[k + 1] ?? to) - (times[k] ?? from)) / compress,
      regime: undefined,
      spotLogReturn: scale * (now.spot - before.spot),
      spotVolLogChange: level,
      factors: [level, scale * perSlope * (now.slopePerVol - before.slopePerVol), scale * (now.skew - before.skew), 0].slice(
        0,
        FACTOR_COUNT,
      ),
    };
  });
}

const seconds = (value: number): string => String(Math.round(value * 1000) / 1000);
