import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pluginPath } from '../../src/app/plugin-path.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const work = join(folder, 'work', 'deep');
mkdirSync(work, { recursive: true });

function installed(name: string, description: object): string {
  const path = join(folder, 'node_modules', name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify(description));
  return path;
}

test('a file is that file, also where a package has its name', () => {
  writeFileSync(join(work, 'mine.mjs'), '');
  installed('mine.mjs', {});
  expect(pluginPath('mine.mjs', work)).toBe(join(work, 'mine.mjs'));
  expect(pluginPath('./mine.mjs', work)).toBe(join(work, 'mine.mjs'));
});

test.each([
  ['exports a file', 'one', { exports: './a.mjs' }, 'a.mjs'],
  ['exports by condition', 'two', { exports: { '.': { require: './a.cjs', import: { default: './b.mjs' } } } }, 'b.mjs'],
  ['exports for all', '@desk/three', { exports: { default: './c.js' } }, 'c.js'],
  ['has a main file', 'four', { main: 'lib/d.js' }, 'lib/d.js'],
  ['has none', 'five', {}, 'index.js'],
])('a package that %s', (_about, name, description, entry) => {
  const path = installed(name, description);
  expect(pluginPath(name, work)).toBe(join(path, entry));
});

test('what is neither stays a path', () => {
  expect(pluginPath('absent', work)).toBe(join(work, 'absent'));
  expect(pluginPath('../absent.mjs', work)).toBe(join(folder, 'work', 'absent.mjs'));
});
