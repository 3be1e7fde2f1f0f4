import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the command line once per test run: the tests of the CLI run what a user runs. */
export default function buildOnce(): void {
  if (process.env['VOLPIT_SKIP_BUILD'] === '1') return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: 'inherit' });
}
