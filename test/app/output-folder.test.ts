import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileError } from '../../src/app/exit.ts';
import { outputFolder } from '../../src/app/output-folder.ts';
import { InputError } from '../../src/core/assert.ts';
import { tempFolder } from '../support/temp-folder.ts';

const FILES = ['a.json', 'b.bin'];
const CONTENT = { 'a.json': '{}\n', 'b.bin': Uint8Array.of(1, 2, 3) };

test('makes the folder and all above it when the files are written, and not before', () => {
  const root = tempFolder();
  const folder = outputFolder(join(root, 'deep', 'model'), { force: false, files: FILES });
  expect(readdirSync(root)).toEqual([]);
  folder.write(CONTENT);
  expect(readdirSync(join(root, 'deep', 'model')).sort()).toEqual(FILES);
  expect(readFileSync(join(root, 'deep', 'model', 'a.json'), 'utf8')).toBe('{}\n');
  expect([...readFileSync(join(root, 'deep', 'model', 'b.bin'))]).toEqual([1, 2, 3]);
});

test('other files of a folder are no obstacle', () => {
  const root = tempFolder();
  writeFileSync(join(root, 'notes.txt'), 'mine');
  outputFolder(root, { force: false, files: FILES }).write(CONTENT);
  expect(readdirSync(root).sort()).toEqual([...FILES, 'notes.txt']);
});

test.each(FILES)('%s is not replaced unless that is asked for', (file) => {
  const root = tempFolder();
  writeFileSync(join(root, file), 'old');
  expect(() => outputFolder(root, { force: false, files: FILES })).toThrow(InputError);
  expect(() => outputFolder(root, { force: false, files: FILES })).toThrow(/--out.*exists already.*--force/);
  outputFolder(root, { force: true, files: FILES }).write(CONTENT);
  expect(readFileSync(join(root, file))).toEqual(Buffer.from(CONTENT[file as keyof typeof CONTENT]));
});

test('one that came into being meanwhile is not replaced either', () => {
  const root = tempFolder();
  const folder = outputFolder(root, { force: false, files: FILES });
  writeFileSync(join(root, 'a.json'), 'of another run');
  expect(() => folder.write(CONTENT)).toThrow(InputError);
  expect(readFileSync(join(root, 'a.json'), 'utf8')).toBe('of another run');
  expect(readdirSync(root)).toEqual(['a.json']);
});

test('a file is no folder', () => {
  const root = tempFolder();
  writeFileSync(join(root, 'file'), '');
  expect(() => outputFolder(join(root, 'file'), { force: true, files: FILES })).toThrow(/is a file: expected a folder/);
  // What cannot become a folder is found out before hours of work.
  for (const path of [join(root, 'file', 'model'), join(root, 'file', 'deep', 'model'), '']) {
    expect(() => outputFolder(path, { force: true, files: FILES })).toThrow(InputError);
  }
});

test('a folder that cannot be made is the machine’s fault', () => {
  const root = tempFolder();
  const folder = outputFolder(join(root, 'model'), { force: false, files: FILES });
  writeFileSync(join(root, 'model'), 'in the way');
  expect(() => folder.write(CONTENT)).toThrow(FileError);
});

test('a folder in the place of a file is refused before the work', () => {
  const root = tempFolder();
  mkdirSync(join(root, 'b.bin'));
  expect(() => outputFolder(root, { force: true, files: FILES })).toThrow(InputError);
});
