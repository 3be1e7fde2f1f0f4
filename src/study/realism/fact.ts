import type { MarketSamples } from './market-samples.ts';

/** Where a measured value should lie. An open end is left out. */
export interface Band {
  readonly low?: number;
  readonly high?: number;
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
  readonly band: Band;
  /** Where the band comes from. */
  readonly source: string;
  /** The value of one run; undefined where the run does not show it. */
  readonly measure: (samples: MarketSamples) => number | undefined;
}
