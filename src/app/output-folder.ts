import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { FileError } from './exit.ts';
import { reasonOf } from './output.ts';
import { outputFile } from './output-file.ts';

/** A folder of results whose files are written together. */
export interface OutputFolder {
  readonly path: string;
  /** Writes the files, each whole. @throws FileError when one cannot be written. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
}

/**
 * A place for a set of files, looked at before the work begins. The folder is made when they are written.
 * @throws InputError when one of the files exists and `force` is not set, or the path is a file.
 */
export function outputFolder(path: string, options: { readonly force: boolean; readonly files: readonly string[] }): OutputFolder {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status !== undefined && !status.isDirectory()) throw new InputError('--out', [{ path, message: 'is a file: expected a folder' }]);
  if (status !== undefined) for (const file of options.files) outputFile(join(path, file), { force: options.force });
  return {
    path,
    write(files) {
      try {
        mkdirSync(path, { recursive: true });
      } catch (error) {
        throw new FileError(`cannot make the folder ${path}: ${reasonOf(error)}`);
      }
      for (const [name, content] of Object.entries(files)) outputFile(join(path, name), { force: options.force }).write(content);
    },
  };
}
