import { MODEL_CARD_FORMAT, type ModelCard } from '../../forecast/lstm/model-card.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import type { AssembledMetrics } from '../../forecast/lstm/train/assembled.ts';
import type { Preparation, TrainedNet } from '../../forecast/lstm/train/trained-net.ts';
import { sha256 } from '../model-folder.ts';
import type { LoadedScenario } from '../run-setup.ts';
import { searchFlags } from '../search-options.ts';
import type { TrainOptions } from './train-options.ts';

/** Name of a further member's model file, and of its weights; members are counted from 1. */
export const memberFile = (member: number): string => (member === 1 ? 'model.json' : `model-${member}.json`);
export const memberWeights = (member: number): string => (member === 1 ? 'weights.bin' : `weights-${member}.bin`);

export interface CardSource {
  readonly nets: readonly TrainedNet[];
  readonly preparation: Preparation;
  readonly metrics: AssembledMetrics;
  readonly data: TrainingSequences;
  readonly loaded: readonly LoadedScenario[];
  readonly dataSeconds: number;
  readonly options: TrainOptions;
  readonly names: readonly string[];
  readonly version: string;
}

/** All that is known of a trained model. Top-level figures of training are those of the first net. */
export function cardOf({ nets, preparation, metrics, data, loaded, dataSeconds, options, names, version }: CardSource): ModelCard {
  const [first, ...others] = nets;
  if (first === undefined) throw new Error('a model has a net');
  return {
    format: MODEL_CARD_FORMAT,
    volpit: version,
    command: commandLine(options, names),
    backend: first.backend,
    seed: options.seed,
    createdFrom: loaded.map(({ scenario, text }) => ({ scenario: scenario.name, hash: sha256(text) })),
    stepSeconds: data.stepSeconds,
    horizonsSeconds: [...data.horizonsSeconds],
    factors: [...data.factors],
    features: [...data.features],
    inputScaler: { mean: [...preparation.inputScaler.mean], sd: [...preparation.inputScaler.sd] },
    targetScale: [...preparation.targetScale],
    calibration: [...metrics.calibration],
    units: options.units,
    head: preparation.layout.head,
    constantFeatures: [...preparation.constantFeatures],
    extras:
      data.extras === undefined
        ? null
        : {
            shockMeaning: data.extras.shockMeaning,
            varianceScale: [...preparation.varianceScale],
            metrics: metrics.extraMetrics.map(({ reliability, platt, ...figures }) => ({
              ...figures,
              platt: { ...platt },
              reliability: reliability.map((bin) => ({ ...bin })),
            })),
          },
    members: others.map((net, n) => ({
      seed: net.seed,
      model: memberFile(n + 2),
      modelSha256: sha256(net.modelJson),
      weightsSha256: sha256(net.weightsBin),
      epochs: net.epochs,
      bestEpoch: net.bestEpoch,
      seconds: net.seconds,
      trainLoss: [...net.trainLoss],
      validationLoss: [...net.validationLoss],
    })),
    training: {
      sequences: data.count,
      steps: data.steps,
      epochs: first.epochs,
      bestEpoch: first.bestEpoch,
      seconds: first.seconds,
      dataSeconds,
      parameters: first.parameters,
      trainLoss: [...first.trainLoss],
      validationLoss: [...first.validationLoss],
    },
    metrics: metrics.metrics.map((metric) => ({ ...metric })),
    weightsSha256: sha256(first.weightsBin),
    modelSha256: sha256(first.modelJson),
  };
}

/** The command that makes the same model again, with every option that counts. */
function commandLine(options: TrainOptions, names: readonly string[]): string {
  const { sequences, source, steps, units, members, epochs, batch, learningRate, schedule, dropout, recurrentDropout, l2, patience } =
    options;
  const flags = {
    sequences,
    source,
    steps,
    units,
    members,
    epochs,
    batch,
    'learning-rate': learningRate,
    schedule,
    dropout,
    'recurrent-dropout': recurrentDropout,
    l2,
    head: options.head,
    'variance-weight': options.varianceWeight,
    patience,
    backend: options.backend,
    seed: options.seed,
    ...searchFlags(options),
  };
  return [
    'volpit train',
    ...names,
    ...Object.entries(flags).map(([name, value]) => `--${name} ${value}`),
    `--out ${options.out ?? ''}`,
  ].join(' ');
}
