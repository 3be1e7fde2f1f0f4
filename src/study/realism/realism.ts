import type { PresetName } from '../../processes/presets.ts';
import { type Interval, studentInterval } from '../bootstrap.ts';
import { mean } from '../statistics.ts';
import type { Band, Evidence, FactGroup } from './fact.ts';
import { type FactValues, factsOf } from './facts.ts';

export type Verdict = 'inside' | 'outside' | 'not measurable';

/** A fact held against the runs of a scenario. */
export interface FactFinding {
  readonly name: string;
  readonly group: FactGroup;
  readonly about: string;
  readonly target: Band;
  readonly source: string;
  readonly evidence: Evidence;
  /** Runs that show it. */
  readonly runs: number;
  /** Mean over those runs; left out where the fact is not measurable. */
  readonly value?: number;
  /** 95 % interval of the mean over seeds by Student's t; from two runs on. */
  readonly ci95?: Interval;
  readonly verdict: Verdict;
  /** The value of a data set that the runs are held against; left out where there is none, or it does not show the fact. */
  readonly observed?: number;
}

/**
 * Holds every fact that has a band for the kind of market against the runs: the mean of their values is inside its band or not. A fact that fewer than half of the runs show is
 * not measurable, as the others may lack it for the very reason that they would have spoiled the mean. The interval says how sure the
 * mean is; the verdict does not wait for it.
 * @param data values of a data set, to be shown beside.
 */
export function realism(preset: PresetName, runs: readonly FactValues[], data: FactValues = {}): FactFinding[] {
  return factsOf(preset).map(({ name, group, about, target: { band, source, evidence } }): FactFinding => {
    const values = runs.flatMap((run) => run[name] ?? []);
    const observed = data[name] === undefined ? {} : { observed: data[name] };
    const fact = { name, group, about, target: band, source, evidence, runs: values.length, ...observed };
    if (values.length === 0 || 2 * values.length < runs.length) return { ...fact, verdict: 'not measurable' };
    const value = mean(values);
    const isInside = value >= (band.low ?? Number.NEGATIVE_INFINITY) && value <= (band.high ?? Number.POSITIVE_INFINITY);
    const interval = values.length > 1 ? { ci95: studentInterval(values, 0.95) } : {};
    return { ...fact, value, ...interval, verdict: isInside ? 'inside' : 'outside' };
  });
}
