import { InputError } from '../core/assert.ts';
import { FORECASTER_KINDS } from '../forecast/forecaster-kinds.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { didYouMean } from '../scenario/suggestion.ts';

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
    if (FORECASTER_KINDS.includes(name)) return [`${own}forecaster=${name}`];
    const known = [...scenario.variants.keys(), ...FORECASTER_KINDS];
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
