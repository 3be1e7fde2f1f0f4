import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase, readBundledScenario } from '../../src/app/bundled.ts';
import { readOverride } from '../../src/scenario/overrides.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

/** A bundled scenario by its name, with changes such as `agents.maker.forecaster=rw`. */
export function bundledScenario(name: string, changes: readonly string[] = []): Scenario {
  const { source, text } = readBundledScenario(name);
  return parseScenario(source, text, BUILT_IN_AGENTS, changes.map(readOverride), readBase);
}
