import { Simulation } from '../../sim/simulation.ts';
import { runReport } from '../../study/run-report.ts';
import { runText } from '../../study/run-text.ts';
import { type Context, defineCommand, one } from '../command.ts';
import type { ThemeName } from '../dashboard/theme.ts';
import { EXIT } from '../exit.ts';
import { breath, interruption } from '../interruption.ts';
import { jsonOption, numberOption, seedOption, switchOption } from '../options.ts';
import { forecastersFor, loadScenario, modelOption } from '../run-setup.ts';
import { setOption } from '../set-option.ts';
import { themeOption } from '../theme-option.ts';
import { watch } from '../watch.ts';

/** Simulated seconds between two looks at the clock and at signals. */
const SLICE_SECONDS = 20;
const SPEED_MAXIMUM = 1e6;

/** `volpit run`: one scenario, in the dashboard on a terminal, as text or JSON elsewhere. */
export const run = defineCommand({
  about:
    'On a terminal the dashboard opens; elsewhere, or with --headless or --json, the same run is reported as text or JSON. The trace hash is the same in all cases.',
  arguments: { scenario: one('scenario', 'scenario file, or the name of a bundled one') },
  options: {
    json: jsonOption(),
    headless: switchOption('--headless', 'no dashboard, also on a terminal'),
    seed: seedOption(),
    set: setOption(),
    model: modelOption(),
    verify: switchOption('--verify', 'check every invariant after every event (slow)'),
    speed: numberOption('--speed <n>', 'simulated seconds per real second in the dashboard', { minimum: 0.01, maximum: SPEED_MAXIMUM }, 60),
    theme: themeOption(),
  },
  examples: ['volpit run calm', 'volpit run vol-regimes --set agents.maker.forecaster=rw --seed 7 --json', 'volpit run tiny --verify'],
  async action(context, args, options) {
    const { scenario } = loadScenario(args.scenario, options.set);
    const simulation = new Simulation(scenario, {
      seed: options.seed,
      forecasters: forecastersFor(scenario, options.model),
      verify: options.verify,
    });
    return present(simulation, context, options);
  },
});

/** How a run is shown. */
export interface Presentation {
  readonly json: boolean;
  readonly headless: boolean;
  readonly speed: number;
  readonly theme: ThemeName;
}

/** Runs a simulation to its end, watched or not, and reports it. */
export async function present(simulation: Simulation, context: Context, options: Presentation): Promise<number> {
  const { output } = context;
  const isTerminal = output.stdout.isTTY === true && process.stdin.isTTY === true && process.env['TERM'] !== 'dumb';
  if (isTerminal && !options.headless && !options.json) {
    const code = await watch(simulation, context, options);
    output.print(runText(runReport(simulation)));
    return code;
  }
  const start = performance.now();
  await runThrough(simulation, context);
  const wallSeconds = (performance.now() - start) / 1000;
  const report = runReport(simulation);
  const speed = { wallSeconds, eventsPerSecond: wallSeconds > 0 ? report.events / wallSeconds : 0 };
  if (options.json) output.json('run', { ...report, ...speed });
  else output.print(runText(report, speed));
  return EXIT.ok;
}

/** Runs to the horizon in slices, with progress. */
async function runThrough(simulation: Simulation, context: Context): Promise<void> {
  const { durationSeconds, name } = simulation.scenario;
  const progress = context.progress(`running ${name}`);
  const signal = interruption();
  try {
    while (!simulation.done) {
      simulation.advance(simulation.nowSeconds + SLICE_SECONDS);
      progress.update(simulation.nowSeconds, durationSeconds, `${simulation.world.regimeName()}`);
      await breath();
      signal.throwIfAborted();
    }
  } finally {
    progress.end();
  }
}
