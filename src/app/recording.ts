import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { InputError } from '../core/assert.ts';
import type { TraceObserver } from '../kernel/trace.ts';
import { accountsOf } from '../replay/accounts.ts';
import { EventLogWriter } from '../replay/event-log-writer.ts';
import type { Manifest } from '../replay/manifest.ts';
import type { Simulation } from '../sim/simulation.ts';
import { FileError } from './exit.ts';
import { eventsPath, manifestPath } from './log-files.ts';
import { reasonOf } from './output.ts';
import { outputFile, statusOf } from './output-file.ts';
import { nearestFolder } from './output-folder.ts';

const FLAG = '--record';

/** A run being logged. Writing is synchronous and holds one block of records: the run does not notice it. */
export interface Recording {
  /** Hands the run's records to the log. */
  readonly observer: TraceObserver;
  /** Makes the folder and the files. Until then nothing is touched: what prevents the run leaves an older log alone. */
  begin(): void;
  /**
   * Ends the log at a moment between two events, and says in the manifest what was reached.
   * @returns the number of records.
   * @throws FileError when a file cannot be written.
   */
  seal(simulation: Simulation): number;
  /** Ends the log where the run broke off within an event: it can be replayed to there, and its manifest says so. Throws nothing. */
  abandon(): void;
}

/**
 * A log in a folder of its own, which is looked at before the run begins.
 * @throws InputError when it is a file, or a folder that is not empty and `force` is not set.
 * @throws FileError when it cannot be made or written.
 */
export function recordingIn(folder: string, options: { readonly force: boolean }, manifest: Manifest): Recording {
  check(folder, options.force);
  const hash = createHash('sha256');
  const pending: Uint8Array[] = [];
  let file: number | undefined;
  const write = (bytes: Uint8Array): void => {
    hash.update(bytes);
    if (file === undefined) pending.push(bytes.slice());
    else writeAll(file, bytes, eventsPath(folder));
  };
  const writer = new EventLogWriter(write);
  const say = (content: Manifest): void =>
    outputFile(manifestPath(folder), { flag: FLAG, force: true }).write(`${JSON.stringify(content, undefined, 2)}\n`);
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    observer: writer,
    begin() {
      written(folder, () => mkdirSync(folder, { recursive: true }));
      // The manifest first: one of an older log must not stand beside the new records.
      say(manifest);
      file = written(eventsPath(folder), () => openSync(eventsPath(folder), 'w', 0o666));
      for (const bytes of pending.splice(0)) writeAll(file, bytes, eventsPath(folder));
    },
    seal(simulation) {
      writer.flush();
      const open = file;
      if (open !== undefined) written(eventsPath(folder), () => fsyncSync(open));
      close();
      const { chain, agents } = simulation.scenario;
      const accounts = accountsOf(
        simulation.ledger,
        chain,
        agents.map(({ name }) => name),
      );
      const { records, bytes } = writer;
      const outcome = {
        seconds: simulation.nowSeconds,
        traceHash: simulation.trace.hash(),
        records,
        bytes,
        sha256: hash.digest('hex'),
        accounts,
      };
      say({ ...manifest, complete: simulation.done, outcome });
      return records;
    },
    abandon() {
      try {
        writer.flush();
      } catch {
        // Why the run broke off matters more, and may be the same: a disk that is full.
      } finally {
        close();
      }
    },
  };
}

function check(folder: string, force: boolean): void {
  const refuse = (message: string): never => {
    throw new InputError(FLAG, [{ path: folder, message }]);
  };
  if (folder === '' || folder.includes('\0')) refuse('expected the name of a folder');
  const status = statusOf(FLAG, folder);
  if (status !== undefined && !status.isDirectory()) refuse('is a file: expected a folder');
  if (status !== undefined && !force && written(folder, () => readdirSync(folder)).length > 0) {
    refuse('is not empty: choose another folder, or add --force to replace the log in it');
  }
  written(folder, () => accessSync(nearestFolder(FLAG, folder), constants.W_OK));
}

function writeAll(file: number, bytes: Uint8Array, path: string): void {
  written(path, () => {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
  });
}

function written<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}
