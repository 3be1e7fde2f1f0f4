import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cell, type ReferenceRow, referenceRows } from '../support/reference-table.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const shared = (name: string): string => fileURLToPath(new URL(`../../../shared/reference/${name}`, import.meta.url));
const absent = referenceRows('black_scholes.csv') === undefined;

/** Rows of a table without quotes. */
function rowsOf(path: string): readonly ReferenceRow[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((text, i) => [columns[i] ?? '', text])));
}

/** The first `columns` cells of every line. */
const firstCells = (text: string, columns: number): string =>
  text
    .split('\n')
    .map((line) => line.split(',').slice(0, columns).join(','))
    .join('\n');

const CALL = ['--spot', '100', '--strike', '105', '--days', '30', '--rate', '0.04'];

test('both sides with units, one side on request', async () => {
  const [both, one] = await Promise.all([
    volpit(['price', ...CALL, '--vol', '0.2']),
    volpit(['price', ...CALL, '--vol', '0.2', '--right', 'put']),
  ]);
  expect([both.code, both.stderr]).toEqual([0, '']);
  expect(both.stdout).toMatch(
    /^Black-Scholes-Merton: spot 100, strike 105, 30 days \(0\.08219178082 years\), rate 4 %, yield 0 %, vol 20 %\n/,
  );
  expect(both.stdout).toMatch(/\nprice +0\.7129479259 +5\.368309286\n/);
  expect(both.stdout).toMatch(/\nvega, per vol point +0\.08536379155 +0\.08536379155\n/);
  expect(one.stdout).toMatch(/\n +put\nprice +5\.368309286\n/);
});

test('years stand in for days, a forward for the spot', async () => {
  const [days, years, forward] = await Promise.all([
    volpit(['price', '--spot', '100', '--strike', '105', '--days', '73', '--vol', '0.2', '--json']),
    volpit(['price', '--spot', '100', '--strike', '105', '--years', '0.2', '--vol', '0.2', '--json']),
    volpit([
      'price',
      '--forward',
      '100',
      '--strike',
      '105',
      '--years',
      '0.2',
      '--vol',
      '0.2',
      '--rate',
      '0.1',
      '--right',
      'call',
      '--json',
    ]),
  ]);
  expect(days.stdout).toBe(years.stdout);
  const undiscounted = JSON.parse(days.stdout).options[0];
  const { options, discount } = JSON.parse(forward.stdout);
  expect(discount).toBe(Math.exp(-0.02));
  expect(options[0].price / undiscounted.price).toBeCloseTo(discount, 14);
  // With the forward held, the rate only discounts.
  expect(options[0].greeks.rho).toBeCloseTo(-0.2 * options[0].price, 12);
});

test('iv finds the vol of a price that price has given, in coin too', async () => {
  const inverse = ['--forward', '70000', '--strike', '83000', '--days', '8', '--inverse', '--right', 'put'];
  for (const words of [[...CALL, '--right', 'call'], inverse]) {
    const priced = JSON.parse((await volpit(['price', ...words, '--vol', '0.6', '--json'])).stdout);
    const { stdout } = await volpit(['iv', ...words, '--price', String(priced.options[0].price), '--json']);
    expect(JSON.parse(stdout).vol).toBeCloseTo(0.6, 12);
  }
});

test.each([
  ['-1', 'below-intrinsic'],
  ['0', 'at-intrinsic'],
  ['100', 'above-maximum'],
])('a price of %s has no vol: %s, and that is an answer', async (price, reason) => {
  const { code, stdout, stderr } = await volpit(['iv', ...CALL, '--right', 'call', '--price', price]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`\nno vol: ${reason}\n`);
});

test.each([
  [['price'], ['--spot', '--strike', '--days', '--vol']],
  [
    ['price', ...CALL, '--vol', '0.2', '--forward', '100', '--years', '1', '--yield', '0'],
    ['--forward', '--years', '--yield'],
  ],
  [['price', ...CALL, '--vol', '-1'], ['--vol']],
  [['price', '--csv', 'x.csv'], ['--out']],
  [
    ['price', '--csv', 'x.csv', '--out', 'y.csv', '--vol', '1'],
    ['--csv', '--vol'],
  ],
  [
    ['iv', ...CALL],
    ['--price', '--right'],
  ],
  [['iv', ...CALL, '--price', '1', '--right', 'call', '--out', 'x'], ['--out']],
])('%j is refused, naming %j', async (words, flags) => {
  const { code, stdout, stderr } = await volpit(words, { cwd: tempFolder() });
  expect([code, stdout]).toEqual([2, '']);
  for (const flag of flags) expect(stderr).toContain(flag);
});

describe.skipIf(absent)('the reference tables through --csv', () => {
  test('2000 rows: price within 8 roundings, twelve Greeks, d1 and d2 within 1e-12; what was there is there', async () => {
    const out = join(tempFolder(), 'out.csv');
    const { code, stdout, stderr } = await volpit(['price', '--csv', shared('black_scholes.csv'), '--out', out]);
    expect([code, stdout, stderr]).toEqual([0, '', `wrote ${out}: 2000 rows (2000 ok)\n`]);
    expect(firstCells(readFileSync(out, 'utf8'), 25)).toBe(readFileSync(shared('black_scholes.csv'), 'utf8'));
    for (const row of rowsOf(out)) {
      const price = cell(row, 'price');
      const room = 8 * Number.EPSILON * (1 + cell(row, 'cond')) * price + 1e-300;
      expect(Math.abs(cell(row, 'price_volpit') - price), row['id']).toBeLessThanOrEqual(room);
      for (const name of 'delta gamma vega theta rho psi vanna volga charm speed zomma color d1 d2'.split(' ')) {
        const [got, expected] = [cell(row, `${name}_volpit`), cell(row, name)];
        if (Math.abs(expected) > 1e-290) expect(Math.abs(got / expected - 1), `${name} ${row['id']}`).toBeLessThanOrEqual(1e-12);
        else expect(Math.abs(got - expected), `${name} ${row['id']}`).toBeLessThan(1e-286);
      }
    }
  });

  test('1495 prices: a vol within what one rounding causes, or the outcome that is due', async () => {
    const out = join(tempFolder(), 'out.csv');
    const { code } = await volpit(['iv', '--csv', shared('implied_vol.csv'), '--out', out]);
    expect(code).toBe(0);
    const rows = rowsOf(out);
    expect(rows).toHaveLength(1495);
    const due: Readonly<Record<string, readonly string[]>> = {
      at_intrinsic: ['at-intrinsic'],
      reject_below: ['below-intrinsic'],
      reject_above: ['above-maximum'],
      reject_input: ['bad-input'],
      boundary_low: ['ok', 'no-information', 'at-intrinsic'],
      boundary_high: ['ok', 'no-information', 'at-intrinsic'],
      ok: ['ok'],
    };
    for (const row of rows) {
      const outcome = row['outcome_volpit'] ?? '';
      expect(due[row['expect'] ?? ''], JSON.stringify(row)).toContain(outcome);
      const text = row['vol_volpit'];
      if (outcome === 'ok') expect(Number(text) >= 0 && text !== '', JSON.stringify(row)).toBe(true);
      else expect(text).toBe('');
      if (row['expect'] !== 'ok') continue;
      const error = Math.abs(cell(row, 'vol_volpit') / cell(row, 'vol_at_price') - 1);
      expect(error / cell(row, 'bound'), JSON.stringify(row)).toBeLessThanOrEqual(1.25);
    }
  });
});

test('quotes, line ends, blank lines and strange bytes stay; bad rows get their outcome', async () => {
  const folder = tempFolder();
  const lines = [
    '"note, with comma",type,spot,strike,time,rate,yield,vol\r',
    '"a ""quoted"" note",call,100,"100",1,0,0,0.2\r',
    'two\xff,put,100,100,1,0,0,zero\r',
    '"over\r',
    'two lines",call,100,100,1,0,0,0.2\r',
    '\r',
    'short,call,100\r',
    'x,straddle,100,100,1,0,0,0.2\r',
    'x,call,-1,100,1,0,0,0.2\r',
    'no line end,put,100,100,0,0,0,0.2',
  ];
  const text = `\xef\xbb\xbf${lines.join('\n')}`;
  writeFileSync(join(folder, 'in.csv'), text, 'latin1');
  const { code, stderr } = await volpit(['price', '--csv', 'in.csv', '--out', 'out.csv'], { cwd: folder });
  expect([code, stderr]).toEqual([0, 'wrote out.csv: 7 rows (3 ok, 2 bad-input, 1 bad-row, 1 bad-type)\n']);
  const written = readFileSync(join(folder, 'out.csv'), 'latin1').split('\n');
  expect(written).toHaveLength(lines.length);
  for (const [i, line] of text.split('\n').entries()) {
    expect(written[i]?.startsWith(line.replace('\r', ''))).toBe(true);
    expect(written[i]?.endsWith('\r')).toBe(line.endsWith('\r'));
  }
  expect(written[1]).toMatch(/,7\.965567455405\d+,.*,ok\r$/);
  expect(written[9]).toMatch(/^no line end,put,100,100,0,0,0,0\.2,0,-0\.5,0,.*,0,0,ok$/);
});

test.each([
  ['a missing column', 'type,spot,strike,time,rate,yield\n', /in\.csv:1:1 {2}vol {2}column is missing/],
  ['a column twice', 'type,spot,strike,time,rate,yield,vol,vol\n', /vol {2}is in the header 2 times/],
  ['a table that has been through already', 'type,spot,strike,time,rate,yield,vol,d1_volpit\n', /d1_volpit {2}is in the header already/],
  ['an open quote', 'type,spot,strike,time,rate,yield,vol\n"call,1,1,1,1,1,1\n', /in\.csv:2:1 {2}has a quote on this line/],
  ['an empty file', '', /is empty/],
])('%s is one clear error, and nothing is written', async (_, text, message) => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'in.csv'), text);
  const { code, stdout, stderr } = await volpit(['price', '--csv', 'in.csv', '--out', 'out.csv'], { cwd: folder });
  expect([code, stdout, readdirSync(folder)]).toEqual([2, '', ['in.csv']]);
  expect(stderr).toMatch(message);
});

test('the input is never replaced, an existing output only with --force; an interrupted pass leaves nothing', async () => {
  const folder = tempFolder();
  const row = 'call,100,100,1,0,0,0.2\n';
  writeFileSync(join(folder, 'in.csv'), `type,spot,strike,time,rate,yield,vol\n${row.repeat(300_000)}`);
  writeFileSync(join(folder, 'out.csv'), 'precious');
  const run = (...words: string[]) => volpit(['price', '--csv', 'in.csv', '--quiet', ...words], { cwd: folder });
  expect((await run('--out', 'in.csv', '--force')).code).toBe(2);
  expect((await run('--out', 'out.csv')).code).toBe(2);
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('precious');
  const stopped = await volpit(['price', '--csv', 'in.csv', '--out', 'new.csv'], {
    cwd: folder,
    kill: { signal: 'SIGINT', afterMillis: 700 },
  });
  // On a fast machine it may be through already.
  if (stopped.code !== 0) expect([stopped.code, readdirSync(folder).sort()]).toEqual([130, ['in.csv', 'out.csv']]);
});
