import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { InputError } from '../../core/assert.ts';
import type { FitState } from '../../forecast/lstm/train/fit-state.ts';
import { FileError } from '../exit.ts';
import { reasonOf } from '../output.ts';
import { outputFile } from '../output-file.ts';

/** Begins a checkpoint; after it the key, the hash of what follows, and a line's end. */
const FORMAT = 'volpit.checkpoint/1';
const LINE_END = 0x0a;

/** States of the nets of a training after their last whole epochs, one file per net, in the model's folder. */
export class Checkpoints {
  readonly #folder: string;
  readonly #key: string;

  /** @param key of data and options: a state of others is never gone on from. */
  constructor(folder: string, key: string) {
    this.#folder = folder;
    this.#key = key;
  }

  /** Writes the state of a net, whole or not at all. @throws FileError */
  write(member: number, state: FitState): void {
    const body = serialize(state);
    const head = Buffer.from(`${FORMAT} ${this.#key} ${hashOf(body)}\n`);
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch (error) {
      throw new FileError(`cannot make the folder ${this.#folder}: ${reasonOf(error)}`);
    }
    outputFile(this.#path(member), { force: true }).write(Buffer.concat([head, body]));
  }

  /**
   * The state of a net; undefined where none was written yet.
   * @throws InputError when the file is damaged, or is of other data or options.
   */
  read(member: number): FitState | undefined {
    const path = this.#path(member);
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const bytes = readFileSync(path);
    const end = bytes.indexOf(LINE_END);
    const [format, key, hash] = bytes.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
    const body = bytes.subarray(end + 1);
    const refuse = (message: string): never => {
      throw new InputError('--resume', [{ path, message }]);
    };
    if (format !== FORMAT || hashOf(body) !== hash) return refuse('is damaged: leave --resume out to begin anew');
    if (key !== this.#key)
      return refuse('is of a training with other data or options: give the same ones, or leave --resume out to begin anew');
    return deserialize(body) as FitState;
  }

  /** Takes them all away. */
  clear(members: number): void {
    for (let member = 0; member < members; member += 1) rmSync(this.#path(member), { force: true });
  }

  #path(member: number): string {
    return join(this.#folder, checkpointFile(member));
  }
}

/** Name of the checkpoint of a net, counted from 0, in the model's folder. */
export const checkpointFile = (member: number): string => `checkpoint-${member + 1}.bin`;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
