import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUILT_IN_AGENTS } from '../../src/agents/built-in.ts';
import { readBase } from '../../src/app/bundled.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { blocksOf, DOCUMENTS, EXAMPLES, ROOT, textOf } from './documents.ts';
import { UPDATE } from './transcripts.ts';

const run = promisify(execFile);
/** Inside the repository, so that packages are found. */
const FOLDER = join(ROOT, 'node_modules', '.cache', 'volpit-test', `docs-${process.pid}`);
const LIBRARY = join(ROOT, 'dist', 'lib', 'index');
/** In examples, what the program prints stands at its end, behind this. */
const PRINTED = '//> ';

/** A program that a document shows: a block, or a file of the examples. */
interface Program {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly example: string | undefined;
}

const programs: readonly Program[] = [
  ...EXAMPLES.map((file) => ({ name: file, path: join(FOLDER, file), text: textOf(file), example: file })),
  ...DOCUMENTS.flatMap(blocksOf)
    .filter(({ language }) => language === 'ts')
    .map(({ file, line, text }) => ({
      name: `${file}:${line}`,
      path: join(FOLDER, `${file.replaceAll('/', '-')}-${line}.ts`),
      // An import or export makes it a module, with an `await` of its own and no names in common with the others.
      text: `${text}\nexport {};\n`,
      example: undefined,
    })),
];

describe('code in documents', () => {
  beforeAll(() => {
    for (const { path, text } of programs) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const compilerOptions = {
      paths: { volpit: [`${LIBRARY}.d.ts`] },
      noUnusedLocals: false,
      typeRoots: [join(ROOT, 'node_modules', '@types')],
    };
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: [], files: programs.map(({ path }) => path) };
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  test('the types are right', async () => {
    expect(programs.length).toBeGreaterThan(2);
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, '--noEmit', '-p', FOLDER], { cwd: ROOT }).catch(
      (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }),
    );
    expect(stdout).toBe('');
  });

  test.concurrent.each(programs.map((program) => [program.name, program] as const))('%s runs', async (_name, program) => {
    const outfile = program.path.replace(/\.ts$/, '.mjs');
    await build({
      entryPoints: [program.path],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      alias: { volpit: `${LIBRARY}.js` },
      logLevel: 'silent',
    });
    const { stdout } = await run(process.execPath, [outfile], { cwd: ROOT });
    const lines = program.text.split('\n').filter((line) => line.startsWith(PRINTED));
    const printed = stdout.trimEnd().split('\n');
    const shown = lines.map((line) => line.slice(PRINTED.length));
    if (UPDATE && program.example !== undefined && shown.join('\n') !== printed.join('\n')) {
      const body = program.text.split('\n').filter((line) => !line.startsWith(PRINTED));
      writeFileSync(
        join(ROOT, program.example),
        `${body.join('\n').trimEnd()}\n\n${printed.map((line) => `${PRINTED}${line}\n`).join('')}`,
      );
    } else if (program.example !== undefined || shown.length > 0) expect(shown, 'run again with VOLPIT_UPDATE_DOCS=1').toEqual(printed);
  });
});

describe('scenarios in documents', () => {
  const blocks = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => language === 'yaml');
  const tiny = textOf('scenarios/tiny.yaml');

  test.each(blocks.map((block) => [`${block.file}:${block.line}`, block] as const))('%s is accepted', (name, { text }) => {
    // A block with a name is a whole scenario; any other shows some of the fields, and is put into the smallest one.
    const whole = /^name:/m.test(text);
    const document = whole ? text : merged(tiny, text);
    expect(parseScenario(name, document, BUILT_IN_AGENTS, [], readBase).chain.options.length).toBeGreaterThan(0);
  });

  /** A scenario with the top-level fields of a fragment in place of its own, one level deep; a list or a value replaces. */
  function merged(scenario: string, fragment: string): string {
    const base = parse(scenario) as Record<string, unknown>;
    for (const [key, value] of Object.entries(parse(fragment) as Record<string, unknown>)) {
      const own = base[key];
      const both = isMapping(own) && isMapping(value);
      base[key] = both ? { ...own, ...value } : value;
    }
    return JSON.stringify(base);
  }

  const isMapping = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
});
