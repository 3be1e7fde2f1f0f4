import { InputError, InvariantError } from '../core/assert.ts';
import { packageInfo } from './package-info.ts';

/** How the program ends. */
export const EXIT = {
  ok: 0,
  /** A bug of volpit. */
  bug: 1,
  /** Wrong command line or bad input: a retry cannot help. */
  badInput: 2,
  /** It ran, and a `--fail-on` gate failed. */
  gateFailed: 3,
  /** It finished, and some runs failed. */
  partial: 4,
  /** A file or stream could not be written or read. */
  io: 5,
  /** A service cannot be reached for now. */
  unavailable: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The machine refused: disk full, no permission to write, a read that failed half-way. Exit code 5. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** A signal asked the program to stop, and it did. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly code: typeof EXIT.interrupted | typeof EXIT.terminated;

  constructor(code: typeof EXIT.interrupted | typeof EXIT.terminated) {
    super(code === EXIT.interrupted ? 'interrupted' : 'terminated');
    this.code = code;
  }
}

/** What to say on stderr, and the code to end with. */
export interface Ending {
  readonly message: string;
  readonly code: ExitCode;
}

/**
 * The ending that an error deserves. All errors of all commands end up here, and nowhere else.
 *
 * @param textOf the text of an input by the name that the error gives it, where it was read: for the excerpt under each message.
 */
export async function endingOf(error: unknown, textOf: (source: string) => string | undefined): Promise<Ending> {
  if (error instanceof InputError) {
    const { formatInputError } = await import('../scenario/parse-with.ts');
    return { message: formatInputError(error, textOf), code: EXIT.badInput };
  }
  if (error instanceof FileError) return { message: `volpit: ${error.message}`, code: EXIT.io };
  if (error instanceof Interruption) return { message: `volpit: ${error.message}`, code: error.code };
  return { message: bugReport(error), code: EXIT.bug };
}

function bugReport(error: unknown): string {
  const head = error instanceof Error ? error.message : String(error);
  const place =
    error instanceof InvariantError
      ? [error.seed === undefined ? '' : `seed ${error.seed}`, error.event === undefined ? '' : `event ${error.event}`].filter(
          (part) => part !== '',
        )
      : [];
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const { version } = packageInfo();
  return [
    `volpit: a bug: ${head}${place.length === 0 ? '' : ` (${place.join(', ')})`}`,
    ...stack,
    `This should not have happened. Please report it with the command line, the input files and these lines (volpit ${version}, Node ${process.version}, ${process.platform} ${process.arch}).`,
  ].join('\n');
}
