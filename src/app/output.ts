import { invariant } from '../core/assert.ts';
import { FileError } from './exit.ts';
import { packageInfo } from './package-info.ts';

/** What the program has to say: data on one stream, messages on another. */
export class Output {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly #quiet: () => boolean;
  #pending: Promise<void>[] = [];
  #closed = false;
  #failure: FileError | undefined;

  /** @param quiet whether {@link say} is silent: asked at each message, as the flag is read after the first may be due. */
  constructor(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, quiet: () => boolean) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.#quiet = quiet;
    stdout.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    // With stderr gone there is nobody left to tell.
    stderr.on('error', () => {});
  }

  /** Writes data to stdout, and a line end where there is none. After the reader has left (`| head -1`) it does nothing. */
  print(text: string): void {
    if (this.#closed) return;
    const written = new Promise<void>((resolve) => {
      this.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => {
        if (error) this.#failed(error);
        resolve();
      });
    });
    this.#pending.push(written);
  }

  /**
   * Prints the one document of `--json`: `{ "schema": "volpit.<command>/1", "version": …, … }`.
   * @throws InvariantError when a number in it is not finite: JSON would silently turn it into null.
   */
  json(command: string, document: Readonly<Record<string, unknown>>): void {
    this.print(jsonDocument(command, document));
  }

  /** A message to the user on stderr; nothing with `--quiet`. */
  say(message: string): void {
    if (!this.#quiet()) this.stderr.write(`${message}\n`);
  }

  /** A message on stderr that even `--quiet` does not suppress: why the program fails. */
  complain(message: string): void {
    this.stderr.write(`${message}\n`);
  }

  /**
   * Waits until all that was printed has been taken. A reader that has left is no fault.
   * @returns why stdout could not be written, if so: the disk is full.
   */
  async finish(): Promise<FileError | undefined> {
    await Promise.all(this.#pending);
    this.#pending = [];
    return this.#failure;
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') {
      this.#failure ??= new FileError(`cannot write to the standard output: ${reasonOf(error)}`);
    }
  }
}

/** The text of a document as `--json` prints it. @throws InvariantError when a number in it is not finite. */
export function jsonDocument(command: string, document: Readonly<Record<string, unknown>>): string {
  const whole = { schema: `volpit.${command}/1`, version: packageInfo().version, ...document };
  return `${JSON.stringify(whole, finite, 2)}\n`;
}

function finite(key: string, value: unknown): unknown {
  invariant(typeof value !== 'number' || Number.isFinite(value), () => `the field "${key}" of a JSON document is ${String(value)}`);
  return value;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file would be larger than allowed',
  EINVAL: 'not possible there',
  EIO: 'the device reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'part of the path is not a folder',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

/** A failed call of the system in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message;
}
