import type { AgentKind } from '../agents/agent.ts';
import { InputError } from '../core/assert.ts';
import type { ModelCard } from '../forecast/lstm/model-card.ts';
import { evaluationPage } from '../report/evaluation-page.ts';
import type { LearningCurve } from '../report/evaluation-report.ts';
import type { Override } from '../scenario/overrides.ts';
import { EVALUATION_PARTS, evaluationText } from '../study/evaluation/evaluation-text.ts';
import { sharesText } from '../study/simulated/shares-text.ts';
import type { Context, OptionSpec } from './command.ts';
import { EXIT } from './exit.ts';
import { outputFile } from './output-file.ts';
import { EVALUATED_KINDS, evaluateScenario } from './scenario-evaluation.ts';

/** `--models <list>` */
export function modelsOption(): OptionSpec<readonly string[]> {
  return {
    flags: '--models <list>',
    about: 'kinds of forecasters to score, apart by commas; rw is always among them',
    initial: EVALUATED_KINDS,
    initialText: EVALUATED_KINDS.join(','),
    read(text) {
      const kinds = text.split(',').map((kind) => kind.trim());
      if (kinds.some((kind) => kind === ''))
        throw new InputError('--models', [{ path: '', message: `found "${text}", expected kinds apart by commas` }]);
      return [...new Set(['rw', ...kinds])];
    },
  };
}

/** The options of `evaluate` that are about scenarios. */
export interface ScenarioOptions {
  readonly scenario: string | undefined;
  readonly models: readonly string[];
  readonly seeds: readonly string[];
  readonly set: readonly Override[];
  readonly plugin: readonly string[];
  readonly fitRuns: number;
  readonly fitWorlds: number;
  readonly halfLife: number;
  readonly workers: number;
  readonly report: string | undefined;
  readonly force: boolean;
  readonly details: boolean;
  readonly json: boolean;
}

const SCENARIO = 'vol-regimes';

/** `volpit evaluate` on a scenario: scores models on recorded runs, and prints the table. */
export async function printScenarioEvaluation(
  { output, progress, version }: Context,
  model: string | undefined,
  kinds: readonly AgentKind[],
  options: ScenarioOptions,
): Promise<number> {
  const file = options.report === undefined ? undefined : outputFile(options.report, { flag: '--report', force: options.force });
  const result = await evaluateScenario(
    {
      scenario: options.scenario ?? SCENARIO,
      overrides: options.set,
      kinds,
      plugins: options.plugin,
      modelPath: model,
      models: options.models,
      seeds: options.seeds,
      fitRuns: options.fitRuns,
      fitWorlds: options.fitWorlds,
      halfLifeMinutes: options.halfLife,
      workers: options.workers,
    },
    progress,
  );
  const { scenario, shares, disturbedSteps, card } = result;
  const { rows, reference } = result.evaluation;
  const about = [
    `Runs of ${scenario} with full books, seeds ${options.seeds.join(', ')}; the subject quotes on the random walk, and all models see the same records.`,
    ...(card === undefined ? [] : [`The net and the linear models: ${card.command}`]),
  ];
  const subject = options.models.includes('lstm') ? 'lstm' : (options.models.find((kind) => kind !== 'rw') ?? 'rw');
  file?.write(
    evaluationPage({ version, about, evaluation: result.evaluation, table: result.table, subject, curves: learningCurves(card) }),
  );
  if (options.json) {
    output.json('evaluate', {
      scenario,
      seeds: options.seeds,
      ...(card === undefined ? {} : { model: { command: card.command, weightsSha256: card.weightsSha256 } }),
      ...(reference === undefined ? {} : { reference }),
      disturbedSteps,
      rows,
      shares,
    });
  } else {
    output.print(evaluationText(result.evaluation, options.details ? EVALUATION_PARTS : ['skill']));
    if (shares.length > 0) output.print(`\n${sharesText(shares)}`);
    if (disturbedSteps > 0) output.print(`\n${disturbedSteps} steps near jumps of the spot are in no figure.`);
  }
  return EXIT.ok;
}

/** Losses of each net of the ensemble; that before the first epoch is left out. */
function learningCurves(card: ModelCard | undefined): LearningCurve[] {
  return (card === undefined ? [] : [card.training, ...card.members]).map(({ trainLoss, validationLoss }, n) => ({
    name: `net ${n + 1}`,
    train: trainLoss,
    validation: validationLoss.slice(1),
  }));
}
