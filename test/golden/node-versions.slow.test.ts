import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Kept between runs: each version is a hundred megabytes. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'volpit-nodes');
const VERSIONS = [22, 24];

/** The program of a version of Node, from its npm package; undefined, with a printed reason, where it cannot be had. */
function nodeOf(version: number): string | undefined {
  const program = join(CACHE, 'node_modules', `node${version}`, 'bin', 'node');
  if (existsSync(program)) return program;
  try {
    execFileSync('npm', ['install', '--prefix', CACHE, '--no-audit', '--no-fund', `node${version}@npm:node@${version}`], { stdio: 'pipe' });
  } catch {
    console.log(`skipped: npm cannot install node@${version}`);
    return undefined;
  }
  if (existsSync(program)) return program;
  console.log(`skipped: node@${version} brings no program for this machine`);
  return undefined;
}

function traceOn(program: string, scenario: string, seed: number): string {
  const args = ['dist/cli/volpit.js', 'run', scenario, '--seed', String(seed), '--json'];
  const { traceHash } = JSON.parse(execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return traceHash;
}

test('one scenario and one seed give one trace on every supported version of Node', () => {
  const programs = VERSIONS.flatMap((version) => nodeOf(version) ?? []);
  for (const [scenario, seed] of [
    ['tiny', 1],
    ['vol-regimes', 1],
    ['crash', 2],
  ] as const) {
    const here = traceOn(process.execPath, scenario, seed);
    expect(here).toMatch(/^[0-9a-f]{32}$/);
    for (const program of programs) expect(traceOn(program, scenario, seed), `${program} on ${scenario}`).toBe(here);
  }
}, 300_000);
