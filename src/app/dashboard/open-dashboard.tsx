import { isatty } from 'node:tty';
import { invariant } from '../../core/assert.ts';
import type { SnapshotSource } from './source.ts';
import { openTerminal } from './terminal.ts';
import type { Theme } from './theme.ts';

/** How a dashboard ended: a key, the end of the run, or a signal. */
export type DashboardEnd = 'quit' | 'done' | 'interrupted' | 'terminated' | 'hung-up';

/** Exit codes of the program by end: 128 plus the number of the signal, Ctrl-C counting as SIGINT. */
export const EXIT_CODES: Readonly<Record<DashboardEnd, number>> = { quit: 0, done: 0, interrupted: 130, terminated: 143, 'hung-up': 129 };

const SIGNALS = [
  ['SIGINT', 'interrupted'],
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'hung-up'],
] as const;

export interface DashboardOptions {
  /** Simulated seconds per real second at the start; Infinity is as fast as the machine can. */
  readonly speed: number;
  readonly theme: Theme;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Leaves the screen when the run is done; else it stays until a key is pressed. */
  readonly exitWhenDone?: boolean;
}

/**
 * Shows a run on the terminal until the reader leaves, a signal arrives, or the run is done. However it ends, and also when
 * the program fails elsewhere, the terminal is given back as it was found. The caller prints what is to stay on the screen
 * and sets the exit code ({@link EXIT_CODES}).
 *
 * React and Ink are loaded here, in their production build unless `NODE_ENV` says otherwise: a program that does not show the
 * dashboard does not pay for them.
 *
 * @throws whatever the source throws, after the terminal was restored.
 * @throws InvariantError when either stream is no terminal: the caller has to look first.
 */
export async function openDashboard(source: SnapshotSource, options: DashboardOptions): Promise<DashboardEnd> {
  const { stdin, stdout } = options;
  invariant(stdin.isTTY === true && stdout.isTTY === true, 'the dashboard needs a terminal for its input and its output');
  const { env } = process;
  env['NODE_ENV'] ??= 'production';
  const { mount } = await import('./mount.tsx');

  const terminal = openTerminal(stdin, stdout);
  const undo: (() => void)[] = [terminal.close];
  let gone = false;
  try {
    return await new Promise<DashboardEnd>((resolve, reject) => {
      const hungUp = (): void => {
        gone = true;
        resolve('hung-up');
      };
      for (const [signal, end] of SIGNALS) undo.push(listening(process, signal, end === 'hung-up' ? hungUp : () => resolve(end)));
      for (const stream of [stdin, stdout]) undo.push(listening(stream, 'error', hungUp), listening(stream, 'close', hungUp));
      undo.push(listening(stdin, 'end', hungUp));
      // An error elsewhere ends the program with its message: on the screen from before.
      undo.push(listening(process, 'uncaughtExceptionMonitor', terminal.close), listening(process, 'exit', terminal.close));
      const app = {
        source,
        speed: options.speed,
        theme: options.theme,
        size: terminal.size,
        exitWhenDone: options.exitWhenDone ?? false,
        onEnd: resolve,
        onError: reject,
        onRedraw: terminal.redraw,
      };
      const ink = mount(app, stdin, terminal.frames);
      undo.push(() => ink.unmount());
      // Settles early only when a component has thrown.
      ink.waitUntilExit().then(() => resolve('quit'), reject);
    });
  } finally {
    if (gone) outlive(stdout);
    for (const step of undo.reverse()) step();
  }
}

function listening(emitter: NodeJS.EventEmitter, event: string, listener: (...details: unknown[]) => void): () => void {
  emitter.on(event, listener);
  return () => emitter.off(event, listener);
}

/**
 * For a terminal that has gone: what is still written to it fails in silence, and the program dies at its end of the signal that
 * told so. Node itself would abort on its way out, not finding the terminal that it wants to restore.
 */
function outlive(stdout: NodeJS.WriteStream): void {
  stdout.on('error', () => {});
  process.once('exit', () => {
    if (!isatty(0)) process.kill(process.pid, 'SIGHUP');
  });
}
