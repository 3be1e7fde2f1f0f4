import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Figure } from '../../bench/figure.ts';

const BENCH = fileURLToPath(new URL('../../dist/cli/bench.js', import.meta.url));

/** Some 3 are measured: fees of the matches, which one event in twenty brings. One number as an object per event would be 16. */
const BYTES_PER_EVENT = 8;

test('kernel and exchange allocate next to nothing per event', async () => {
  // A process of its own, with room for all it could allocate between two collections.
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=64', BENCH, 'exchange.allocation', '--json']);
  const figure = JSON.parse(stdout) as Figure;
  expect(figure).toMatchObject({ name: 'exchange.allocation', unit: 'bytes/event' });
  expect(figure.value).toBeLessThan(BYTES_PER_EVENT);
});
