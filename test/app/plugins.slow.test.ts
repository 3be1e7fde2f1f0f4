import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ROOT } from '../docs/documents.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

const PLUGIN = join(ROOT, 'docs', 'examples', 'plugin.mjs');
const WITH_FADER = ['--plugin', PLUGIN, '--set', 'agents.fader={ kind: fader }'];

/** What has the form of a kind, as an expression. */
const kind = (name: string): string =>
  `{ kind: '${name}', summary: '', params: { _zod: {}, shape: {} }, rights: {}, lookaheadSeconds() {}, forecasterKind() {}, positionPerSeries() {}, build() {} }`;

describe('the example', () => {
  test.concurrent('runs, and its agent trades', async () => {
    const { code, stdout, stderr } = await volpit([
      'run',
      'tiny',
      ...WITH_FADER,
      '--set',
      'duration=150 s',
      '--verify',
      '--json',
      '--quiet',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    const { agents } = JSON.parse(stdout) as { agents: { name: string; fills: number }[] };
    expect(agents.find(({ name }) => name === 'fader')?.fills).toBeGreaterThan(1);
  });

  test.concurrent('is validated like any other kind', async () => {
    const right = await volpit(['validate', 'tiny', ...WITH_FADER]);
    expect([right.code, right.stdout]).toEqual([0, expect.stringMatching(/ok \(tiny: .*6 agents/)]);
    const wrong = await volpit(['validate', 'tiny', '--plugin', PLUGIN, '--set', 'agents.fader={ kind: fader, unit: 3 }']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/unknown key `unit`; did you mean `units`\?/)]);
    const without = await volpit(['validate', 'tiny', '--set', 'agents.fader={ kind: fader }']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringMatching(/agents\.fader\.kind .*fader/)]);
  });

  test.concurrent.each([
    ['compare', ['compare', 'tiny', '--variants', 'rw,narrow', '--seeds', '1..2']],
    ['evaluate', ['evaluate', '--scenario', 'tiny', '--set', 'world.timeline=[]', '--models', 'ewma', '--seeds', '1..2']],
  ])('%s gives the same in this thread and in workers, which import it too', async (_name, words) => {
    const [one, two] = await Promise.all([
      volpit([...words, ...WITH_FADER, '--workers', '1', '--json', '--quiet']),
      volpit([...words, ...WITH_FADER, '--workers', '2', '--json', '--quiet']),
    ]);
    expect([one.code, one.stderr, two.code, two.stderr]).toEqual([0, '', 0, '']);
    expect(two.stdout).toBe(one.stdout);
  });

  test('a recorded run is replayed with the same plugin, and says what is missing without', async () => {
    const folder = join(tempFolder(), 'log');
    expect((await volpit(['run', 'tiny', ...WITH_FADER, '--record', folder, '--headless', '--quiet'])).code).toBe(0);
    const [replayed, without, flow] = await Promise.all([
      volpit(['replay', folder, '--plugin', PLUGIN, '--quiet']),
      volpit(['replay', folder, '--quiet']),
      volpit(['replay', 'lobster', 'messages.csv', '--plugin', PLUGIN, '--quiet']),
    ]);
    expect([replayed.code, replayed.stderr]).toEqual([0, '']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringMatching(/agents\.fader\.kind/)]);
    expect([flow.code, flow.stderr]).toEqual([2, expect.stringMatching(/^--plugin {2}has no meaning for lobster/)]);
  });
});

describe('parts of a maker', () => {
  const PARTS = join(ROOT, 'docs', 'examples', 'maker-parts.mjs');
  const chosen = (quoter: string): string[] => [
    '--plugin',
    PARTS,
    ...[`quoter=${quoter}`, 'selector={ kind: one-expiry }', 'hedger={ kind: per-gamma }'].flatMap((part) => [
      '--set',
      `agents.maker.${part}`,
    ]),
  ];

  test.concurrent('the example quotes, and workers know it too', async () => {
    const { code, stdout, stderr } = await volpit(['run', 'tiny', ...chosen('{ kind: points }'), '--verify', '--json', '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    const { agents } = JSON.parse(stdout) as { agents: { name: string; fills: number }[] };
    expect(agents.find(({ name }) => name === 'maker')?.fills).toBeGreaterThan(1);
    const study = ['compare', 'tiny', '--variants', 'rw,ewma', '--seeds', '1..2', ...chosen('{ kind: points }'), '--json', '--quiet'];
    const [one, two] = await Promise.all([volpit([...study, '--workers', '1']), volpit([...study, '--workers', '2'])]);
    expect([one.code, two.stdout]).toEqual([0, one.stdout]);
  });

  test.concurrent('their parameters are checked like any others', async () => {
    const { code, stderr } = await volpit(['validate', 'tiny', ...chosen('{ kind: points, halfSpred: 2 }')]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/agents\.maker\.quoter.*unknown key `halfSpred`; did you mean `halfSpread`\?/),
    ]);
    const unknown = await volpit(['validate', 'tiny', '--set', 'agents.maker.quoter={ kind: points }']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/agents\.maker\.quoter\.kind .*points/)]);
  });
});

describe('in TypeScript', () => {
  /** Inside the repository, so that packages are found, volpit itself among them: below node_modules it would not be. */
  const folder = join(ROOT, 'dist', `plugin-test-${process.pid}`);
  const path = join(folder, 'plugin.ts');
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(PLUGIN, path);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('it is the same plugin where esbuild is installed', async () => {
    const words = ['run', 'tiny', '--set', 'agents.fader={ kind: fader }', '--json', '--quiet'];
    const hash = async (plugin: string) => {
      const { code, stdout, stderr } = await volpit([...words, '--plugin', plugin]);
      expect([code, stderr]).toEqual([0, '']);
      return (JSON.parse(stdout) as { traceHash: string }).traceHash;
    };
    expect(await hash(path)).toBe(await hash(PLUGIN));
  });
});

describe('what is no plugin gets one message and exit code 2', () => {
  const folder = tempFolder();
  test.concurrent.each<[string, string, string, RegExp]>([
    ['throws.mjs', 'that throws', "throw new TypeError('no luck\\nat all');", /throws\.mjs {2}cannot be imported: TypeError: no luck\n$/],
    ['syntax.mjs', 'with a fault of syntax', 'export const agents = [', /syntax\.mjs {2}cannot be imported: SyntaxError: /],
    [
      'none.mjs',
      'without agents',
      'export const agent = 1;',
      /none\.mjs {2}exports none of agents, quoters, selectors, hedgers; expected such as: export const agents = \[/,
    ],
    ['list.mjs', 'whose agents are no list', `export const agents = ${kind('mine')};`, /list\.mjs {2}agents {2}is not a list of kinds/],
    ['empty.mjs', 'whose list is empty', 'export const agents = [];', /empty\.mjs {2}agents {2}is not a list of kinds/],
    [
      'thing.mjs',
      'with something else in it',
      `export const agents = [${kind('mine')}, { kind: 'x' }];`,
      /agents\[1\] {2}is no kind of agent: expected what defineAgent returns/,
    ],
    ['name.mjs', 'with a name that cannot be', `export const agents = [${kind('My Agent')}];`, /agents\[0\]\.kind {2}found "My Agent"/],
    [
      'taken.mjs',
      'with a built-in name',
      `export const agents = [${kind('maker')}];`,
      /the kind "maker" exists already: .* volpit itself\n$/,
    ],
    ['twice.mjs', 'with a name twice', `export const agents = [${kind('a')}, ${kind('a')}];`, /agents\[1\] .*comes from .*twice\.mjs\n$/],
    [
      'part.mjs',
      'with a part that is none',
      "export const quoters = [{ kind: 'x' }];",
      /quoters\[0\] {2}is no kind of quoter: expected what defineQuoter/,
    ],
    [
      'part-taken.mjs',
      'with a part of a built-in name',
      `export const selectors = [${kind('value')}];`,
      /selectors\[0\] {2}the kind "value" exists already: it comes from volpit itself\n$/,
    ],
    ['lost.mjs', 'that cannot find volpit', "import 'volpit';", /Cannot find package 'volpit'.*install volpit and zod there\n$/],
    ['plugin.txt', 'with another ending', '', /plugin\.txt {2}expected a module whose name ends in \.js, \.mjs, \.ts, \.mts\n$/],
  ])('%s: %s', async (name, _about, text, says) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const { code, stdout, stderr } = await volpit(['validate', 'tiny', '--plugin', path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test.concurrent('a file that is not there', async () => {
    const { code, stderr } = await volpit(['compare', 'tiny', '--plugin', join(folder, 'absent.mjs')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/absent\.mjs {2}there is no such file\n$/)]);
  });

  test.concurrent('a plugin given twice', async () => {
    const { code, stderr } = await volpit(['run', 'tiny', '--plugin', PLUGIN, '--plugin', PLUGIN, '--headless']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the kind "fader" exists already: it comes from .*plugin\.mjs\n$/)]);
  });
});
