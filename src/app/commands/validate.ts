import type { AgentKind } from '../../agents/agent.ts';
import { InputError, type Issue } from '../../core/assert.ts';
import { type Override, readOverride } from '../../scenario/overrides.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { formatInputError } from '../../scenario/parse-with.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { variantChanges } from '../../study/variants.ts';
import { type NamedText, readBase, readScenarioText } from '../bundled.ts';
import { defineCommand, many } from '../command.ts';
import { EXIT } from '../exit.ts';
import { textRead } from '../files.ts';
import { jsonOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { durationText } from '../progress.ts';
import { setOption } from '../set-option.ts';

interface Verdict {
  readonly file: string;
  readonly issues: readonly Issue[];
  readonly scenario: Scenario | undefined;
  readonly error: InputError | undefined;
}

/** `volpit validate`: all that can be known to be wrong with a scenario before it runs. */
export const validate = defineCommand({
  about:
    'Checks syntax, fields, units and meaning, and the changes that the variants make. All faults are listed; the exit code is 2 if there is one.',
  arguments: { files: many('files', 'scenario files, or names of bundled scenarios') },
  options: { json: jsonOption(), set: setOption(), plugin: pluginOption() },
  examples: ['volpit validate mine.yaml', 'volpit validate scenarios/*.yaml --json'],
  async action({ output, quiet }, { files }, { json, set, plugin }) {
    const kinds = await agentCatalog(plugin);
    const verdicts = files.map((file) => verdictOn(file, kinds, set));
    const isSound = verdicts.every((verdict) => verdict.error === undefined);
    if (json) {
      output.json('validate', { files: verdicts.map(({ file, issues }) => ({ file, valid: issues.length === 0, issues })) });
    } else {
      for (const { file, scenario, error } of verdicts) {
        if (error !== undefined) output.complain(formatInputError(error, textRead));
        else if (scenario !== undefined && !quiet) output.print(`${file}: ok (${description(scenario)})`);
      }
    }
    return isSound ? EXIT.ok : EXIT.badInput;
  },
});

function verdictOn(name: string, kinds: readonly AgentKind[], overrides: readonly Override[]): Verdict {
  let file = name;
  try {
    const { source, text } = readScenarioText(name);
    file = source;
    const scenario = parseScenario(source, text, kinds, overrides, readBase);
    const issues = variantIssues(scenario, kinds, { source, text }, overrides);
    const error = issues.length === 0 ? undefined : new InputError(source, issues);
    return { file: source, issues, scenario, error };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // A fault may lie in a file that this one extends.
    const isElsewhere = error.source !== file && !error.source.startsWith('--');
    const issues = isElsewhere ? error.issues.map((issue) => ({ source: error.source, ...issue })) : error.issues;
    return { file, issues, scenario: undefined, error };
  }
}

/** What the changes of each variant would make of the scenario. Places are those of the fields that they change. */
function variantIssues(
  scenario: Scenario,
  kinds: readonly AgentKind[],
  { source, text }: NamedText,
  overrides: readonly Override[],
): Issue[] {
  return [...scenario.variants.keys()].flatMap((name) => {
    try {
      const changes = [...overrides, ...variantChanges(scenario, name).map(readOverride)];
      parseScenario(source, text, kinds, changes, readBase);
      return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.issues.map((issue) => ({ ...issue, message: `in variant ${name}: ${issue.message}` }));
    }
  });
}

function description(scenario: Scenario): string {
  const { chain, agents, durationSeconds, variants } = scenario;
  const parts = [
    durationText(durationSeconds),
    counted(chain.expiries.length, 'expiry', 'expiries'),
    `${chain.options.length} series`,
    counted(agents.length, 'agent', 'agents'),
    ...(variants.size === 0 ? [] : [counted(variants.size, 'variant', 'variants')]),
  ];
  return `${scenario.name}: ${parts.join(', ')}`;
}

const counted = (count: number, singular: string, plural: string): string => `${count} ${count === 1 ? singular : plural}`;
