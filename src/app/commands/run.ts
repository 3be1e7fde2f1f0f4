import { openingManifest } from '../../replay/manifest.ts';
import { MARKOUT_GROUPS, type MarkoutGroup } from '../../sim/markouts.ts';
import { Simulation } from '../../sim/simulation.ts';
import { runDetail } from '../../study/run-detail.ts';
import { runReport } from '../../study/run-report.ts';
import { runText } from '../../study/run-text.ts';
import { type Context, defineCommand, one } from '../command.ts';
import type { ThemeName } from '../dashboard/theme.ts';
import { EXIT, Interruption } from '../exit.ts';
import { breath, interruption } from '../interruption.ts';
import { sha256 } from '../model-folder.ts';
import { choiceOption, jsonOption, numberOption, seedOption, switchOption, textOption } from '../options.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { type Recording, recordingIn } from '../recording.ts';
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
    plugin: pluginOption(),
    model: modelOption(),
    verify: switchOption('--verify', 'check every invariant after every event (slow)'),
    markouts: choiceOption('--markouts <by>', "what the text puts the subject's markouts together by", MARKOUT_GROUPS, 'counterparty'),
    record: textOption('--record <folder>', 'log every event in this folder, for volpit replay'),
    force: switchOption('--force', 'replace the log in the folder of --record'),
    speed: numberOption('--speed <n>', 'simulated seconds per real second in the dashboard', { minimum: 0.01, maximum: SPEED_MAXIMUM }, 60),
    theme: themeOption(),
  },
  examples: [
    'volpit run calm',
    'volpit run vol-regimes --set agents.maker.forecaster=rw --seed 7 --json',
    'volpit run calm --markouts series',
    'volpit run tiny --verify',
    'volpit run calm --record runs/calm',
    "volpit run calm --plugin mine.mjs --set 'agents.mine={ kind: mine }'",
  ],
  async action(context, args, options) {
    const { seed, record, force, verify } = options;
    const { scenario, text } = loadScenario(args.scenario, options.set, await agentCatalog(options.plugin));
    const origin = { version: context.version, seed, text, sha256: sha256(text), changes: options.set.map((change) => change.text) };
    const recording = record === undefined ? undefined : recordingIn(record, { force }, openingManifest(scenario, origin));
    const observer = recording === undefined ? {} : { observer: recording.observer };
    const simulation = new Simulation(scenario, { seed, forecasters: forecastersFor(scenario, options.model), verify, ...observer });
    if (recording === undefined) return present(simulation, context, options);
    return recorded(recording, simulation, context, () => present(simulation, context, options));
  },
});

/** Logs a run to its end, or to where it was interrupted. */
async function recorded(recording: Recording, simulation: Simulation, { output }: Context, run: () => Promise<number>): Promise<number> {
  recording.begin();
  try {
    const code = await run();
    output.say(`${recording.seal(simulation)} records logged`);
    return code;
  } catch (error) {
    // Only an interruption leaves the run between two events.
    if (error instanceof Interruption) recording.seal(simulation);
    else recording.abandon();
    throw error;
  }
}

/** How a run is shown. */
export interface Presentation {
  readonly json: boolean;
  readonly headless: boolean;
  readonly speed: number;
  readonly theme: ThemeName;
  /** What the text puts markouts together by; by counterparty if undefined. */
  readonly markouts?: MarkoutGroup;
}

/** Runs a simulation to its end, watched or not, and reports it. */
export async function present(simulation: Simulation, context: Context, options: Presentation): Promise<number> {
  const { output } = context;
  const isTerminal = output.stdout.isTTY === true && process.stdin.isTTY === true && process.env['TERM'] !== 'dumb';
  if (isTerminal && !options.headless && !options.json) {
    const code = await watch(simulation, context, options);
    output.print(textOf(simulation, options.markouts));
    return code;
  }
  const start = performance.now();
  await runThrough(simulation, context);
  const wallSeconds = (performance.now() - start) / 1000;
  const report = runReport(simulation);
  const speed = { wallSeconds, eventsPerSecond: wallSeconds > 0 ? report.events / wallSeconds : 0 };
  if (options.json) output.json('run', { ...report, detail: runDetail(simulation), ...speed });
  else output.print(textOf(simulation, options.markouts, speed));
  return EXIT.ok;
}

function textOf(simulation: Simulation, markouts: MarkoutGroup = 'counterparty', speed?: Parameters<typeof runText>[1]): string {
  const grouped = markouts === 'counterparty' ? undefined : simulation.records.markouts.rows(markouts);
  return runText(runReport(simulation), speed, grouped);
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
