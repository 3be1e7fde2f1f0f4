import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { LOBSTER_ROWS } from '../support/replay-files.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

// Programs are started side by side; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

const folder = tempFolder();
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const run = (...words: readonly string[]) => volpit(['realism', 'tiny', '--seeds', '1..2', '--quiet', ...words], { cwd: folder });

file('X_message_1.csv', `${LOBSTER_ROWS.map(([message]) => message).join('\n')}\n`);
file('X_orderbook_1.csv', `${LOBSTER_ROWS.map(([, book]) => book).join('\n')}\n`);
file('alone.csv', `${LOBSTER_ROWS.map(([message]) => message).join('\n')}\n`);
const trades = file(
  'trades.csv',
  `time,side,size,price\n${Array.from({ length: 60 }, (_, i) => `${1_767_312_000 + i * i},${i % 3 === 0 ? 'sell' : 'buy'},${1 + (i % 4)},5`).join('\n')}\n`,
);
const vols = file('vols.csv', 'date,7d,30d,90d\n2026-01-01,0.4,0.5,0.55\n2026-01-02,0.41,0.5,0.55\n');

interface Shown {
  readonly variant?: string;
  readonly against?: readonly { readonly file: string; readonly format: string }[];
  readonly facts: readonly { readonly name: string; readonly observed?: number; readonly value?: number }[];
}
const factOf = (shown: Shown, name: string) => shown.facts.find((fact) => fact.name === name);

describe('--against', () => {
  test('shows what the files say beside what the runs show, in text and JSON', async () => {
    const words = ['--against', trades, '--against', vols, '--against', 'X_message_1.csv'];
    const [text, json] = await Promise.all([run(...words), run(...words, '--json')]);
    expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, '', 0, '']);
    expect(text.stdout.split('\n')[2]).toMatch(/^fact +target +data +value +95 % interval +runs +verdict$/);
    const shown = JSON.parse(json.stdout) as Shown;
    expect(shown.against).toEqual([
      { file: 'trades.csv', format: 'trades' },
      { file: 'vols.csv', format: 'vols' },
      { file: 'X_message_1.csv', format: 'lobster-messages' },
    ]);
    expect(factOf(shown, 'trade-size-p50')?.observed).toBe(2.5);
    expect(factOf(shown, 'term-slope')?.observed).toBeCloseTo(Math.log(1.1), 12);
    expect(factOf(shown, 'order-life')?.observed).toBeCloseTo(0.2, 6);
    expect(factOf(shown, 'touch-size')).not.toHaveProperty('observed');
    expect(factOf(shown, 'touch-size')?.value).toBeGreaterThan(0);
  });

  test('changes nothing of the runs', async () => {
    const [plain, beside] = await Promise.all([run('--json'), run('--json', '--against', trades)]);
    const bare = (text: string) => (JSON.parse(text) as Shown).facts.map(({ observed: _, ...fact }) => fact);
    expect(bare(beside.stdout)).toEqual(bare(plain.stdout));
    expect(plain.stdout).not.toContain('observed');
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'an unknown layout',
      [file('odd.csv', 'a,b\n1,2\n')],
      /^odd\.csv:1:1 {2}is in no known layout; expected trades \(.*vols \(.*LOBSTER.*chain/,
    ],
    ['no such file', ['none.csv'], /^none\.csv {2}/],
    ['messages without a book', ['alone.csv'], /alone\.csv {2}is a message file of LOBSTER, and its order book is not beside it/],
    ['a book without messages', ['X_orderbook_1.csv'], /X_orderbook_1\.csv {2}is an order book of LOBSTER; name its messages/],
    ['a bad row', [file('bad.csv', 'time,side,size,price\n1,hold,1,1\n')], /bad\.csv:2.*side.*expected buy or sell/],
  ])('%s is refused before any run', async (_name, files, says) => {
    const { code, stdout, stderr } = await run(...files.flatMap((name) => ['--against', name]));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });
});

describe('--variant', () => {
  test('runs the facts with a variant of the subject, and says so', async () => {
    const [plain, changed] = await Promise.all([run('--json'), run('--json', '--variant', 'narrow')]);
    const [a, b] = [plain, changed].map(({ stdout }) => JSON.parse(stdout) as Shown);
    expect([a?.variant, b?.variant]).toEqual([undefined, 'narrow']);
    expect(b?.facts).not.toEqual(a?.facts);
  });

  test('that is unknown is refused', async () => {
    const { code, stderr } = await run('--variant', 'garch');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^--variant {2}garch {2}is not a variant of tiny/)]);
  });
});

describe('--html', () => {
  test('writes a page that is the same with any number of workers, and never replaces a file unasked', async () => {
    const [one, two] = await Promise.all(['1', '2'].map((workers) => run('--html', `${workers}.html`, '--workers', workers)));
    expect([one?.code, two?.code]).toEqual([0, 0]);
    const page = readFileSync(join(folder, '1.html'), 'utf8');
    expect(page).toContain('<h1>Realism of tiny</h1>');
    expect(readFileSync(join(folder, '2.html'), 'utf8')).toBe(page);
    const again = await run('--html', '1.html');
    expect([again.code, again.stdout, again.stderr]).toEqual([2, '', expect.stringMatching(/^--html {2}1\.html {2}exists already/)]);
    expect((await run('--html', '1.html', '--force', '--variant', 'rw')).code).toBe(0);
    expect(readFileSync(join(folder, '1.html'), 'utf8')).toContain('forecaster=rw');
  });

  test('is never written over its input, and not where there is no folder', async () => {
    const over = await run('--against', trades, '--html', trades, '--force');
    expect([over.code, over.stderr]).toEqual([2, expect.stringMatching(/is the input: it would be overwritten/)]);
    const nowhere = await run('--html', 'no/such/place.html');
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringMatching(/there is no folder no\/such/)]);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });
});
