import { type Override, readOverride } from '../scenario/overrides.ts';
import type { OptionSpec } from './command.ts';

/** `--set <path=value>`: changes of single values of the scenario, in order. */
export function setOption(): OptionSpec<readonly Override[]> {
  return {
    flags: '--set <path=value>',
    about: 'change one value of the scenario, such as agents.maker.forecaster=ewma (may be repeated)',
    initial: [],
    repeatable: true,
    read: (text, previous) => [...previous, readOverride(text)],
  };
}
