import { InputError } from '../../core/assert.ts';
import { streams } from '../../core/rng.ts';
import { shown } from '../../scenario/shown.ts';
import { compareVariants, SEEDS_MINIMUM } from '../../study/compare.ts';
import { comparisonText } from '../../study/comparison-text.ts';
import { gapShares } from '../../study/gap-share.ts';
import type { RunReport } from '../../study/run-report.ts';
import { variantChanges } from '../../study/variants.ts';
import { defineCommand, type OptionSpec, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { jsonOption, seedsOption, textOption } from '../options.ts';
import { FIT, oracleLaw, recordable, wantsOracle } from '../oracle-fit.ts';
import { agentCatalog, pluginOption } from '../plugins.ts';
import { changes, loadScenario, modelOption } from '../run-setup.ts';
import { runAll, workersOption } from '../seed-pool.ts';
import type { SeedRun } from '../seed-run.ts';
import { setOption } from '../set-option.ts';

/** What a run can be judged by; more is better in each. */
const METRICS = {
  pnl: (report: RunReport) => subjectOf(report).pnl.total,
  riskAdjusted: (report: RunReport) => subjectOf(report).pnl.total - (subjectOf(report).pnl.surface?.riskCharge ?? 0),
  screenPnl: (report: RunReport) => subjectOf(report).pnl.screen ?? 0,
  spreadCapture: (report: RunReport) => subjectOf(report).pnl.byCause['spreadCapture'] ?? 0,
  drawdown: (report: RunReport) => -subjectOf(report).maxDrawdown,
  fills: (report: RunReport) => subjectOf(report).fills,
} as const;
type Metric = keyof typeof METRICS;
const METRIC_NAMES = Object.keys(METRICS) as Metric[];

/** `volpit compare`: variants of the subject, paired by seed. */
export const compare = defineCommand({
  about:
    'Runs every variant on every seed: at one seed all variants meet the same world and the same customers. Reports means with intervals, tail losses beside them, and paired differences. A bare forecaster kind (rw, ewma, lstm, linear, ...) is a variant; others are defined in the scenario.',
  arguments: { scenario: one('scenario', 'scenario file, or the name of a bundled one') },
  options: {
    variants: textOption('--variants <list>', 'variants, separated by commas (default: lstm,rw)'),
    seeds: seedsOption('1..16'),
    metric: metricsOption(),
    gap: textOption(
      '--gap <floor,ceiling>',
      'two of the variants: how much of the way from the one to the other the rest go, with intervals',
    ),
    set: setOption(),
    plugin: pluginOption(),
    model: modelOption(),
    workers: workersOption(),
    json: jsonOption(),
  },
  examples: [
    'volpit compare vol-regimes --variants lstm,rw --seeds 1..16',
    'volpit compare calm --variants wide,narrow --seeds 1..32 --json',
    'volpit compare vol-regimes --variants rw,average,filter --gap rw,filter --metric pnl,riskAdjusted --seeds 1..32',
  ],
  async action({ output, progress }, args, options) {
    const names = variantNames(options.variants ?? 'lstm,rw');
    const gap = gapOf(options.gap, names);
    if (options.seeds.length < SEEDS_MINIMUM) {
      throw new InputError('--seeds', [{ path: '', message: `found ${options.seeds.length} seed, expected at least ${SEEDS_MINIMUM}` }]);
    }
    const kinds = await agentCatalog(options.plugin);
    const { scenario, source, text } = loadScenario(args.scenario, options.set, kinds);
    const base = options.set.map((override) => override.text);
    const variants = names.map(
      (name) => loadScenario(args.scenario, changes([...base, ...variantChanges(scenario, name)]), kinds).scenario,
    );
    const recorded = { scenario: args.scenario, overrides: options.set, kinds, plugins: options.plugin };
    const terms = { fitRuns: FIT.runs, fitWorlds: FIT.worlds, kinds, workers: options.workers };
    const oracles = variants.some(wantsOracle) ? await oracleLaw(recordable(recorded), terms, progress) : undefined;
    const tasks = names.flatMap((name) =>
      options.seeds.map(
        (seed): SeedRun => ({
          source,
          text,
          changes: [...base, ...variantChanges(scenario, name)],
          seed,
          modelPath: options.model,
          plugins: options.plugin,
          ...(oracles === undefined ? {} : { oracles }),
        }),
      ),
    );
    const bar = progress(`comparing ${names.join(', ')}`);
    const runs = await runAll(tasks, kinds, options.workers, bar).finally(() => bar.end());
    const comparisons = options.metric.map((metric) => {
      const score = METRICS[metric];
      const variantScores = names.map((name, v) => ({
        name,
        scores: options.seeds.map((_, s) => score((runs[v * options.seeds.length + s] as (typeof runs)[number]).report)),
      }));
      const rng = streams(`compare/${scenario.name}`).stream('bootstrap');
      return compareVariants({ metric, seeds: options.seeds, variants: variantScores }, { rng });
    });
    const results = comparisons.map((comparison) =>
      gap === undefined ? comparison : { ...comparison, gap: gapShares(comparison, gap[0], gap[1]) },
    );
    const [first, ...further] = results;
    if (options.json)
      output.json('compare', { scenario: scenario.name, subject: scenario.subject, ...first, ...(further.length > 0 ? { further } : {}) });
    else output.print(results.map(comparisonText).join('\n\n'));
    return EXIT.ok;
  },
});

/** `--metric <list>`: the first is the headline. */
function metricsOption(): OptionSpec<readonly Metric[]> {
  return {
    flags: '--metric <list>',
    about: `what is compared, in dollars net of fees unless it says otherwise: ${METRIC_NAMES.join(', ')}; several, separated by commas, are compared on the same runs`,
    initial: ['pnl'],
    initialText: 'pnl',
    read: (text) =>
      text.split(',').map((part) => {
        const metric = METRIC_NAMES.find((name) => name === part.trim());
        if (metric !== undefined) return metric;
        const message = `found ${shown(part.trim())}, expected one of ${METRIC_NAMES.join(', ')}`;
        throw new InputError('--metric', [{ path: '', message }]);
      }),
  };
}

/** The two ends of `--gap`. */
function gapOf(text: string | undefined, names: readonly string[]): readonly [string, string] | undefined {
  if (text === undefined) return undefined;
  const [floor = '', ceiling = '', ...rest] = text.split(',').map((name) => name.trim());
  const isPair = rest.length === 0 && floor !== ceiling && names.includes(floor) && names.includes(ceiling);
  if (isPair && names.length > 2) return [floor, ceiling];
  const message = `found ${shown(text)}, expected two of the variants ${names.join(', ')}, and a third one that goes some of the way`;
  throw new InputError('--gap', [{ path: '', message }]);
}

function variantNames(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.length < 2 || names.some((name) => name === '') || twice !== undefined) {
    const message = twice === undefined ? `found "${list}", expected two or more names separated by commas` : `names ${twice} twice`;
    throw new InputError('--variants', [{ path: '', message }]);
  }
  return names;
}

function subjectOf(report: RunReport) {
  const subject = report.agents.find((agent) => agent.name === report.subject);
  if (subject === undefined) throw new RangeError(`the report of ${report.scenario} has no subject`);
  return subject;
}
