import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileError } from '../../src/app/exit.ts';
import { outputFile } from '../../src/app/output-file.ts';
import { InputError } from '../../src/core/assert.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a file is there whole after the write, and nothing beside it', () => {
  const folder = tempFolder();
  const file = outputFile(join(folder, 'a.txt'), { force: false });
  expect(readdirSync(folder)).toEqual([]);
  file.write('grüße\n');
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('grüße\n');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

test('bytes arrive as they are', () => {
  const path = join(tempFolder(), 'b.bin');
  outputFile(path, { force: false }).write(Uint8Array.of(0, 255, 128));
  expect([...readFileSync(path)]).toEqual([0, 255, 128]);
});

test('an existing file is kept unless forced', () => {
  const path = join(tempFolder(), 'a.txt');
  writeFileSync(path, 'old');
  expect(() => outputFile(path, { force: false })).toThrow('exists already');
  outputFile(path, { force: true }).write('new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a file that came into being during the work is kept', () => {
  const folder = tempFolder();
  const path = join(folder, 'a.txt');
  const file = outputFile(path, { force: false });
  writeFileSync(path, 'somebody else');
  expect(() => file.write('mine')).toThrow(InputError);
  expect(readFileSync(path, 'utf8')).toBe('somebody else');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

test('an input is never replaced, by whatever name', () => {
  const folder = tempFolder();
  const input = join(folder, 'chain.csv');
  writeFileSync(input, 'data');
  symlinkSync(input, join(folder, 'link.csv'));
  for (const name of ['chain.csv', 'link.csv']) {
    expect(() => outputFile(join(folder, name), { force: true, inputs: [input] })).toThrow('is the input');
  }
  expect(readFileSync(input, 'utf8')).toBe('data');
});

test('a link is followed: its target is replaced, the link stays', () => {
  const folder = tempFolder();
  const target = join(folder, 'target.txt');
  const link = join(folder, 'link.txt');
  writeFileSync(target, 'old');
  symlinkSync(target, link);
  outputFile(link, { force: true }).write('new');
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(readdirSync(folder).sort()).toEqual(['link.txt', 'target.txt']);
});

test('a folder, a missing folder and no name are refused before any work', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'sub'));
  expect(() => outputFile(join(folder, 'sub'), { force: true })).toThrow('is a folder');
  expect(() => outputFile(join(folder, 'none', 'a.txt'), { force: false })).toThrow('there is no folder');
  expect(() => outputFile('', { force: false })).toThrow('expected the name of a file');
  expect(() => outputFile('a\0b', { force: false })).toThrow('expected the name of a file');
});

test('a path through a file is the user’s mistake', () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => outputFile(join(folder, 'file', 'x.txt'), { force: true })).toThrow(InputError);
  expect(() => outputFile(join(folder, 'file', 'x.txt'), { force: true })).toThrow(/--out.*part of the path is not a folder/);
});

test('long names and names with odd characters work', () => {
  const folder = tempFolder();
  for (const name of [`${'n'.repeat(250)}.yml`, '-n', 'a b', 'a\nb', 'größe.yaml']) {
    outputFile(join(folder, name), { force: false }).write(name);
    expect(readFileSync(join(folder, name), 'utf8')).toBe(name);
  }
  expect(readdirSync(folder)).toHaveLength(5);
});

test.skipIf(!existsSync('/dev/full'))('a full device is a fault of the machine, named with the file', () => {
  expect(() => outputFile('/dev/full', { force: false }).write('x')).toThrow(
    new FileError('cannot write /dev/full: no space left on the device'),
  );
});
