import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { bundledScenarios, readBase } from '../../src/app/bundled.ts';
import { sha256 } from '../../src/app/model-folder.ts';
import { changes, loadScenario } from '../../src/app/run-setup.ts';
import { InputError } from '../../src/core/assert.ts';
import type { Manifest } from '../../src/replay/manifest.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { finished, TINY } from '../support/tiny.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

const MINE = 'name: mine\nquestion: Does it extend?\nextends: ../base.yaml\nworld: { spot: 70500 }\n';

/** `base.yaml` is tiny, and `sub/mine.yaml` extends it. */
function folderOfTwo(mine = MINE, base = TINY): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'base.yaml'), base);
  writeFileSync(join(folder, 'sub', 'mine.yaml'), mine);
  return folder;
}

describe('volpit takes a file that extends another', () => {
  test('in run, compare and evaluate, from any folder', async () => {
    const folder = folderOfTwo();
    // Quiet: on a busy machine there would be progress.
    const short = ['--quiet', '--set', 'duration=121'];
    const [run, near, compare, evaluate] = await Promise.all([
      volpit(['run', 'sub/mine.yaml', '--json', ...short], { cwd: folder }),
      volpit(['run', './mine.yaml', '--json', ...short], { cwd: join(folder, 'sub') }),
      volpit(['compare', 'sub/mine.yaml', '--variants', 'narrow,rw', '--seeds', '1..3', '--workers', '2', '--json', ...short], {
        cwd: folder,
      }),
      volpit(
        [
          'evaluate',
          '--scenario',
          'sub/mine.yaml',
          '--models',
          'ewma',
          '--seeds',
          '1..2',
          '--json',
          '--quiet',
          '--set',
          'world.timeline=[]',
        ],
        {
          cwd: folder,
        },
      ),
    ]);
    for (const { code, stderr } of [run, near, compare, evaluate]) expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({ scenario: 'mine' });
    expect((JSON.parse(near.stdout) as { traceHash: string }).traceHash).toBe((JSON.parse(run.stdout) as { traceHash: string }).traceHash);
    expect(JSON.parse(compare.stdout)).toMatchObject({ scenario: 'mine' });
    expect(JSON.parse(evaluate.stdout)).toMatchObject({ scenario: 'mine' });
  });

  test('in train, whose hash covers what is extended', () => {
    const hashOf = (folder: string): string => sha256(loadScenario(join(folder, 'sub', 'mine.yaml'), []).text);
    expect(hashOf(folderOfTwo())).toBe(hashOf(folderOfTwo(`# mine\n${MINE}`, `# theirs\n${TINY}`)));
    expect(hashOf(folderOfTwo())).not.toBe(hashOf(folderOfTwo(MINE, TINY.replace('duration: 5 min', 'duration: 6 min'))));
    // A file that extends nothing keeps the hash of its bytes.
    expect(sha256(loadScenario('tiny', []).text)).toBe(sha256(TINY));
  });

  test('in validate, which says in which file a fault stands', async () => {
    const folder = folderOfTwo(MINE.replace('70500', 'many'), TINY.replace('rate: 8000', 'rate: lots of'));
    writeFileSync(join(folder, 'broken.yaml'), 'a: [1\n');
    writeFileSync(join(folder, 'over.yaml'), 'name: over\nquestion: Why?\nextends: ./broken.yaml\n');
    const names = ['sub/mine.yaml', 'over.yaml'];
    const [text, json] = await Promise.all([
      volpit(['validate', ...names], { cwd: folder }),
      volpit(['validate', ...names, '--json'], { cwd: folder }),
    ]);
    expect([text.code, text.stdout]).toEqual([2, '']);
    const lines = text.stderr.split('\n');
    expect(lines[0]).toMatch(/^sub\/mine\.yaml:4:16 {2}world\.spot/);
    expect(lines[1]).toBe('  world: { spot: many }');
    expect(lines[3]).toMatch(/^base\.yaml:19:9 {2}flow\.rate/);
    expect(lines[4]).toBe('    rate: lots of');
    expect(lines[6]).toMatch(/^broken\.yaml:/);
    const document = JSON.parse(json.stdout) as { files: { file: string; issues: { path: string; source?: string }[] }[] };
    expect(document.files.map(({ file }) => file)).toEqual(names);
    expect(document.files[0]?.issues.map(({ path, source }) => [path, source])).toEqual([
      ['world.spot', undefined],
      ['flow.rate', 'base.yaml'],
    ]);
    expect(document.files[1]?.issues[0]?.source).toBe('broken.yaml');
    const schema = readFileSync(fileURLToPath(new URL('../../docs/schemas/validate.schema.json', import.meta.url)), 'utf8');
    const check = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(schema) as object);
    check(document);
    expect(check.errors ?? []).toEqual([]);
  });

  test('unless the chain has no end, or no beginning', async () => {
    const folder = tempFolder();
    const files: Record<string, string> = {
      'a.yaml': 'extends: b.yaml\n',
      'b.yaml': 'extends: ./a.yaml\n',
      'clam.yaml': 'extends: clam\n',
      'gone.yaml': 'extends: sub/gone.yaml\n',
      'root.yaml': 'extends: /etc/hosts.yaml\n',
      'folder.yaml': 'extends: ./\n',
      'loop.yaml': 'extends: link.yaml\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}name: x\nquestion: Why?\n`);
    symlinkSync('loop.yaml', join(folder, 'link.yaml'));
    const { code, stderr } = await volpit(['validate', './a.yaml', ...Object.keys(files).filter((name) => name !== 'b.yaml')], {
      cwd: folder,
    });
    expect(code).toBe(2);
    const lines = stderr.split('\n').filter((line) => line.includes('.yaml:'));
    const list = bundledScenarios().join(', ');
    expect(lines).toEqual([
      './b.yaml:1:10  extends  a cycle: ./a.yaml extends ./b.yaml extends ./a.yaml',
      'b.yaml:1:10  extends  a cycle: a.yaml extends b.yaml extends a.yaml',
      `clam.yaml:1:10  extends  found "clam": clam is no bundled scenario; did you mean \`calm\`? (${list}; a file ends in .yaml)`,
      'gone.yaml:1:10  extends  found "sub/gone.yaml": sub/gone.yaml there is no such file',
      'root.yaml:1:10  extends  found "/etc/hosts.yaml": /etc/hosts.yaml is absolute: expected a path from the folder of this file',
      'folder.yaml:1:10  extends  found "./": ./ is a folder: expected a file',
      'link.yaml:1:10  extends  a cycle: loop.yaml extends link.yaml extends link.yaml',
    ]);
  });
});

test('a log can be replayed when the base has changed, and when it is gone', async () => {
  const folder = folderOfTwo();
  const record = ['run', 'sub/mine.yaml', '--set', 'duration=125', '--headless', '--quiet', '--record', 'log'];
  expect((await volpit(record, { cwd: folder })).code).toBe(0);
  const { scenario } = JSON.parse(readFileSync(join(folder, 'log', 'manifest.json'), 'utf8')) as Manifest;
  expect(parse(scenario.text)).toMatchObject({ name: 'mine', world: { spot: 70500, preset: 'btc' } });
  expect(parse(scenario.text)).not.toHaveProperty('extends');
  expect(scenario.sha256).toBe(sha256(scenario.text));
  writeFileSync(join(folder, 'base.yaml'), TINY.replace('rate: 8000', 'rate: 1000'));
  const changed = await volpit(['replay', 'log'], { cwd: folder });
  expect([changed.code, changed.stderr]).toEqual([0, '']);
  rmSync(join(folder, 'base.yaml'));
  rmSync(join(folder, 'sub'), { recursive: true });
  const alone = await volpit(['replay', 'log'], { cwd: folder });
  const untimed = (text: string): string => text.replace(/[\d.]+ s of wall time.*/, '');
  expect([alone.code, alone.stderr, untimed(alone.stdout)]).toEqual([0, '', untimed(changed.stdout)]);
});

test('a bundled base is found by its name, whatever lies beside the file', () => {
  const bundled = readBase('tiny', '/nowhere/mine.yaml');
  expect(bundled.text).toBe(TINY);
  expect(() => readBase('none-such', 'mine.yaml')).toThrow(InputError);
});

test('the first expiry of zero-dte settles within the run, and delivery is paid for', () => {
  const whole = loadScenario('zero-dte', []).scenario;
  expect(whole.chain.expiries[0]?.years).toBeLessThan(whole.durationSeconds / (365 * 86_400));
  // The same with an expiry after twenty minutes.
  const short = ['market.expiries.0.days=0.014', 'duration=21 min', 'agents.maker.forecaster=rw'];
  const feesWith = (delivery: number): number => {
    const { scenario } = loadScenario('zero-dte', changes([...short, `market.fees.option.delivery=${delivery}`]));
    const sim = finished(scenario);
    const front = scenario.chain.options.filter(({ expiry }) => expiry === 0);
    for (const desk of sim.desks) {
      for (const { id } of front) expect([desk.listed(id), sim.ledger.position(desk.id, id)]).toEqual([false, 0]);
    }
    expect(sim.desks.some((desk) => front.some(({ id }) => sim.ledger.traded(desk.id, id) > 0))).toBe(true);
    return sim.desks.reduce((sum, desk) => sum + sim.ledger.fees(desk.id), 0);
  };
  expect(feesWith(whole.fees.option.delivery ?? 0)).toBeGreaterThan(feesWith(0));
});
