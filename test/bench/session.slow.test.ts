import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Figure } from '../../bench/figure.ts';

const BENCH = fileURLToPath(new URL('../../dist/cli/bench.js', import.meta.url));

/**
 * Some 390 are measured, 68 MB for an hour. Customers, the makers' looks and the records bear on few events, as quotes stand until they are stale.
 */
const BYTES_PER_EVENT = 450;

test('a session allocates little per event, agents, world and records included', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=64', BENCH, 'sim.allocation', '--json']);
  const figure = JSON.parse(stdout) as Figure;
  expect(figure.unit).toBe('bytes/event');
  expect(figure.value).toBeLessThan(BYTES_PER_EVENT);
});

test('every bench has a figure, as one JSON object per line', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--json']);
  const figures = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure);
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  for (const { name, value, unit, peer, peerValue, ratio } of figures) {
    expect(Number.isFinite(value) && value >= 0, name).toBe(true);
    expect(unit, name).toMatch(/\S/);
    if (peer !== undefined) expect(ratio, name).toBeCloseTo(value / (peerValue ?? Number.NaN), 6);
  }
  for (const name of ['book.mixed', 'kernel.events', 'sim.session', 'sim.allocation', 'exchange.allocation'])
    expect(figures.some((figure) => figure.name.startsWith(name))).toBe(true);
});
