import type { PresetName } from '../../processes/presets.ts';
import { ADVERSE_FACTS } from './adverse-facts.ts';
import { BOOK_FACTS } from './book-facts.ts';
import type { Fact, Target } from './fact.ts';
import { FLOW_FACTS } from './flow-facts.ts';
import type { MarketSamples } from './market-samples.ts';
import { RETURN_FACTS } from './return-facts.ts';
import { SCREEN_FACTS } from './screen-facts.ts';
import { SURFACE_FACTS, VOL_FACTS } from './vol-facts.ts';

/** All facts, by group. */
export const FACTS: readonly Fact[] = [
  ...RETURN_FACTS,
  ...VOL_FACTS,
  ...SURFACE_FACTS,
  ...SCREEN_FACTS,
  ...BOOK_FACTS,
  ...ADVERSE_FACTS,
  ...FLOW_FACTS,
];

/** A fact with its band for one kind of market. */
export type TargetedFact = Fact & { readonly target: Target };

/** The facts that have a band for a kind of market, by group. */
export function factsOf(preset: PresetName): TargetedFact[] {
  return FACTS.flatMap((fact) => {
    const target = fact.targets[preset];
    return target === undefined ? [] : [{ ...fact, target }];
  });
}

/** Values of one run by name of the fact; one that the run does not show is not in it. */
export type FactValues = Readonly<Record<string, number>>;

/** What one run shows, or a data set. */
export function factValues(samples: MarketSamples): FactValues {
  return Object.fromEntries(
    FACTS.flatMap((fact) => {
      const value = samples.panel === undefined ? fact.measure(samples) : (fact.ofPanel?.(samples.panel) ?? fact.measure(samples));
      return value === undefined ? [] : [[fact.name, value] as const];
    }),
  );
}
