import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledPath } from '../../src/app/bundled.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('text on stdout, the same text in a file', async () => {
  const folder = tempFolder();
  const [printed, written] = await Promise.all([
    volpit(['stress', 'short-strangle'], { cwd: folder }),
    volpit(['stress', 'short-strangle', '--out', 'stress.txt'], { cwd: folder }),
  ]);
  expect([printed.code, printed.stderr, written.code, written.stdout, written.stderr]).toEqual([0, '', 0, '', '']);
  expect(printed.stdout).toMatch(/^Short strangle, 30 days: 3 positions at spot 100000\n/);
  expect(readFileSync(join(folder, 'stress.txt'), 'utf8')).toBe(printed.stdout);
  expect(readdirSync(folder)).toEqual(['stress.txt']);
});

test('a wrong portfolio is refused at its line, and nothing is written', async () => {
  const folder = tempFolder();
  const text = readFileSync(bundledPath('scenarios', 'portfolios', 'short-strangle.yaml'), 'utf8').replace('right: call', 'right: cal');
  writeFileSync(join(folder, 'book.yaml'), text);
  const { code, stdout, stderr } = await volpit(['stress', 'book.yaml', '--json', '--out', 'x.json'], { cwd: folder });
  expect([code, stdout, readdirSync(folder)]).toEqual([2, '', ['book.yaml']]);
  expect(stderr).toMatch(/^book\.yaml:\d+:\d+ {2}positions\[0\]\.right .*"cal".*\n.*right: cal,.*\n\s+\^\n$/);
});

test('an unknown name lists the portfolios that there are', async () => {
  const { code, stderr } = await volpit(['stress', 'nothing-like-it']);
  expect([code, stderr]).toEqual([2, 'nothing-like-it  is neither a file nor a bundled portfolio (market-maker-book, short-strangle)\n']);
});
