import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/app/command-table.ts';
import { textTable } from '../../src/core/text-table.ts';
import { type ModelCard, parseModelCard } from '../../src/forecast/lstm/model-card.ts';
import { anchorsOf, blocksOf, DOCUMENTS, fromRoot, proseOf, ROOT, repositoryFiles, textOf } from './documents.ts';
import { folderOf, isSlow, rerun, rewrite, shortened, steady, transcripts, UPDATE } from './transcripts.ts';

describe('transcripts', () => {
  const fast = transcripts.filter((block) => !isSlow(block));

  test('there are some, and the README has some', () => {
    expect(fast.length).toBeGreaterThan(3);
    expect(transcripts.filter(({ file }) => file === 'README.md').length).toBeGreaterThan(3);
  });

  test.concurrent.each(fast.map((block) => [`${block.file}:${block.line}`, block] as const))('%s', async (name, block) => {
    const cwd = folderOf(block);
    if (cwd === undefined) {
      console.log(`${name} was not run: the shared data are not on this machine`);
      return;
    }
    const text = await rerun(block, cwd);
    if (UPDATE && text !== block.text) rewrite(block, text);
    else expect(block.text, 'run again with VOLPIT_UPDATE_DOCS=1').toBe(text);
  });

  test('wall times are taken out, and what a document leaves out stays out', () => {
    expect(steady('a, 0.2 s of wall time, 80 thousand events/s \n\nb\n\n')).toEqual(['a, … s of wall time, … thousand events/s', '', 'b']);
    expect(shortened(['1', '2', '3', '4'], ['x', '…', 'y'])).toEqual(['1', '…', '4']);
    expect(shortened(['1', '2', '3', '4'], ['x'])).toEqual(['1', '2', '3', '4']);
  });
});

describe('links', () => {
  const links = DOCUMENTS.flatMap((file) => [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ file, target })));
  const inside = links.filter(({ target }) => !/^[a-z]+:/.test(target));

  test('every link to a file or heading of the repository leads there', () => {
    const broken = inside.filter(({ file, target }) => {
      const [path = '', anchor] = target.split('#');
      const found = path === '' ? file : fromRoot(join(ROOT, dirname(file), path));
      if (!existsSync(join(ROOT, found))) return true;
      return anchor !== undefined && !(found.endsWith('.md') && anchorsOf(found).has(anchor));
    });
    expect(broken).toEqual([]);
    expect(inside.length).toBeGreaterThan(20);
  });

  test('every document can be reached from the README', () => {
    const reached = new Set<string>(['README.md']);
    for (const file of reached) {
      for (const link of inside.filter((each) => each.file === file)) {
        const path = link.target.split('#')[0] ?? '';
        const found = path === '' ? file : fromRoot(join(ROOT, dirname(file), path));
        if (DOCUMENTS.includes(found)) reached.add(found);
      }
    }
    expect(DOCUMENTS.filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe('the layer table of docs/architecture.md', () => {
  const source = readFileSync(join(ROOT, 'test/architecture.test.ts'), 'utf8');

  /** A constant of the architecture test, from its text: the test itself cannot be imported without running. */
  function constant(name: string): Record<string, readonly (string | RegExp)[]> {
    const helpers = source.slice(source.indexOf('const CORE ='), source.indexOf('const MAY_IMPORT'));
    const from = source.indexOf(`const ${name}`);
    const body = source.slice(source.indexOf('= {', from) + 2, source.indexOf('\n};', from) + 2);
    return new Function(`${helpers}; return (${body});`)() as Record<string, readonly (string | RegExp)[]>;
  }

  /** Rows `| folder | may import | packages | … |` as lists of names. */
  const rows = [...textOf('docs/architecture.md').matchAll(/^\| `([a-z/]+)` \|([^|]*)\|([^|]*)\|/gm)].map(
    ([, folder = '', imports = '', packages = '']) => ({
      folder,
      imports: [...imports.matchAll(/[a-z]+/g)].map(String),
      packages: [...packages.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    }),
  );

  test('names for each folder what it may import, as the architecture test has it', () => {
    const layers = constant('MAY_IMPORT');
    const folders = rows.filter(({ folder }) => !folder.includes('/'));
    expect(folders.map(({ folder }) => folder)).toEqual(Object.keys(layers));
    for (const { folder, imports } of folders) expect([folder, [...imports].sort()]).toEqual([folder, [...(layers[folder] ?? [])].sort()]);
  });

  test('names the packages that the architecture test allows', () => {
    const packages = constant('PACKAGES');
    for (const { folder, packages: named } of rows) {
      const allowed = (packages[folder] ?? []) as readonly RegExp[];
      for (const name of named)
        expect([folder, name, allowed.some((pattern) => pattern.test(name.replace(/\*$/, 'x')))]).toEqual([folder, name, true]);
      for (const pattern of allowed) {
        const isNamed = named.some((name) => pattern.test(name.replace(/\*$/, 'x')));
        expect([folder, String(pattern), isNamed]).toEqual([folder, String(pattern), true]);
      }
    }
    expect(Object.keys(packages).filter((folder) => !rows.some((row) => row.folder === folder))).toEqual([]);
  });
});

test.each(COMMANDS.map(({ name }) => name))('volpit %s is mentioned in the README or the documents', (name) => {
  const mentioned = DOCUMENTS.some((file) => new RegExp(`\\bvolpit ${name}\\b`).test(textOf(file)));
  expect(mentioned).toBe(true);
});

test('every decision has a status, and its number once', () => {
  const records = DOCUMENTS.filter((file) => file.startsWith('docs/adr/0'));
  const numbers = records.map((file) => file.slice('docs/adr/'.length, 'docs/adr/'.length + 4));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const file of records) {
    const text = textOf(file);
    expect(text, file).toMatch(new RegExp(`^# ${Number(file.slice(9, 13))}\\. \\S`));
    expect(text, file).toMatch(/^Status: (proposed|accepted|superseded by \d+), \d{4}-\d\d-\d\d\.$/m);
    for (const heading of ['Context', 'Decision', 'Price', 'When to revisit']) expect(text, file).toContain(`\n## ${heading}\n`);
  }
});

test('no file of the repository names a path of one machine or the host of a package registry', () => {
  // Written in parts, so that this file does not name them either.
  const folders = ['home', 'Users', 'root', 'work', 'tmp', 'private'].join('|');
  const places = new RegExp(`(?<![\\w.~$}/-])/(${folders})/[\\w.-]+`);
  const registries = /\b(registry|npm|packages?)\.[a-z0-9-]+\.(org|com|io|dev|net|cn)\b|"resolved": *"(?=http)/;
  const found = repositoryFiles().flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, i) =>
        [places, registries].flatMap((pattern) => (pattern.test(line) ? [`${file}:${i + 1}: ${pattern.exec(line)?.[0]}`] : [])),
      ),
  );
  expect(found).toEqual([]);
});

test('blocks say what they are', () => {
  const known = ['sh', 'ts', 'console', 'yaml', 'text', 'json'];
  const odd = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => !known.includes(language));
  expect(odd.map(({ file, line, language }) => `${file}:${line} ${language}`)).toEqual([]);
});

test('docs/model-card.md tells what the card of the bundled model says', () => {
  const block = blocksOf('docs/model-card.md').find(({ notes }) => notes.includes('card'));
  const text = cardText(parseModelCard('models/default/card.json', textOf('models/default/card.json')));
  if (UPDATE && block !== undefined && block.text !== text) rewrite(block, text);
  else expect(block?.text, 'run again with VOLPIT_UPDATE_DOCS=1').toBe(text);
});

/** A model's card for a reader: how it was made, and how it did where the epoch was chosen. */
function cardText({ command, backend, units, training, members, createdFrom, weightsSha256, metrics }: ModelCard): string {
  const rows = metrics.map((metric) => [
    metric.factor,
    `${metric.horizonSeconds / 60} min`,
    metric.r2VsRandomWalk.toFixed(3),
    `[${metric.r2Low.toFixed(3)}, ${metric.r2High.toFixed(3)}]`,
    String(metric.samples),
    `${(100 * metric.coverage80).toFixed(0)} %`,
  ]);
  return [
    `command   ${command.replace(/ --/g, '\n            --')}`,
    `backend   ${backend}`,
    `worlds    ${createdFrom.map(({ scenario, hash }) => `${scenario} (${hash.slice(0, 12)})`).join(', ')}`,
    `data      ${training.sequences} sequences of ${training.steps} steps`,
    `net       ${units} units, ${training.parameters} weights`,
    ...[{ ...training, weightsSha256 }, ...members].map(
      (net, n) =>
        `${`net ${n + 1}`.padEnd(10)}${net.epochs} epochs in ${net.seconds.toFixed(0)} s, best ${net.bestEpoch}, SHA-256 ${net.weightsSha256.slice(0, 12)}`,
    ),
    '',
    textTable([['held out', 'horizon', 'R2', '95 %', 'samples', 'in 80 %'], ...rows]),
  ].join('\n');
}
