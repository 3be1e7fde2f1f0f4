import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { evaluationPage } from '../../src/report/evaluation-page.ts';
import { realismPage } from '../../src/report/realism-page.ts';
import { evaluation } from '../../src/study/evaluation/evaluation.ts';
import { factsOf } from '../../src/study/realism/facts.ts';
import { realism } from '../../src/study/realism/realism.ts';
import { madeTable, madeTarget } from '../support/forecast-tables.ts';
import { tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const BROWSER = NAMES.find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
});
if (BROWSER === undefined) console.log(`browser: skipped, none of ${NAMES.join(', ')} is on this machine`);

const WIDTH = 1200;
const HEIGHT = 900;

describe.skipIf(BROWSER === undefined)('a browser', () => {
  const folder = tempFolder();
  const page = join(folder, 'page.html');
  const facts = factsOf('btc');
  // All kinds of findings, and pictures of everything.
  const findings = realism(
    'btc',
    [0, 1].map((seed) =>
      Object.fromEntries(facts.slice(0, -5).map(({ name, target }, i) => [name, (target.band.low ?? 0) + i / 10 + seed / 20])),
    ),
    { 'touch-size': 13 },
  );
  const curves = {
    returns: Array.from({ length: 200 }, (_, i) => 2 * Math.sin(i * i)),
    atmVols: Array.from({ length: 120 }, (_, i) => [0.4 + 0.01 * Math.sin(i / 9), 0.42, 0.45] as const),
    regimes: Array.from({ length: 120 }, () => 'calm'),
    signs: Array.from({ length: 20 }, (_, i) => 0.5 / (i + 1)),
    markouts: ['customers', 'informed', 'sniper'].flatMap((counterparty, c) =>
      [0, 1, 10, 60, 300, 1800].map((seconds, i) => ({ counterparty, seconds, volPoints: 0.5 - 0.1 * c * i })),
    ),
  };
  writeFileSync(
    page,
    realismPage({
      ...{ version: '0.0.0', scenario: 'calm', preset: 'btc', changes: [], seeds: ['1', '2'], findings },
      curves: [curves, { ...curves, signs: curves.signs.map((value) => value / 2) }],
    }),
  );
  /** Starts the browser without a network: what the page would ask for could not be had. */
  const browse = (...flags: readonly string[]) => open(page, ...flags);
  const open = (file: string, ...flags: readonly string[]) =>
    run(
      BROWSER ?? '',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${join(folder, 'profile')}`],
        ...['--host-resolver-rules=MAP * ~NOTFOUND', '--enable-logging=stderr', '--v=0', ...flags, pathToFileURL(file).href],
      ],
      { maxBuffer: 64 * 1_048_576, timeout: 60_000 },
    );

  test('takes the page whole, lets its style sheet through the policy, and has nothing to complain of', { timeout: 90_000 }, async () => {
    const { stdout, stderr } = await browse('--dump-dom');
    expect(stdout.match(/<tr>/g)?.length).toBeGreaterThan(facts.length);
    expect(stdout.match(/<svg/g)).toHaveLength(facts.length + 4);
    // A parser moves what stands where it may not: the tables are where they were.
    expect(stdout.match(/<table class="facts">/g)).toHaveLength(6);
    expect(stderr).not.toMatch(/CONSOLE|Content Security Policy|Refused to/i);
  });

  test('takes the page of an evaluation whole, and has nothing to complain of', { timeout: 90_000 }, async () => {
    const models = [
      { model: 'rw', used: 0 },
      { model: 'lstm', used: 0.8 },
    ];
    const table = madeTable(madeTarget('level', { blocks: 2, length: 300, models }));
    const forecasts = join(folder, 'forecasts.html');
    const report = { version: '0.0.0', about: ['Made up.'], evaluation: evaluation(table, { draws: 50 }), table, subject: 'lstm' };
    writeFileSync(forecasts, evaluationPage(report));
    const { stdout, stderr } = await open(forecasts, '--dump-dom');
    // Reliability, places, skill, groups, one horizon.
    expect(stdout.match(/<svg/g)).toHaveLength(5);
    expect(stdout.match(/<td>lstm<\/td>/g)).toHaveLength(3);
    expect(stderr).not.toMatch(/CONSOLE|Content Security Policy|Refused to/i);
  });

  test.each([
    ['light', [] as readonly string[]],
    ['dark', ['--blink-settings=preferredColorScheme=0']],
  ])('draws it on a %s ground', { timeout: 90_000 }, async (name, flags) => {
    const picture = join(folder, `${name}.png`);
    await browse(`--window-size=${WIDTH},${HEIGHT}`, `--screenshot=${picture}`, ...flags);
    const { pixel, width, height } = await decodedCorner(picture);
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    // The ground of the style sheet: a page without its style is white in both.
    expect(pixel).toEqual(name === 'light' ? [255, 255, 255] : [13, 17, 23]);
  });
});

/** Size of a PNG, and its first pixel: the first row of a picture has nothing above it, so that its filters leave that pixel as it is. */
async function decodedCorner(path: string): Promise<{ pixel: number[]; width: number; height: number }> {
  const { readFile } = await import('node:fs/promises');
  const { inflateSync } = await import('node:zlib');
  const bytes = await readFile(path);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + size));
    at += size + 12;
  }
  const rows = inflateSync(Buffer.concat(parts));
  return { pixel: [...rows.subarray(1, 4)], width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
