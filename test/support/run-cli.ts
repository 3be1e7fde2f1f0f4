import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The bundle that a user runs; `build-once.ts` has made it. */
export const CLI = fileURLToPath(new URL('../../dist/cli/volpit.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sent after so many milliseconds. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly afterMillis: number };
}

/** Runs `volpit` to its end, without a terminal, and without what the environment says about colours. */
export function volpit(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return ended(process.execPath, [CLI, ...words], options);
}

/** Runs a line of bash in which `volpit` is the program: for pipes and redirections. */
export function shell(line: string, options: RunOptions = {}): Promise<Ended> {
  return ended('bash', ['-c', `volpit() { "${process.execPath}" "${CLI}" "$@"; }; ${line}`], options);
}

function ended(program: string, args: readonly string[], { cwd, env = {}, kill }: RunOptions): Promise<Ended> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = kill === undefined ? undefined : setTimeout(() => child.kill(kill.signal), kill.afterMillis);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr, millis: performance.now() - start });
    });
  });
}
