import { InputError } from '../../core/assert.ts';
import { didYouMean } from '../../scenario/suggestion.ts';
import { Simulation } from '../../sim/simulation.ts';
import { explanationText } from '../../study/explanation-text.ts';
import { type Context, defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { breath, interruption } from '../interruption.ts';
import { loggedOrigin } from '../logged-run.ts';
import { jsonOption, seedOption, textOption, timeOption } from '../options.ts';
import { statusOf } from '../output-file.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { checkedScenario, forecastersFor, loadScenario, modelOption } from '../run-setup.ts';
import { setOption } from '../set-option.ts';

/** Simulated seconds between two looks at signals. */
const SLICE_SECONDS = 20;

/** `volpit explain`: why the subject quotes a series as it does at a moment of a run. */
export const explain = defineCommand({
  about:
    'Makes the run again up to that moment, which takes as long as it took, and prints the chain of reasons: value, forecast by factor, inventory, terms of the half-spread, rounding and limits, and why the series is quoted or not. A run is a scenario with a seed, or the folder of a log.',
  arguments: { run: one('run', 'scenario file, name of a bundled one, or the folder of a log (run --record)') },
  options: {
    at: timeOption('--at <time>', 'moment after the opening, in seconds or with a unit: "10 min"'),
    series: textOption('--series <name>', 'symbol of the series, such as BTC-30d-70000-C; without it those that are quoted are listed'),
    seed: seedOption(),
    set: setOption(),
    plugin: pluginOption(),
    model: modelOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit explain vol-regimes --at "20 min" --series BTC-30d-70000-C',
    'volpit explain runs/calm --at 600 --series BTC-7d-72000-P --json',
  ],
  async action(context, args, options) {
    const kinds = await agentCatalog(options.plugin);
    const isLog = statusOf(args.run, args.run)?.isDirectory() === true;
    const logged = isLog ? loggedOrigin(args.run, context.version) : undefined;
    const { scenario } =
      logged === undefined
        ? loadScenario(args.run, options.set, kinds)
        : checkedScenario(logged, [...logged.changes, ...options.set], kinds);
    const seed = logged?.seed ?? options.seed;
    if (options.at > scenario.durationSeconds) {
      const message = `found ${options.at} s, expected a moment inside the run of ${scenario.durationSeconds} s`;
      throw new InputError('--at', [{ path: '', message }]);
    }
    const simulation = new Simulation(scenario, { seed, forecasters: forecastersFor(scenario, options.model) });
    await runTo(options.at, simulation, context);
    const subject = simulation.subject.agent.inspect?.();
    if (subject?.explain === undefined) {
      const message = `${scenario.subject} is of a kind that does not explain its quotes`;
      throw new InputError(scenario.name, [{ path: 'subject', message }]);
    }
    const { options: listed } = scenario.chain;
    const { series } = options;
    if (series === undefined) {
      const quoted = listed.filter(({ id }) => subject.selection(id).selected).map(({ symbol }) => symbol);
      throw new InputError('--series', [{ path: '', message: `is missing; quoted then: ${quoted.join(', ') || 'none'}` }]);
    }
    const option = listed.find(({ symbol }) => symbol === series);
    if (option === undefined) {
      const near = didYouMean(
        series,
        listed.map(({ symbol }) => symbol),
      );
      throw new InputError('--series', [{ path: '', message: `found "${series}", which is no series of ${scenario.name}${near}` }]);
    }
    const explanation = subject.explain(option.id);
    const run = { scenario: scenario.name, seed, subject: scenario.subject, symbol: option.symbol, regime: simulation.world.regimeName() };
    if (options.json) context.output.json('explain', { ...run, ...explanation });
    else context.output.print(explanationText(run, explanation));
    return EXIT.ok;
  },
});

async function runTo(seconds: number, simulation: Simulation, context: Context): Promise<void> {
  const progress = context.progress(`running ${simulation.scenario.name}`);
  const signal = interruption();
  try {
    while (simulation.nowSeconds < seconds && !simulation.done) {
      simulation.advance(Math.min(seconds, simulation.nowSeconds + SLICE_SECONDS));
      progress.update(simulation.nowSeconds, seconds);
      await breath();
      signal.throwIfAborted();
    }
  } finally {
    progress.end();
  }
}
