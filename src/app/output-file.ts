import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../core/assert.ts';
import { FileError } from './exit.ts';
import { reasonOf } from './output.ts';

/** A file that is about to be written, looked at before the work begins: nothing is worse than an hour of work and nowhere to put it. */
export interface OutputFile {
  readonly path: string;
  /**
   * Writes the whole file at once: it is there completely or not at all, also after a crash or a loss of power.
   * @throws FileError when that fails. @throws InputError when the file has come into being meanwhile.
   */
  write(content: string | Uint8Array): void;
  /** As {@link write}, in parts as they come: memory never holds them all. When one of them fails to come nothing is there. */
  writeParts(parts: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface OutputFileOptions {
  /** Flag that named the path, for messages. */
  readonly flag?: string;
  /** Replace what is there. */
  readonly force: boolean;
  /** Files that are read: none of them is ever replaced. */
  readonly inputs?: readonly string[];
}

/**
 * The place for a result. Devices and pipes (`/dev/stdout`) are written to as they are; a symbolic link is followed.
 *
 * @throws InputError when the file exists and `force` is not set, is a folder or one of the inputs, or when its folder does not exist.
 * @throws FileError when its folder may not be written.
 */
export function outputFile(path: string, options: OutputFileOptions): OutputFile {
  const { flag = '--out', force, inputs = [] } = options;
  const refuse = (message: string): never => {
    throw new InputError(flag, [{ path: path, message }]);
  };
  if (path === '' || path.includes('\0')) return refuse('expected the name of a file');
  const target = resolved(path);
  const status = statusOf(flag, target);
  if (status?.isDirectory()) return refuse('is a folder: expected the name of a file');
  if (status !== undefined && !status.isFile()) {
    return {
      path,
      write: (content) => written(path, () => writeWhole(target, 'w', content)),
      writeParts: (parts) => writeAll(path, target, 'w', parts),
    };
  }
  if (status !== undefined && inputs.some((input) => sameFile(input, target))) return refuse('is the input: it would be overwritten');
  if (status !== undefined && !force) return refuse('exists already: choose another name, or add --force to replace it');
  const folder = dirname(target);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return refuse(`there is no folder ${folder}`);
  written(path, () => accessSync(folder, constants.W_OK));
  return {
    path,
    write: (content) => {
      const draft = draftOf(target);
      try {
        written(path, () => writeWhole(draft, 'wx', content));
        if (!placed(path, draft, target, force)) refuse('exists by now: it was not replaced');
      } finally {
        rmSync(draft, { force: true });
      }
    },
    writeParts: async (parts) => {
      const draft = draftOf(target);
      try {
        await writeAll(path, draft, 'wx', parts);
        if (!placed(path, draft, target, force)) refuse('exists by now: it was not replaced');
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

function draftOf(target: string): string {
  return join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * What is at a path, or undefined when nothing is.
 * @throws InputError when that cannot be known, as where part of the path is a file.
 */
export function statusOf(flag: string, path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new InputError(flag, [{ path, message: `cannot be used: ${reasonOf(error)}` }]);
  }
}

/** @returns false when the target exists and may not be replaced. */
function placed(path: string, draft: string, target: string, force: boolean): boolean {
  return written(path, () => {
    if (force) renameSync(draft, target);
    else if (!linked(draft, target)) return false;
    settle(dirname(target));
    return true;
  });
}

/** Gives a file its name unless another has it. Unlike a rename, a link never replaces. */
function linked(draft: string, target: string): boolean {
  try {
    linkSync(draft, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Some file systems have no links.
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return false;
    renameSync(draft, target);
    return true;
  }
}

function writeWhole(path: string, flags: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const file = openSync(path, flags, 0o666);
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
    if (flags === 'wx') fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function writeAll(path: string, target: string, flags: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const file = written(path, () => openSync(target, flags, 0o666));
  try {
    for await (const part of parts) {
      written(path, () => {
        for (let offset = 0; offset < part.length; ) offset += writeSync(file, part, offset);
      });
    }
    if (flags === 'wx') written(path, () => fsyncSync(file));
  } finally {
    closeSync(file);
  }
}

/** Makes the new name survive a loss of power, where the system can. */
function settle(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, constants.O_RDONLY);
    fsyncSync(handle);
  } catch {
    // Windows cannot open folders: the file itself is safe all the same.
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function written<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

/** Where a path leads after symbolic links; a path that leads nowhere yet stays as it is. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function sameFile(a: string, b: string): boolean {
  return resolved(a) === b || resolved(a) === resolved(b);
}
