import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBytes, readText, textRead } from '../../src/app/files.ts';
import { InputError } from '../../src/core/assert.ts';
import { tempFolder } from '../support/temp-folder.ts';

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map((issue) => issue.message).join('; ');
  }
  throw new Error('was not refused');
};

test('text is read as it stands, byte order mark and line ends included, and remembered for messages', () => {
  const path = join(tempFolder(), 'a.yaml');
  writeFileSync(path, '\uFEFFname: x\r\n');
  expect(readText(path, { source: 'mine' })).toBe('\uFEFFname: x\r\n');
  expect(textRead('mine')).toBe('\uFEFFname: x\r\n');
  expect(textRead('other')).toBeUndefined();
});

test('a missing file, a folder, a path through a file, no name', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'file'), '');
  expect(refusal(() => readText(join(folder, 'none.yaml')))).toBe('there is no such file');
  expect(refusal(() => readText(join(folder, 'sub')))).toBe('is a folder: expected a file');
  expect(refusal(() => readText(join(folder, 'file', 'x')))).toBe('cannot be read: part of the path is not a folder');
  expect(refusal(() => readText(''))).toBe('expected the name of a file');
  expect(refusal(() => readText('a\0b'))).toBe('expected the name of a file');
  expect(refusal(() => readText('x'.repeat(5000)))).toBe('cannot be read: the name is too long');
});

test.skipIf(process.platform === 'win32')('devices and pipes are refused at once', () => {
  const pipe = join(tempFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(refusal(() => readText(pipe))).toBe('is a device or a pipe: expected an ordinary file');
  expect(refusal(() => readText('/dev/zero'))).toBe('is a device or a pipe: expected an ordinary file');
});

test('what is not UTF-8 is no text', () => {
  const folder = tempFolder();
  const utf16 = join(folder, 'utf16.yaml');
  writeFileSync(utf16, Buffer.from('\uFEFFname: x', 'utf16le'));
  expect(refusal(() => readText(utf16))).toBe('is not a text file: expected UTF-8');
});

test('the size is limited', () => {
  const path = join(tempFolder(), 'big');
  writeFileSync(path, 'x'.repeat(2049));
  expect(refusal(() => readBytes(path, { bytesMaximum: 2048 }))).toBe('is larger than 2 KB');
  expect(readBytes(path, { bytesMaximum: 2049 })).toHaveLength(2049);
});

test.skipIf(!existsSync('/proc/self/status'))('a file that says it is empty and is not is refused, not cut', () => {
  expect(refusal(() => readText('/proc/self/status'))).toBe('grew while it was read');
});
