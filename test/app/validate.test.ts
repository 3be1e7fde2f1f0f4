import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledPath, bundledScenarios } from '../../src/app/bundled.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const CALM = readFileSync(bundledPath('scenarios', 'calm.yaml'), 'utf8');

/** The calm scenario with one thing changed. */
function changed(from: string | RegExp, to: string): string {
  const text = CALM.replace(from, to);
  if (text === CALM) throw new Error(`calm.yaml has no ${from}`);
  return text;
}

/** Files that are wrong, each with what the message must say, and the line where it must point to, as it is in the file. */
const WRONG: readonly (readonly [name: string, text: string | Uint8Array, message: RegExp, line?: string])[] = [
  [
    'unknown-field',
    changed('duration: 2 h', 'duration: 2 h\nduratoin: 3 h'),
    /unknown key `duratoin`; did you mean `duration`\?/,
    'duratoin: 3 h',
  ],
  ['wrong-unit', changed('duration: 2 h', 'duration: 2 bananas'), /duration .*2 bananas.*expected/, 'duration: 2 bananas'],
  ['negative-vol', changed(/atmVol: \d+ %/, 'atmVol: -36 %'), /world\.surface\.atmVol .*-36/, 'atmVol: -36 %'],
  ['vol-in-percent', changed(/atmVol: \d+ %/, 'atmVol: 36'), /world\.surface\.atmVol /, 'atmVol: 36'],
  [
    'strikes-out-of-order',
    changed(/days: 7, strikes: \[[^\]]*\]/, 'days: 7, strikes: [66000, 64000]'),
    /strikes\[1\] .*found 64000, expected more than the 66000/,
    '66000, 64000',
  ],
  ['expiry-before-start', changed('days: 7,', 'days: -1,'), /expiries\[0\]\.days .*must lie after the opening/, 'days: -1'],
  ['unknown-agent-kind', changed('kind: informed', 'kind: infromed'), /agents\.insider\.kind .*infromed.*`informed`/, 'kind: infromed'],
  ['wrong-type', changed('spot: 70000', 'spot: many'), /world\.spot .*"many"/, 'spot: many'],
  ['missing-field', changed(/ {2}spot: 70000\n/, ''), /world\.spot .*(missing|required|expected)/i],
  ['bad-variant', changed(/variants:\n/, "variants:\n  odd: ['agents.maker.sise=1']\n"), /in variant odd: unknown key `sise`/],
  ['broken-yaml', `${CALM}\nworld: [1, 2\n`, /./],
  ['tab', 'name:\n\tcalm\n', /tab/i],
  ['empty', '', /empty/],
  ['scalar', '42\n', /mapping/],
  ['alias-bomb', 'a: &a [x, x]\nb: [*a, *a]\n', /anchor|alias/i],
  ['utf16', Buffer.from(CALM, 'utf16le'), /is the file in UTF-16\?/],
  ['latin1', Buffer.from(CALM.replace('quiet day', 'fr\u00fcher day'), 'latin1'), /expected UTF-8/],
  ['huge', `# ${'x'.repeat(300_000)}\n`, /larger than 256 KB/],
  ['escape', 'name: "\\e[31m"\n\u001b[2J: 1\n', /./],
];

test('every kind of bad scenario gets a message at its line, and all files are looked at', async () => {
  const folder = tempFolder();
  for (const [name, text] of WRONG) writeFileSync(join(folder, `${name}.yaml`), text);
  writeFileSync(join(folder, 'good.yaml'), CALM);
  mkdirSync(join(folder, 'folder.yaml'));
  const names = [...WRONG.map(([name]) => `${name}.yaml`), 'good.yaml', 'folder.yaml', 'missing.yaml'];
  const before = readdirSync(folder);
  const [text, json] = await Promise.all([
    volpit(['validate', ...names], { cwd: folder }),
    volpit(['validate', '--json', ...names], { cwd: folder }),
  ]);
  expect([text.code, json.code, json.stderr]).toEqual([2, 2, '']);
  expect(text.stderr).not.toMatch(/^\s+at |volpit: a bug/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  expect(text.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  expect(text.stdout).toMatch(/^good\.yaml: ok \(calm: 2 h, 3 expiries, \d+ series, 7 agents, 3 variants\)\n$/);

  const lines = text.stderr.split('\n');
  for (const [name, , message, excerpt] of WRONG) {
    const own = lines.filter((line) => line.startsWith(`${name}.yaml`));
    expect(own.join('\n'), name).toMatch(message);
    expect(own.length, name).toBeLessThan(4);
    if (excerpt === undefined) continue;
    expect(lines[lines.findIndex((line) => line.startsWith(`${name}.yaml`)) + 1], name).toContain(excerpt);
  }
  expect(text.stderr).toContain('folder.yaml  is a folder: expected a file\n');
  expect(text.stderr).toContain('missing.yaml  there is no such file\n');

  const { files } = JSON.parse(json.stdout) as { files: { file: string; valid: boolean; issues: { message: string; line?: number }[] }[] };
  expect(files.map(({ file }) => file)).toEqual(names);
  expect(files.filter(({ valid }) => valid).map(({ file }) => file)).toEqual(['good.yaml']);
  expect(readdirSync(folder)).toEqual(before);
});

test('bundled scenarios are sound, and are found by name from anywhere', async () => {
  const { code, stdout, stderr } = await volpit(['validate', ...bundledScenarios()], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trim().split('\n')).toHaveLength(bundledScenarios().length);
});

test('a file in the current folder goes before the bundled scenario of its name', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'calm'), changed('name: calm', 'name: mine'));
  const { stdout } = await volpit(['validate', 'calm'], { cwd: folder });
  expect(stdout).toMatch(/^calm: ok \(mine: /);
});

test('a name that is near a bundled one is guessed', async () => {
  const { code, stderr } = await volpit(['validate', 'clam'], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([2, 'clam  is neither a file nor a bundled scenario; did you mean `calm`?\n']);
});
