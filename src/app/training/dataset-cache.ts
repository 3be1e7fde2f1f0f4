import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURES, FEATURES_VERSION } from '../../forecast/features.ts';
import type { TrainingSequences } from '../../forecast/lstm/sequences.ts';
import { FileError } from '../exit.ts';
import { reasonOf } from '../output.ts';
import { outputFile } from '../output-file.ts';
import type { SequencesWanted } from './make-sequences.ts';

const FORMAT = 'volpit.dataset/1';
const HEADER_BYTES = 65_536;

type Header = Omit<TrainingSequences, 'rows' | 'targets' | 'extras'> & {
  readonly format: string;
  readonly key: string;
  readonly shockMeaning: string;
  /** Lengths of rows, targets, variance and shock. */
  readonly lengths: readonly [number, number, number, number];
  /** SHA-256 of the arrays. */
  readonly sha256: string;
};

/**
 * What data are known by: the texts of the scenarios, what was measured on them, the seed, the numbers of sequences and steps, and the
 * version of the code that makes rows. The same key, the same data.
 */
export function datasetKey({ sources, seed, count, steps, origin }: SequencesWanted, volpit: string): string {
  const named = { format: FORMAT, volpit, features: [FEATURES_VERSION, ...FEATURES], sources, seed, count, steps, origin };
  return createHash('sha256').update(JSON.stringify(named)).digest('hex');
}

/**
 * The data of this key in the folder, in shared memory; undefined where there are none. A file that is damaged or of another key is
 * told of, and counts as none.
 */
export function cachedDataset(folder: string, key: string, warn: (message: string) => void): TrainingSequences | undefined {
  const path = fileOf(folder, key);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readDataset(readFileSync(path), key);
  } catch (error) {
    warn(`${path} cannot be used (${reasonOf(error)}): the data are made again`);
    return undefined;
  }
}

/** Keeps data for the next time. @throws FileError when the folder or the file cannot be made. */
export function keepDataset(folder: string, key: string, data: TrainingSequences): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new FileError(`cannot make the folder ${folder}: ${reasonOf(error)}`);
  }
  outputFile(fileOf(folder, key), { flag: '--cache', force: true }).write(datasetBytes(key, data));
}

const fileOf = (folder: string, key: string): string => join(folder, `${key.slice(0, 32)}.dataset`);

function datasetBytes(key: string, data: TrainingSequences): Uint8Array {
  const { rows, targets, extras, ...shape } = data;
  const arrays = [rows, targets, extras?.variance ?? new Float32Array(), extras?.shock ?? new Float32Array()];
  const lengths = arrays.map(({ length }) => length) as unknown as Header['lengths'];
  const bytes = new Uint8Array(HEADER_BYTES + 4 * lengths.reduce((sum, length) => sum + length, 0));
  let at = HEADER_BYTES;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  const header: Header = {
    ...shape,
    format: FORMAT,
    key,
    shockMeaning: extras?.shockMeaning ?? '',
    lengths,
    sha256: hashOf(bytes.subarray(HEADER_BYTES)),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  if (text.length > HEADER_BYTES) throw new Error('the header of a dataset is too long');
  bytes.fill(0x20, 0, HEADER_BYTES);
  bytes.set(text, 0);
  return bytes;
}

function readDataset(bytes: Uint8Array, key: string): TrainingSequences {
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, HEADER_BYTES))) as Header;
  const { format, key: found, lengths, sha256, shockMeaning, ...shape } = header;
  if (format !== FORMAT || found !== key) throw new Error('it is not the dataset that its name says');
  if (hashOf(bytes.subarray(HEADER_BYTES)) !== sha256) throw new Error('its content does not have the hash that was noted');
  let at = HEADER_BYTES;
  const [rows, targets, variance, shock] = lengths.map((length) => {
    const array = new Float32Array(new SharedArrayBuffer(4 * length));
    new Uint8Array(array.buffer).set(bytes.subarray(at, at + 4 * length));
    at += 4 * length;
    return array;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  return { ...shape, rows, targets, ...(variance.length === 0 ? {} : { extras: { variance, shock, shockMeaning } }) };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
