import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { FileError } from './exit.ts';
import { reasonOf } from './output.ts';
import { outputFile, statusOf } from './output-file.ts';

/** A folder of results whose files are written together. */
export interface OutputFolder {
  readonly path: string;
  /** Writes the files, each whole. @throws FileError when one cannot be written. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
}

/**
 * A place for a set of files, looked at before the work begins. The folder is made when they are written.
 * @throws InputError when one of the files exists and `force` is not set, or the path is or leads through a file.
 * @throws FileError when the folder could not be made.
 */
export function outputFolder(path: string, options: { readonly force: boolean; readonly files: readonly string[] }): OutputFolder {
  if (path === '') throw new InputError('--out', [{ path, message: 'expected the name of a folder' }]);
  const status = statusOf('--out', path);
  if (status !== undefined && !status.isDirectory()) throw new InputError('--out', [{ path, message: 'is a file: expected a folder' }]);
  if (status !== undefined) for (const file of options.files) outputFile(join(path, file), { force: options.force });
  made(path, () => accessSync(nearestFolder('--out', path), constants.W_OK));
  return {
    path,
    write(files) {
      made(path, () => mkdirSync(path, { recursive: true }));
      for (const [name, content] of Object.entries(files)) outputFile(join(path, name), { force: options.force }).write(content);
    },
  };
}

/** The path, or the first folder above it that is there. @param flag that named it, for messages. */
export function nearestFolder(flag: string, path: string): string {
  return statusOf(flag, path) === undefined ? nearestFolder(flag, dirname(path)) : path;
}

function made(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new FileError(`cannot make the folder ${path}: ${reasonOf(error)}`);
  }
}
