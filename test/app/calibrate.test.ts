import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import { deribitCsv, type KnownExpiry, quotedSurface } from '../support/deribit-csv.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const REAL = fileURLToPath(new URL('../../../shared/data/deribit-chain-snapshots/', import.meta.url));
const real = existsSync(REAL) ? readdirSync(REAL).filter((name) => name.endsWith('.csv')) : [];
if (real.length === 0) console.log('calibrate: real chains skipped, ../shared/data/deribit-chain-snapshots is absent');

const EXPIRIES: readonly KnownExpiry[] = [7, 30, 90].map((days) => {
  const theta = (0.25 * days) / 365;
  return { days, forward: 90_000, slice: { theta, rho: -0.2, psi: Math.sqrt(0.8 * theta) } };
});
const CHAIN = deribitCsv(quotedSurface(EXPIRIES, { seed: '1', widthVol: 0.01, noiseVol: 0.001, missing: 0.05, strikes: 21 }));

test('a chain becomes a scenario that validates and runs, and its path is not in it', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'chain.csv'), CHAIN);
  const made = await volpit(['calibrate', join(folder, 'chain.csv'), '--out', 'mine.yaml'], { cwd: folder });
  expect(made.code).toBe(0);
  expect(made.stdout).toMatch(
    /^BTC surface at 2026-01-02T08:00:00\+00:00, spot 90000\.00: 3 expiries, 0 repaired\nexpiry .* error .* width/,
  );
  expect(made.stderr).toBe('wrote mine.yaml: 3 expiries, 54 series; try: volpit run mine.yaml\n');
  expect(readdirSync(folder).sort()).toEqual(['chain.csv', 'mine.yaml']);
  const text = readFileSync(join(folder, 'mine.yaml'), 'utf8');
  expect(text).toContain('# Made by volpit calibrate from chain.csv, a snapshot of Deribit');
  expect(text).not.toContain(folder);
  const run = ['run', 'mine.yaml', '--json', '--set', 'agents.maker.forecaster=rw', '--set', 'duration=1 min'];
  const [checked, ran] = await Promise.all([volpit(['validate', 'mine.yaml'], { cwd: folder }), volpit(run, { cwd: folder })]);
  expect(checked).toMatchObject({
    code: 0,
    stdout: 'mine.yaml: ok (btc-20260102-0800: 2 h, 3 expiries, 54 series, 7 agents, 2 variants)\n',
  });
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ scenario: 'btc-20260102-0800', simulatedSeconds: 60 });
});

test('--json obeys its schema; without --out nothing is written', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'chain.csv'), CHAIN);
  const { code, stdout, stderr } = await volpit(['calibrate', 'chain.csv', '--json'], { cwd: folder });
  expect([code, stderr, readdirSync(folder)]).toEqual([0, '', ['chain.csv']]);
  const document = JSON.parse(stdout) as { overall: { quotes: number }; expiries: { atmVol: number }[] };
  const check = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(new URL('../../docs/schemas/calibrate.schema.json', import.meta.url), 'utf8')) as object,
  );
  check(document);
  expect(check.errors).toBeNull();
  for (const { atmVol } of document.expiries) expect(atmVol).toBeCloseTo(0.5, 2);
});

test('the smiles as a picture, and the layout that was found', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'chain.csv'), CHAIN);
  const drawn = await volpit(['calibrate', 'chain.csv', '--svg', 'smiles.svg'], { cwd: folder });
  expect([drawn.code, drawn.stderr]).toEqual([0, 'wrote smiles.svg\n']);
  expect(drawn.stdout).toMatch(/\nraw SVI on top .* share .* lost/);
  expect(drawn.stdout).toMatch(/\nread as deribit: \d+ quotes, Deribit\n$/);
  expect(readFileSync(join(folder, 'smiles.svg'), 'utf8')).toMatch(/^<svg /);
  const again = await volpit(['calibrate', 'chain.csv', '--svg', 'smiles.svg'], { cwd: folder });
  expect([again.code, again.stdout]).toEqual([2, '']);
  const both = await volpit(['calibrate', 'chain.csv', '--svg', 'x', '--out', 'x'], { cwd: folder });
  expect(both.stderr).toMatch(/--svg {2}is the file of --out too/);
  expect([both.code, readdirSync(folder).sort()]).toEqual([2, ['chain.csv', 'smiles.svg']]);
});

test('an American chain in another layout: recognised, dated, made European, and its JSON obeys the schema', async () => {
  const folder = tempFolder();
  const rows = [28, 63].flatMap((days) =>
    [90, 95, 98, 99, 100, 101, 102, 105, 110].flatMap((strike) =>
      (['call', 'put'] as const).map((right) => {
        const price = blackPrice(right, 100, strike, 0.2 * Math.sqrt(days / 365));
        const expiry = days === 28 ? '2026-09-09' : '2026-10-14';
        const type = right === 'call' ? 'C' : 'P';
        const name = `SPY${expiry.replaceAll('-', '').slice(2)}${type}${String(strike * 1000).padStart(8, '0')}`;
        const prices = `${(price - 0.02).toFixed(4)},${(price + 0.02).toFixed(4)}`;
        return `${name},${expiry},${type},${strike},1,${prices},1,1,0.2,True,2026-08-12 20:00:00+00:00,100,2026-08-12`;
      }),
    ),
  );
  const header =
    'contractSymbol,expiry,type,strike,lastPrice,bid,ask,volume,openInterest,impliedVolatility,inTheMoney,lastTradeDate,spot,session';
  writeFileSync(join(folder, 'spy.csv'), [header, ...rows].join('\n'));
  const { code, stdout, stderr } = await volpit(['calibrate', 'spy.csv', '--json', '--rate', '0.03', '--date', '2026-08-12'], {
    cwd: folder,
  });
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout) as object;
  const check = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync(new URL('../../docs/schemas/calibrate.schema.json', import.meta.url), 'utf8')) as object,
  );
  check(document);
  expect(check.errors).toBeNull();
  expect(document).toMatchObject({ format: 'us-etf', symbol: 'SPY', rate: 0.03 });
  const wrong = await volpit(['calibrate', 'spy.csv', '--at', '2026'], { cwd: folder });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--at  has no meaning for a file of the layout us-etf')]);
});

/** The chain, cut or spoilt. */
const WRONG: readonly (readonly [name: string, content: string | Uint8Array, message: RegExp])[] = [
  ['binary.csv', Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256), /expected UTF-8/],
  ['nul.csv', `a\0b\n${CHAIN}`, /not a text file/],
  ['truncated.csv', CHAIN.slice(0, CHAIN.length - 60), /cells, the header has 23/],
  ['open-quote.csv', CHAIN.replace('\n', '\n"'), /a quote opens on this line/],
  ['empty.csv', '', /is empty/],
  ['header-only.csv', CHAIN.slice(0, CHAIN.indexOf('\n') + 1), /no rows/],
  ['renamed.csv', CHAIN.replace('bid_price', 'bid'), /bid_price {2}column is missing/],
  ['ether.csv', CHAIN, /no rows of ETH/],
  ['negative.csv', CHAIN.replace(/,90000\.0,1000\.0\n/, ',-1,1000.0\n'), /index_price {2}expected no negative number, found '-1'/],
  ['thin.csv', CHAIN.split('\n').slice(0, 4).join('\n'), /no expiry with 12 hours left and 5/],
];

describe('what is no chain is refused with 2, without a trace of output', () => {
  test.concurrent.each(WRONG)('%s', async (name, content, message) => {
    const folder = tempFolder();
    writeFileSync(join(folder, name), content);
    const words = ['calibrate', name, '--out', 'out.yaml', ...(name === 'ether.csv' ? ['--currency', 'ETH'] : [])];
    const { code, stdout, stderr } = await volpit(words, { cwd: folder });
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`^${name}`));
    expect(stderr).not.toMatch(/^\s+at |a bug/m);
    expect([code, stdout, readdirSync(folder)]).toEqual([2, '', [name]]);
  });

  test.each([
    ['missing.csv', /there is no such file/],
    ['.', /is a folder/],
  ])('%s', async (name, message) => {
    const folder = tempFolder();
    const { code, stdout, stderr } = await volpit(['calibrate', name, '--out', 'out.yaml'], { cwd: folder });
    expect(stderr).toMatch(message);
    expect([code, stdout, readdirSync(folder)]).toEqual([2, '', []]);
  });

  test('the chain itself is not overwritten, not even by force', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'chain.csv'), CHAIN);
    const { code, stderr } = await volpit(['calibrate', 'chain.csv', '--out', './chain.csv', '--force'], { cwd: folder });
    expect([code, stderr]).toEqual([2, '--out  ./chain.csv  is the input: it would be overwritten\n']);
    expect(readFileSync(join(folder, 'chain.csv'), 'utf8')).toBe(CHAIN);
  });
});

test.skipIf(real.length === 0)('real chains become scenarios that validate', async () => {
  const folder = tempFolder();
  const names = real.slice(0, 2).map((file) => `${basename(file, '.csv')}.yaml`);
  const made = await Promise.all(
    real.slice(0, 2).map((file, i) => volpit(['-q', 'calibrate', join(REAL, file), '--out', names[i] ?? ''], { cwd: folder })),
  );
  expect(made.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(await volpit(['validate', ...names], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
});
