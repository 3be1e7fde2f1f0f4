import { BUILT_IN_AGENTS } from '../../agents/built-in.ts';
import { signedPercent, textTable } from '../../core/text-table.ts';
import { eventMinutes } from '../../risk/event-path.ts';
import { EVENT_PATHS } from '../../risk/historical-events.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { bundledScenarios, readBase, readBundledScenario } from '../bundled.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption, switchOption } from '../options.ts';
import { durationText } from '../progress.ts';

/** `volpit scenarios`: what there is to run, what each scenario asks, and which events a timeline can hold. */
export const scenarios = defineCommand({
  about: 'Each can be run by its name. With --events, the moves of real markets that a `world.timeline` can hold.',
  arguments: {},
  options: { events: switchOption('--events', 'list the events of timelines instead'), json: jsonOption() },
  examples: ['volpit scenarios', 'volpit scenarios --events'],
  async action({ output }, _args, { events, json }) {
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
        events: EVENT_PATHS.map((event) => ({
          event: event.key,
          name: event.name,
          durationSeconds: eventMinutes(event) * 60,
          course: event.course,
          approximate: event.approximate,
          path: event.path.map(([minutes, spotMove, vol]) => ({ seconds: minutes * 60, spotMove, vol })),
        })),
      });
    } else if (events) {
      output.print(eventTable());
    } else {
      const rows = all.map(({ scenario }) => [scenario.name, durationText(scenario.durationSeconds)]);
      const lines = textTable(rows).split('\n');
      output.print(lines.map((line, i) => `${line}  ${all[i]?.scenario.question ?? ''}`).join('\n'));
    }
    return EXIT.ok;
  },
});

function eventTable(): string {
  const rows = EVENT_PATHS.map((event) => {
    const [, spotMove, after] = event.path.at(-1) ?? [0, 0, 0];
    const vol = `${event.path[0]?.[2] ?? 0} to ${after}`;
    return [event.key, event.name, durationText(eventMinutes(event) * 60), signedPercent(spotMove), vol, event.course];
  });
  return textTable([['event', 'day', 'length', 'spot', 'vol', 'course'], ...rows]);
}
