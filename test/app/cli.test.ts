import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS, SUGGESTIONS } from '../../src/app/command-table.ts';
import { packageInfo } from '../../src/app/package-info.ts';
import { shell, volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NO_STACK = /^\s+at /m;

describe('help and version', () => {
  test('--version prints the version, soon', async () => {
    const { code, stdout, stderr, millis } = await volpit(['--version']);
    expect([code, stdout, stderr]).toEqual([0, `${packageInfo().version}\n`, '']);
    console.log(`volpit --version: ${Math.round(millis)} ms`);
  });

  test('without a command: a short help with three things to try, which exist', async () => {
    const { code, stdout, stderr } = await volpit([]);
    expect([code, stderr]).toEqual([0, '']);
    expect(SUGGESTIONS).toHaveLength(3);
    for (const [line] of SUGGESTIONS) {
      expect(stdout).toContain(line);
      expect(COMMANDS.map(({ name }) => name)).toContain(line.split(' ')[1]);
    }
    expect(stdout.split('\n').length).toBeLessThan(12);
  });

  test('--help lists every command; each command can be loaded, and explains itself', async () => {
    const { stdout } = await volpit(['--help']);
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, 'm'));
    for (const { load } of COMMANDS) {
      const { examples } = await load();
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) expect(COMMANDS.map(({ name }) => name)).toContain(line.replace(/^volpit /, '').split(' ')[0]);
    }
    const [help, flag] = await Promise.all([volpit(['help', 'calibrate']), volpit(['--help', 'calibrate'])]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--currency <name>');
    expect(flag.stdout).toBe(help.stdout);
  });
});

describe.concurrent('a wrong command line ends with 2, says why, and prints no data', () => {
  test.each([
    [['rnu'], "unknown command 'rnu'", 'run'],
    [['help', 'calibrat'], "unknown command 'calibrat'", 'calibrate'],
    [['validate', '--jsn', 'calm'], "unknown option '--jsn'", '--json'],
    [['--sede', '4', 'run', 'calm'], "unknown option '--sede'", '--seed'],
    [['validate'], "missing required argument 'files'", ''],
    [['schema', 'extra'], 'too many arguments', ''],
    [['schema', '--out'], "option '--out <path>' argument missing", ''],
    [['run', 'calm', '--seed', '1', '--seed', '2'], '--seed  is given twice', ''],
    [['run', 'calm', '--seed', '1.5'], '--seed  found "1.5", expected a whole number', ''],
    [['calibrate', 'x.csv', '--format', 'excel'], '--format  found "excel", expected auto or deribit or', ''],
    [['validate', 'calm', '--set', 'nonsense'], '--set  nonsense  expected path=value', ''],
    [['rnu\u001b[31m'], "unknown command 'rnu\ufffd[31m'", ''],
  ])('%j', async (words, message, meant) => {
    const { code, stdout, stderr } = await volpit(words);
    expect(stderr).toContain(message);
    if (meant !== '') expect(stderr).toContain(`(Did you mean ${meant}?)`);
    expect(stderr).not.toMatch(NO_STACK);
    expect(stderr).not.toContain('\u001b');
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('global flags', () => {
  test('stand before or behind the command', async () => {
    const [before, behind] = await Promise.all([
      volpit(['--json', '--quiet', 'validate', 'calm']),
      volpit(['validate', 'calm', '-q', '--json']),
    ]);
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(behind.stdout).toBe(before.stdout);
    expect(JSON.parse(before.stdout)).toMatchObject({ schema: 'volpit.validate/1', files: [{ valid: true, issues: [] }] });
  });
});

describe.skipIf(process.platform === 'win32')('streams', () => {
  test('a reader that leaves early, or at once, is no fault', async () => {
    const [early, gone] = await Promise.all(['head -1', 'true'].map((reader) => shell(`volpit schema | ${reader}; echo "$PIPESTATUS"`)));
    expect(early).toMatchObject({ code: 0, stdout: '{\n0\n', stderr: '' });
    expect(gone).toMatchObject({ code: 0, stdout: '0\n', stderr: '' });
  });

  test('a pipe gets every byte that a file gets', async () => {
    const folder = tempFolder();
    const { code } = await shell('volpit schema > file.json && volpit schema --out out.json && volpit schema | cat > pipe.json', {
      cwd: folder,
    });
    const [file, out, pipe] = ['file.json', 'out.json', 'pipe.json'].map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(code).toBe(0);
    expect(file?.length).toBeGreaterThan(20_000);
    expect(pipe).toBe(file);
    expect(out).toBe(file);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk ends with 5 and names what could not be written', async () => {
    const [printed, written] = await Promise.all([shell('volpit schema > /dev/full'), volpit(['schema', '--out', '/dev/full'])]);
    expect(printed).toMatchObject({ code: 5, stderr: 'volpit: cannot write to the standard output: no space left on the device\n' });
    expect(written).toMatchObject({ code: 5, stdout: '', stderr: 'volpit: cannot write /dev/full: no space left on the device\n' });
  });

  test('a file that grows beyond a limit is not left behind half-written', async () => {
    const folder = tempFolder();
    const { code, stderr } = await shell('trap "" XFSZ; ulimit -f 4; volpit schema --out big.json; code=$?; ls -A; exit $code', {
      cwd: folder,
    });
    expect(stderr).toBe('volpit: cannot write big.json: the file would be larger than allowed\n');
    expect([code, existsSync(join(folder, 'big.json'))]).toEqual([5, false]);
  });
});

test('an output that exists is kept unless forced', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'schema.json'), 'mine');
  const kept = await volpit(['schema', '--out', 'schema.json'], { cwd: folder });
  expect(kept).toMatchObject({
    code: 2,
    stdout: '',
    stderr: '--out  schema.json  exists already: choose another name, or add --force to replace it\n',
  });
  expect(readFileSync(join(folder, 'schema.json'), 'utf8')).toBe('mine');
  expect((await volpit(['schema', '--out', 'schema.json', '--force'], { cwd: folder })).code).toBe(0);
  expect(readFileSync(join(folder, 'schema.json'), 'utf8')).toContain('"$id": "volpit.scenario/1"');
});

test.concurrent.each([
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
] as const)('%s ends a run with %d and no result', async (signal, code, word) => {
  const run = ['run', 'crash', '--headless', '--json', '--set', 'duration=100 h', '--set', 'agents.maker.forecaster=rw'];
  const ended = await volpit(run, { kill: { signal, afterMillis: 6000 } });
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toContain(`volpit: ${word}`);
});
