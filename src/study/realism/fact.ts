import type { PresetName } from '../../processes/presets.ts';
import type { MarketSamples } from './market-samples.ts';
import type { VolPanel } from './vol-panel.ts';

/** Where a measured value should lie. An open end is left out. */
export interface Band {
  readonly low?: number;
  readonly high?: number;
}

/**
 * What a band rests on. `measured`: figures that `scripts/realism-targets.py` computes from data; `reported`: figures read in a study or
 * a paper; `argued`: what has to hold by definition or theory.
 */
export type Evidence = 'measured' | 'reported' | 'argued';

/** The band for one kind of market. */
export interface Target {
  readonly band: Band;
  readonly evidence: Evidence;
  /** Where the band comes from. */
  readonly source: string;
}

/** Groups of facts, in the order of the report. */
export const FACT_GROUPS = ['returns', 'implied vol', 'screen', 'books', 'adverse selection', 'flow'] as const;
export type FactGroup = (typeof FACT_GROUPS)[number];

/** A stylised fact: what real markets show, where that is known from, and how a simulated one is held against it. */
export interface Fact {
  readonly name: string;
  readonly group: FactGroup;
  /** What is measured, with its unit. */
  readonly about: string;
  /** By the kind of market, which is the scenario's `world.preset`. A fact of which nothing is known for a market has no target there. */
  readonly targets: Readonly<Partial<Record<PresetName, Target>>>;
  /** The value of one run; undefined where the run does not show it. */
  readonly measure: (samples: MarketSamples) => number | undefined;
  /** The value of vols over time that are not by the minute; undefined where they do not show it. */
  readonly ofPanel?: (panel: VolPanel) => number | undefined;
}

/** A target with a band between two figures. */
export function between(low: number, high: number, evidence: Evidence, source: string): Target {
  return { band: { low, high }, evidence, source };
}

/** A target with a lower end alone. */
export function atLeast(low: number, evidence: Evidence, source: string): Target {
  return { band: { low }, evidence, source };
}
