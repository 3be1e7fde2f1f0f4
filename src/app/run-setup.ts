import type { AgentKind } from '../agents/agent.ts';
import { BUILT_IN_AGENTS } from '../agents/built-in.ts';
import { COMBINED_KINDS } from '../forecast/forecaster-kinds.ts';
import { LINEAR_KINDS } from '../forecast/linear/linear-document.ts';
import { selfContainedText } from '../scenario/extends.ts';
import { type Override, readOverride } from '../scenario/overrides.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type ForecasterCatalog, forecasterCatalog } from '../sim/forecasters.ts';
import type { OracleLaw } from '../sim/oracles/oracle-law.ts';
import { type NamedText, readBase, readScenarioText } from './bundled.ts';
import type { OptionSpec } from './command.ts';
import { bundledModelPath, readCombinedModel, readLinearModels, readModelFolder } from './model-folder.ts';
import { textOption } from './options.ts';

/** A scenario with the text that it comes from; where it extends others, the text is that of the whole. */
export interface LoadedScenario extends NamedText {
  readonly scenario: Scenario;
}

/**
 * Reads and checks a scenario, by path or bundled name.
 * @param kinds the catalogue of agents that it may name.
 * @throws InputError with all issues.
 */
export function loadScenario(name: string, overrides: readonly Override[], kinds: readonly AgentKind[] = BUILT_IN_AGENTS): LoadedScenario {
  return checkedScenario(readScenarioText(name), overrides, kinds);
}

/** Checks the text of a scenario. @throws InputError with all issues. */
export function checkedScenario(
  { source, text }: NamedText,
  overrides: readonly Override[],
  kinds: readonly AgentKind[] = BUILT_IN_AGENTS,
): LoadedScenario {
  const scenario = parseScenario(source, text, kinds, overrides, readBase);
  return { source, text: selfContainedText(source, text, readBase), scenario };
}

/**
 * The forecasters that a scenario's agents ask for; the trained model is only read when one of them does.
 * @param modelPath folder of the model; the bundled one for the scenario's preset if undefined.
 * @throws InputError when the model cannot be used.
 */
export function forecastersFor(scenario: Scenario, modelPath: string | undefined, oracles?: OracleLaw): ForecasterCatalog {
  const wanted = scenario.agents.map((agent) => agent.kind.forecasterKind(agent.params));
  return forecasterModels(scenario, wanted, modelPath, oracles);
}

/** The same for kinds that are wanted by whomever. */
export function forecasterModels(
  scenario: Scenario,
  wanted: readonly (string | undefined)[],
  modelPath: string | undefined,
  oracles?: OracleLaw,
): ForecasterCatalog {
  const folder = modelPath ?? bundledModelPath(scenario.preset);
  const combined = COMBINED_KINDS.filter((kind) => wanted.includes(kind));
  const net = wanted.includes('lstm') || combined.length > 0 ? readModelFolder(folder).model : undefined;
  const linear = LINEAR_KINDS.some((kind) => wanted.includes(kind)) ? readLinearModels(folder) : [];
  const trained = [...(net === undefined ? [] : [net]), ...linear];
  return forecasterCatalog(scenario.forecast, [...trained, ...combined.map((kind) => readCombinedModel(kind, folder))], oracles);
}

/** `--model <folder>` */
export function modelOption(): OptionSpec<string | undefined> {
  return textOption(
    '--model <folder>',
    'folder of the trained models: lstm and the linear ones (default: the bundled one for the preset of the world)',
  );
}

/** Texts of `path=value` as changes. */
export const changes = (texts: readonly string[]): Override[] => texts.map(readOverride);
