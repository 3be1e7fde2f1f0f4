import { expect, test } from 'vitest';
import { z } from 'zod';
import { manifestSchema, openingManifest } from '../../src/replay/manifest.ts';
import { TINY, tinyScenario } from '../support/tiny.ts';

const ORIGIN = { version: '1.2.3', seed: '7', text: TINY, sha256: '0'.repeat(64), changes: ['duration=60'] };

test('docs/schemas/log.schema.json is the schema by which a manifest is read', async () => {
  const { $schema, ...body } = z.toJSONSchema(manifestSchema, { target: 'draft-7' });
  const about = 'manifest.json in a folder that volpit run --record wrote; docs/event-log.md describes the records beside it.';
  const published = { $schema, $id: 'volpit.log/1', title: 'volpit log', description: about, ...body };
  // Run with --update where the schema has changed.
  await expect(`${JSON.stringify(published, undefined, 2)}\n`).toMatchFileSnapshot('../../docs/schemas/log.schema.json');
});

test('the manifest of a run about to begin says what it is made from, and nothing of its outcome', () => {
  const manifest = openingManifest(tinyScenario(), ORIGIN);
  expect(manifestSchema.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  expect(manifest).toMatchObject({ schema: 'volpit.log/1', version: '1.2.3', seed: '7', complete: false });
  expect(manifest.outcome).toBeUndefined();
  expect(manifest.instruments.map(({ id }) => id)).toEqual(manifest.instruments.map((_, index) => index));
  expect(manifest.instruments[0]).toMatchObject({ kind: 'perpetual', moneyPerTickLot: 10_000 });
  expect(manifest.instruments.at(-1)).toMatchObject({ kind: 'option', right: 'put', expiry: 1 });
  expect(manifest.agents.map(({ name }) => name)).toEqual(['customers', 'insider', 'liquidity', 'maker', 'rivals']);
  // As the golden traces have it.
  expect(manifest.agents.find(({ name }) => name === 'liquidity')?.hash).toBe('406631a1');
});

test('a manifest with a field more, or one less, is refused', () => {
  const manifest = openingManifest(tinyScenario(), ORIGIN);
  expect(manifestSchema.safeParse({ ...manifest, more: 1 }).success).toBe(false);
  const { fees: _, ...less } = manifest;
  expect(manifestSchema.safeParse(less).success).toBe(false);
  expect(manifestSchema.safeParse({ ...manifest, agents: [{ name: 'a', kind: 'b', hash: 'XYZ' }] }).success).toBe(false);
});
