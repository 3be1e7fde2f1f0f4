import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test, vi } from 'vitest';
import { nanos } from '../../src/core/units.ts';
import { TRACE } from '../../src/kernel/trace.ts';
import { EventLogWriter } from '../../src/replay/event-log-writer.ts';
import type { Manifest } from '../../src/replay/manifest.ts';
import { blankRecord, recordText, type TraceRecord } from '../../src/replay/trace-record.ts';
import { eventsIn } from '../support/logged.ts';
import { PtyScreen } from '../support/pty-screen.ts';
import { CLI, volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { finished, simulation, tinyScenario } from '../support/tiny.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

type Json = Record<string, unknown>;

const SHORT = ['--set', 'duration=150 s'];
const published = (name: string): object =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url)), 'utf8')) as object;
const faults = (name: string, document: unknown): unknown => {
  const check = new Ajv({ allErrors: true, strict: false }).compile(published(name));
  check(document);
  return check.errors ?? [];
};
const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
const eventsOf = (folder: string): Buffer => readFileSync(join(folder, 'events.bin'));

/** A log of a short run, in a folder of its own. */
async function recorded(words: readonly string[] = SHORT): Promise<string> {
  const folder = join(tempFolder(), 'deep', 'log');
  const { code, stderr } = await volpit(['run', 'tiny', ...words, '--headless', '--quiet', '--record', folder]);
  expect([code, stderr]).toEqual([0, '']);
  return folder;
}

/** Starts a long run, and sends it a signal when some of its log is written. */
function stopped(folder: string, kill: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  const words = ['run', 'calm', '--set', 'duration=20 d', '--headless', '--quiet', '--record', folder];
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const look = setInterval(() => {
    if ((statSync(join(folder, 'events.bin'), { throwIfNoEntry: false })?.size ?? 0) > 200_000) {
      // Once: a second signal would end the program before it has sealed its log.
      clearInterval(look);
      child.kill(kill);
    }
  }, 50);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(look);
      resolve({ code, signal, stderr });
    });
  });
}

const changed = (folder: string, change: (manifest: Manifest) => object): void =>
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(change(manifestIn(folder))));

/** Writes other records in place of a log's, with hashes that fit them. */
function forged(folder: string, change: (records: TraceRecord[]) => void): void {
  const records: TraceRecord[] = [];
  const reader = eventsIn(eventsOf(folder));
  for (const record = blankRecord(); reader.next(record); ) records.push({ ...record });
  change(records);
  const parts: Buffer[] = [];
  const writer = new EventLogWriter((bytes) => parts.push(Buffer.from(bytes)));
  for (const { kind, at, instrument, agent, order, price, lots, extra } of records) {
    writer.onRecord(kind, nanos(at), instrument, agent, order, price, lots, extra);
  }
  writer.flush();
  const file = Buffer.concat(parts);
  writeFileSync(join(folder, 'events.bin'), file);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const { outcome } = manifestIn(folder);
  changed(folder, (manifest) => ({ ...manifest, outcome: { ...outcome, records: records.length, bytes: file.length, sha256 } }));
}

describe('run --record, then replay', () => {
  test.concurrent('gives the same run: hash, records, cash and positions, in documents that hold their schemas', async () => {
    const folder = join(tempFolder(), 'log');
    const plain = volpit(['run', 'tiny', '--seed', '3', '--json', '--quiet']);
    const logging = volpit(['run', 'tiny', '--seed', '3', '--json', '--record', folder]);
    const [without, with_] = [await plain, await logging];
    expect([without.code, with_.code]).toEqual([0, 0]);
    const hash = (JSON.parse(without.stdout) as Json)['traceHash'];
    expect((JSON.parse(with_.stdout) as Json)['traceHash']).toBe(hash);
    const sim = finished(tinyScenario(), '3');
    expect(with_.stderr).toContain(`${sim.trace.records} records logged`);
    expect(readdirSync(folder).sort()).toEqual(['events.bin', 'manifest.json']);

    const manifest = manifestIn(folder);
    expect(faults('log', manifest)).toEqual([]);
    expect(manifest).toMatchObject({ seed: '3', complete: true, outcome: { seconds: 300, traceHash: hash, records: sim.trace.records } });
    expect(manifest.outcome?.sha256).toBe(createHash('sha256').update(eventsOf(folder)).digest('hex'));
    for (const account of manifest.outcome?.accounts.agents ?? []) {
      const desk = sim.desks.find(({ name }) => name === account.name);
      expect(desk && [sim.ledger.cash(desk.id), sim.ledger.fills(desk.id)]).toEqual([account.cash, account.fills]);
    }

    const { code, stdout, stderr } = await volpit(['replay', folder, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as Json;
    expect(faults('replay-log', report)).toEqual([]);
    expect(report).toMatchObject({ scenario: 'tiny', seed: '3', complete: true, traceHash: hash, records: sim.trace.records });
    expect(report).toMatchObject({ compared: { traceHash: true, accounts: true }, accounts: manifest.outcome?.accounts });
    const text = await volpit(['replay', folder]);
    expect(text.stdout).toContain(': trace hash, cash and positions are equal\n');
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe(`trace ${String(hash)}`);
  });

  test.concurrent('also where the run is watched in the dashboard, and left before its end', async () => {
    const [watched, left] = [join(tempFolder(), 'watched'), join(tempFolder(), 'left')];
    const words = (folder: string, speed: string) => ['run', 'tiny', ...SHORT, '--speed', speed, '--record', folder];
    const show = async (folder: string, speed: string, sign: string): Promise<void> => {
      const screen = new PtyScreen(CLI, words(folder, speed), 100, 30);
      try {
        await screen.until((lines) => lines.some((line) => line.includes(sign)), sign);
        screen.press('q');
        await screen.end();
      } finally {
        screen.close();
      }
    };
    await show(watched, '1000000', 'DONE');
    await show(left, '20', 'RUN');
    expect(eventsOf(watched).equals(eventsOf(await recorded()))).toBe(true);
    expect(manifestIn(watched).complete).toBe(true);
    expect(manifestIn(left).complete).toBe(false);
    const { code, stdout } = await volpit(['replay', left]);
    expect(code).toBe(0);
    expect(stdout).toContain('trace hash, cash and positions are equal; the run was stopped before its end');
  });

  test.concurrent('--at stops there, and shows the books', async () => {
    const folder = await recorded();
    const { code, stdout } = await volpit(['replay', folder, '--at', '60.5', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Json & { books: { symbol: string; bids: Json[]; asks: Json[] }[] };
    expect(faults('replay-log', report)).toEqual([]);
    expect(report).toMatchObject({ seconds: 60.5, compared: { traceHash: false, accounts: false } });
    const sim = simulation(tinyScenario(['duration=150 s']));
    sim.advance(60.5);
    expect(report['traceHash']).toBe(sim.trace.hash());
    const perpetual = report.books.find(({ symbol }) => symbol === 'BTC-PERP');
    const tick = tinyScenario().chain.underlying.tickSize;
    expect(perpetual?.bids[0]?.['price']).toBeCloseTo((sim.exchange.book(tinyScenario().chain.underlying.id).best('buy') ?? 0) * tick, 9);
    for (const { bids, asks } of report.books) expect(Math.max(bids.length, asks.length)).toBeLessThanOrEqual(5);
    const text = await volpit(['replay', folder, '--at', '60.5']);
    expect(text.stdout).toMatch(/^book +orders +lots +bid \$ +ask \$ +lots +orders\nBTC-PERP /m);
    expect(text.stdout).toContain(': all records so far are equal\n');
    // Behind the end it is a whole replay, with the last books.
    const beyond = JSON.parse((await volpit(['replay', folder, '--at', '9999', '--json'])).stdout) as Json;
    expect(beyond).toMatchObject({ seconds: 150, compared: { traceHash: true, accounts: true } });
  });

  test.concurrent('the log of a run that a signal stopped says so, and replays to there', async () => {
    const folder = join(tempFolder(), 'log');
    const { code, stderr } = await stopped(folder, 'SIGINT');
    expect([code, stderr]).toEqual([130, 'volpit: interrupted\n']);
    expect(manifestIn(folder)).toMatchObject({ complete: false, outcome: { bytes: eventsOf(folder).length } });
    const replay = await volpit(['replay', folder, '--json']);
    expect([replay.code, replay.stderr]).toEqual([0, '']);
    expect(JSON.parse(replay.stdout)).toMatchObject({ complete: false, compared: { traceHash: true, accounts: true } });
  });

  test.concurrent('of one whose process was killed, all that was written replays', async () => {
    const folder = join(tempFolder(), 'log');
    const { signal } = await stopped(folder, 'SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(manifestIn(folder)).toMatchObject({ complete: false });
    expect(manifestIn(folder).outcome).toBeUndefined();
    // As when the machine went down in the midst of a block.
    truncateSync(join(folder, 'events.bin'), eventsOf(folder).length - 100);
    const { code, stdout, stderr } = await volpit(['replay', folder, '--json']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/ends within a block: its last \d+ bytes were left out/);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, compared: { traceHash: false, accounts: false } });
    expect((JSON.parse(stdout) as { records: number }).records).toBeGreaterThan(5_000);
  });
});

describe('--record never takes what is there', () => {
  test.concurrent('a folder with anything in it is refused, unless --force is given; then the log is replaced', async () => {
    const folder = await recorded();
    const before = eventsOf(folder);
    const words = ['run', 'tiny', ...SHORT, '--seed', '2', '--headless', '--quiet', '--record', folder];
    const refused = await volpit(words);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/--record.*is not empty.*--force/);
    expect(eventsOf(folder).equals(before)).toBe(true);
    // What prevents the run leaves the older log alone, also with --force.
    const prevented = await volpit([...words, '--force', '--set', 'agents.maker.forecaster=no-such']);
    expect(prevented.code).toBe(2);
    expect(eventsOf(folder).equals(before)).toBe(true);
    expect((await volpit([...words, '--force'])).code).toBe(0);
    expect(manifestIn(folder).seed).toBe('2');
    expect((await volpit(['replay', folder, '--quiet'])).code).toBe(0);
  });

  test.concurrent('an empty folder will do, a file will not', async () => {
    const root = tempFolder();
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'file'), 'mine');
    const words = ['run', 'tiny', '--set', 'duration=125 s', '--headless', '--quiet', '--record'];
    const [empty, file, below] = await Promise.all(['empty', 'file', 'file/log'].map((name) => volpit([...words, join(root, name)])));
    expect([empty?.code, file?.code, below?.code]).toEqual([0, 2, 2]);
    expect(file?.stderr).toMatch(/is a file: expected a folder/);
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('mine');
  });
});

describe('a log that is not as it was written', () => {
  /** Damages a log, and gives what the replay says to that. */
  async function complaint(damage: (folder: string) => void): Promise<{ code: number | null; stderr: string }> {
    const folder = await recorded();
    damage(folder);
    const { code, stdout, stderr } = await volpit(['replay', folder]);
    expect(stdout).toBe('');
    return { code, stderr };
  }

  test.concurrent('an altered byte: where, and exit code 2', async () => {
    const { code, stderr } = await complaint((folder) => {
      const file = eventsOf(folder);
      file[40_000] = (file[40_000] ?? 0) ^ 1;
      writeFileSync(join(folder, 'events.bin'), file);
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/events\.bin {2}byte 12 {2}the block with record 1 is damaged: its checksum is another\n$/);
  });

  test.concurrent('a truncated tail: where, and exit code 2', async () => {
    const { code, stderr } = await complaint((folder) => truncateSync(join(folder, 'events.bin'), eventsOf(folder).length - 1));
    expect(code).toBe(2);
    expect(stderr).toMatch(/events\.bin {2}byte \d+ {2}the file is cut short: it ends within the block that holds record \d+\n$/);
  });

  test.concurrent('another file that is sound in itself', async () => {
    const other = await recorded(['--seed', '9', ...SHORT]);
    const { code, stderr } = await complaint((folder) => writeFileSync(join(folder, 'events.bin'), eventsOf(other)));
    expect(code).toBe(2);
    expect(stderr).toMatch(/events\.bin.*the manifest says|not those that the manifest speaks of/);
  });

  test.concurrent('an altered record under hashes that fit: the record, both texts, and exit code 1', async () => {
    let number = 0;
    let was = '';
    const { code, stderr } = await complaint((folder) =>
      forged(folder, (records) => {
        const at = records.findIndex(({ kind }, i) => i > 1_500 && kind === TRACE.accepted);
        const record = records[at] ?? blankRecord();
        number = at + 1;
        was = recordText(record);
        record.lots += 1;
      }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`record ${number} differs: the log has "`);
    expect(stderr).toContain(`the replay "${was}"`);
    expect(stderr).toContain('seed 1');
  });

  test.concurrent('the same in a log of another version is the reader’s affair, exit code 2', async () => {
    const { code, stderr } = await complaint((folder) => {
      forged(folder, (records) => records.splice(1_000, 1));
      changed(folder, (manifest) => ({ ...manifest, version: '0.0.1' }));
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/record \d+ differs: .*; it was written by volpit 0\.0\.1, this is volpit \d/);
  });

  test.concurrent.each<[string, (manifest: Manifest) => object, number, RegExp]>([
    [
      'of another format',
      (manifest) => ({ ...manifest, schema: 'volpit.log/2' }),
      2,
      /schema.*expected volpit\.log\/1, found volpit\.log\/2/,
    ],
    ['of something else', () => ({ format: 'x' }), 2, /schema.*found something else/],
    ['without a field', ({ agents: _, ...rest }) => rest, 2, /agents/],
    [
      'with a scenario that was edited',
      (manifest) => ({ ...manifest, scenario: { ...manifest.scenario, text: `${manifest.scenario.text}\n` } }),
      2,
      /scenario\.sha256/,
    ],
    [
      'with other fees',
      (manifest) => ({ ...manifest, fees: { ...manifest.fees, perpetual: { maker: 0, taker: 0 } } }),
      2,
      /fees.*not those/,
    ],
    [
      'with another trace hash',
      (manifest) => ({ ...manifest, outcome: { ...manifest.outcome, traceHash: '0'.repeat(32) } }),
      2,
      /outcome\.traceHash/,
    ],
    [
      'with other cash',
      (manifest) => {
        const accounts = structuredClone(manifest.outcome?.accounts) as { agents: { cash: number }[] } | undefined;
        for (const account of accounts?.agents.slice(0, 1) ?? []) account.cash += 1;
        return { ...manifest, outcome: { ...manifest.outcome, accounts } };
      },
      1,
      /cash of customers in millionths of a dollar: the log says/,
    ],
  ])('a manifest %s', async (_name, change, code, message) => {
    const ended = await complaint((folder) => changed(folder, change));
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(message)]);
  });

  test.concurrent('a folder that is none, or no log', async () => {
    const root = tempFolder();
    const [missing, empty] = await Promise.all([volpit(['replay', join(root, 'none')]), volpit(['replay', root])]);
    expect([missing.code, empty.code]).toEqual([2, 2]);
    expect(missing.stderr).toMatch(/there is no such folder/);
    expect(empty.stderr).toMatch(/manifest\.json.*there is no such file/);
  });
});
