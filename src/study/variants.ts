import { InputError } from '../core/assert.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { didYouMean } from '../scenario/suggestion.ts';

/** Kinds of forecasters that are variants by their bare name. */
const FORECASTERS = ['lstm', 'rw', 'ewma'] as const;

/**
 * The changes that a variant makes, as `path=value`: those that the scenario defines under the name, or for a bare forecaster kind the subject's
 * forecaster (decision 18).
 * @param flag that the name was given with, for messages.
 * @throws InputError when the name is neither, or a change touches anything but the subject: worlds and seeds are shared by all variants.
 */
export function variantChanges(scenario: Scenario, name: string, flag = '--variants'): readonly string[] {
  const defined = scenario.variants.get(name);
  const own = `agents.${scenario.subject}.`;
  if (defined === undefined) {
    if (FORECASTERS.some((kind) => kind === name)) return [`${own}forecaster=${name}`];
    const known = [...scenario.variants.keys(), ...FORECASTERS];
    const near = didYouMean(name, known);
    throw new InputError(flag, [{ path: name, message: `is not a variant of ${scenario.name}${near || `; known: ${known.join(', ')}`}` }]);
  }
  const foreign = defined.filter((change) => !change.trim().startsWith(own));
  if (foreign.length > 0) {
    const message = `a variant may change ${own}… only, found ${foreign.join(', ')}`;
    throw new InputError(scenario.name, [{ path: `variants.${name}`, message }]);
  }
  return defined;
}
