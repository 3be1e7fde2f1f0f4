import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { averageModel, type CombinedKind } from '../forecast/adaptive/average-model.ts';
import type { ForecasterModel } from '../forecast/forecaster.ts';
import { parseLinearDocument } from '../forecast/linear/linear-document.ts';
import { linearForecasterModels } from '../forecast/linear/linear-model.ts';
import { type LstmModel, lstmForecasterModel } from '../forecast/lstm/lstm-model.ts';
import { type ModelCard, parseModelCard } from '../forecast/lstm/model-card.ts';
import { type LstmWeights, readLayersModel, weightsFile } from '../forecast/lstm/weights.ts';
import type { PresetName } from '../processes/presets.ts';
import { bundledPath } from './bundled.ts';
import { readBytes, readText } from './files.ts';

const CARD = 'card.json';
export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.bin';
export const CARD_FILE = CARD;
/** The linear forecasters that were fitted on the net's data. */
export const LINEAR_FILE = 'linear.json';
/** Of a model file and of its weights. */
export const MODEL_BYTES_MAXIMUM = 64 * 1_048_576;

/** A trained model as it lies in a folder: `model.json` and its weights (a TF.js LayersModel), those of further members, and `card.json`. */
export interface ModelFolder {
  readonly path: string;
  readonly model: LstmModel;
  readonly card: ModelCard;
}

/** The models that come with volpit, by the preset of the worlds that they have learnt. */
const BUNDLED: Readonly<Record<PresetName, string>> = { btc: 'default', index: 'index' };

/** The model that comes with volpit for worlds of a preset. */
export const bundledModelPath = (preset: PresetName = 'btc'): string => bundledPath('models', BUNDLED[preset]);

/**
 * Reads a model, and refuses it before any quote is made: missing or foreign files, truncated weights, hashes or shapes that do not fit.
 * @throws InputError naming the file and what is wrong.
 */
export function readModelFolder(path: string): ModelFolder {
  const modelPath = join(path, MODEL_FILE);
  const cardPath = join(path, CARD);
  const modelJson = readText(modelPath, { bytesMaximum: MODEL_BYTES_MAXIMUM });
  const card = parseModelCard(cardPath, readText(cardPath));
  const first = checkedNet(path, modelPath, modelJson, card);
  const others = card.members.map((member) => {
    const memberPath = join(path, member.model);
    return checkedNet(path, memberPath, readText(memberPath, { bytesMaximum: MODEL_BYTES_MAXIMUM }), member);
  });
  return { path, model: lstmForecasterModel([first, ...others], card), card };
}

/** The net of a model file and the weights that it points to, both as the card knows them. @throws InputError where they are not. */
export function checkedNet(
  folder: string,
  modelPath: string,
  modelJson: string,
  { modelSha256, weightsSha256 }: Pick<ModelCard, 'modelSha256' | 'weightsSha256'>,
): LstmWeights {
  const weightsPath = join(folder, weightsFile(modelPath, modelJson));
  const bytes = readBytes(weightsPath, { bytesMaximum: MODEL_BYTES_MAXIMUM });
  checkHash(modelPath, sha256(modelJson), modelSha256);
  checkHash(weightsPath, sha256(bytes), weightsSha256);
  return readLayersModel(modelPath, modelJson, bytes);
}

/**
 * Reads the linear forecasters of a model's folder; they need nothing else in it.
 * @throws InputError naming the file and what is wrong.
 */
export function readLinearModels(path: string): ForecasterModel[] {
  const file = join(path, LINEAR_FILE);
  return linearForecasterModels(parseLinearDocument(file, readText(file)));
}

/**
 * The average of the net and the linear model of a folder, as it is served ({@link averageModel}); of the net alone where the folder has no linear
 * forecasters.
 * @throws InputError naming the file and what is wrong.
 */
export function readCombinedModel(kind: CombinedKind, path: string): ForecasterModel {
  const linear = existsSync(join(path, LINEAR_FILE)) ? readLinearModels(path).find((model) => model.kind === 'linear') : undefined;
  return averageModel(kind, readModelFolder(path).model, linear);
}

function checkHash(file: string, found: string, expected: string): void {
  if (found === expected) return;
  const message = `has SHA-256 ${found.slice(0, 16)}…, the card says ${expected.slice(0, 16)}…: the file is damaged, or not the one the card speaks of`;
  throw new InputError(file, [{ path: '', message }]);
}

/** Lower-case hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
