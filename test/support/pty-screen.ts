import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the fixture program as the command line is bundled, production React included; returns its path. */
export async function bundledFixture(): Promise<string> {
  const outdir = `${ROOT}/node_modules/.cache/volpit-test/${process.pid}`;
  await build({
    entryPoints: [`${ROOT}/test/support/dashboard-fixture.ts`],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    outExtension: { '.js': '.mjs' },
    define: { 'process.env.NODE_ENV': '"production"' },
    // Ink's development tools, which nobody loads.
    external: ['react-devtools-core'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return `${outdir}/dashboard-fixture.mjs`;
}

/** Removes what {@link bundledFixture} wrote. */
export const discardFixture = (path: string): void => rmSync(dirname(path), { recursive: true, force: true });

/** A program on a pseudo-terminal, and the screen that a reader would see. */
export class PtyScreen {
  readonly #pty: ReturnType<typeof spawn>;
  readonly #screen: xterm.Terminal;
  readonly #ended: Promise<{ code: number; signal: number | undefined }>;
  /** All that the program has written. */
  bytes = '';

  constructor(file: string, args: readonly string[], columns: number, rows: number, env: Record<string, string> = {}) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const { CI: _, NODE_ENV: __, NO_COLOR: ___, FORCE_COLOR: ____, ...inherited } = process.env;
    this.#pty = spawn(process.execPath, [file, ...args], {
      cols: columns,
      rows,
      cwd: ROOT,
      env: { ...inherited, TERM: 'xterm-256color', ...env },
    });
    this.#pty.onData((data) => {
      this.bytes += data;
      this.#screen.write(data);
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal: signal === 0 ? undefined : signal }));
    });
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  signal(name: string): void {
    this.#pty.kill(name);
  }

  /** Closes the terminal under the program, as a window that is closed does. */
  hangUp(): void {
    // On Unix the terminal has it; the package's types name only what all systems have.
    (this.#pty as unknown as { destroy(): void }).destroy();
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get buffer(): 'normal' | 'alternate' {
    return this.#screen.buffer.active.type;
  }

  /** The rows of the screen, without the blanks at their ends. */
  lines(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Waits until the screen fits; fails with the screen's text. */
  async until(fits: (lines: readonly string[]) => boolean, what: string, millis = 20_000): Promise<void> {
    const end = Date.now() + millis;
    while (!fits(this.lines())) {
      if (Date.now() > end) throw new Error(`no ${what} on the screen:\n${this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** Waits for the end of the program. */
  async end(millis = 20_000): Promise<{ code: number; signal: number | undefined }> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`still running:\n${this.text()}`)), millis).unref();
    });
    const ended = await Promise.race([this.#ended, late]);
    // The emulator parses what was written last on its next turn.
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    return ended;
  }

  /** Last state of a private mode: `h` set, `l` reset, undefined if never touched. */
  mode(code: number): string | undefined {
    return [...this.bytes.matchAll(new RegExp(`\\u001b\\[\\?${code}([hl])`, 'g'))].at(-1)?.[1];
  }

  close(): void {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It has ended by itself.
    }
    this.#screen.dispose();
  }
}
