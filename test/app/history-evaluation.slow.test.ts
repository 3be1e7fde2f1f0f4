import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { cboeFile } from '../support/history-files.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SCHEMA = fileURLToPath(new URL('../../docs/schemas/evaluate-history.schema.json', import.meta.url));

interface Row {
  readonly target: string;
  readonly model: string;
  readonly n: number;
  readonly r2VsRandomWalk: { readonly all: number };
}

const evaluated = async (text: string, ...words: string[]): Promise<{ readonly rows: readonly Row[]; readonly stdout: string }> => {
  const file = join(tempFolder(), 'closes.csv');
  writeFileSync(file, text);
  const { code, stdout, stderr } = await volpit(['evaluate', '--preset', 'cboe', '--data', file, '--json', '--quiet', ...words]);
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout) as { readonly rows: readonly Row[]; readonly data: string };
  expect(new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)(document)).toBe(true);
  return { rows: document.rows, stdout: stdout.replace(document.data, '') };
};

test('one file gives the same bytes with one worker and with two, in the published shape', async () => {
  const text = cboeFile({ rows: 360 });
  const [one, two] = [
    await evaluated(text, '--workers', '1', '--ensembles', '2'),
    await evaluated(text, '--workers', '2', '--ensembles', '2'),
  ];
  expect(two.stdout).toBe(one.stdout);
});

test('finds mean reversion where it is, and little where there is none', async () => {
  const pulled = await evaluated(cboeFile({ rows: 1200, pull: 0.15 }), '--workers', '1');
  const walk = await evaluated(cboeFile({ rows: 1200, pull: 0 }), '--workers', '1');
  const r2 = (rows: readonly Row[], model: string): number =>
    rows
      .filter((row) => row.model === model && row.target !== 'realised variance')
      .reduce((sum, row) => sum + row.r2VsRandomWalk.all / 8, 0);
  for (const model of ['har-x', 'lstm', 'average', 'gate']) {
    console.log(
      `${model}: ${(100 * r2(pulled.rows, model)).toFixed(1)} % where 15 % of a deviation is given back, ${(100 * r2(walk.rows, model)).toFixed(1)} % of walks`,
    );
    expect(r2(pulled.rows, model)).toBeGreaterThan(0.05);
    // Over twelve seeds of walks of this length har-x has a mean of −2.1 % with a standard deviation of 1.4 %: four of them to either side.
    expect(r2(walk.rows, model)).toBeLessThan(0.035);
    expect(r2(walk.rows, model)).toBeGreaterThan(-0.077);
  }
});
