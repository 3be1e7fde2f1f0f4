import { BUILT_IN_AGENTS } from '../../agents/built-in.ts';
import { textTable } from '../../core/text-table.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { bundledScenarios, readBase, readBundledScenario } from '../bundled.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { durationText } from '../progress.ts';

/** `volpit scenarios`: what there is to run, and what each scenario asks. */
export const scenarios = defineCommand({
  about: 'Each can be run by its name.',
  arguments: {},
  options: { json: jsonOption() },
  examples: ['volpit scenarios'],
  async action({ output }, _args, { json }) {
    const all = bundledScenarios().map((name) => {
      const { source, text } = readBundledScenario(name);
      return { file: source, scenario: parseScenario(source, text, BUILT_IN_AGENTS, [], readBase) };
    });
    if (json) {
      output.json('scenarios', {
        scenarios: all.map(({ file, scenario }) => ({
          name: scenario.name,
          question: scenario.question,
          file,
          durationSeconds: scenario.durationSeconds,
          series: scenario.chain.options.length,
          agents: scenario.agents.map((agent) => agent.name),
          variants: [...scenario.variants.keys()],
        })),
      });
    } else {
      const rows = all.map(({ scenario }) => [scenario.name, durationText(scenario.durationSeconds)]);
      const lines = textTable(rows).split('\n');
      output.print(lines.map((line, i) => `${line}  ${all[i]?.scenario.question ?? ''}`).join('\n'));
    }
    return EXIT.ok;
  },
});
