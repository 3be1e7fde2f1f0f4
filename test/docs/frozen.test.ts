import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './documents.ts';

/** Rows of the table of frozen files in docs/money.md: `| path | sha256 |`. */
const ROWS = [...readFileSync(join(ROOT, 'docs', 'money.md'), 'utf8').matchAll(/^\| `([\w./-]+)` \| `([0-9a-f]{64})` \|$/gm)];

test('the files that the comparisons of makers rest on are as they were frozen', () => {
  expect(ROWS.map(([, path]) => path)).toEqual(expect.arrayContaining(['scenarios/vol-regimes.yaml', 'models/default/weights.bin']));
  for (const [, path = '', hash] of ROWS) {
    const found = createHash('sha256')
      .update(readFileSync(join(ROOT, path)))
      .digest('hex');
    expect(found, `${path} has changed: the figures of docs/money.md are to be measured anew, then its hash moves`).toBe(hash);
  }
});
