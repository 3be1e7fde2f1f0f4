import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bandStrip } from '../../src/report/band-strip.ts';
import { escaped, htmlPage } from '../../src/report/html-page.ts';
import { type RealismReport, realismPage } from '../../src/report/realism-page.ts';
import { factsOf } from '../../src/study/realism/facts.ts';
import { realism } from '../../src/study/realism/realism.ts';
import type { RunCurves } from '../../src/study/realism/run-curves.ts';

const curves: RunCurves = {
  returns: Array.from({ length: 100 }, (_, i) => Math.sin(i * i)),
  atmVols: Array.from({ length: 30 }, (_, i) => [0.5 + i / 1000, 0.48, 0.47] as const),
  regimes: Array.from({ length: 30 }, (_, i) => (i < 20 ? 'calm' : 'stressed')),
  signs: [0.3, 0.2, -0.1],
  markouts: [0, 1, 300].map((seconds, i) => ({ counterparty: 'informed', seconds, volPoints: 0.4 - 0.3 * i })),
};
const runs = [
  { 'touch-size': 20, 'order-life': 100, leverage: -0.1 },
  { 'touch-size': 21, 'order-life': 90, leverage: -0.12 },
];
const report: RealismReport = {
  ...{ version: '1.2.3', scenario: 'made <up> & "so"', preset: 'btc', changes: ['world.spot=<b>'], seeds: ['1', '2'] },
  findings: realism('btc', runs, { 'touch-size': 13 }),
  curves: [curves, { ...curves, signs: [0.2, 0.1] }],
  data: { files: [{ file: 'a<b.csv', format: 'trades' }], curves: { ...curves, atmVols: [], markouts: [] } },
};
const page = realismPage(report);

describe('the page', () => {
  test('is one file that runs nothing and fetches nothing', () => {
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\(|https?:/i);
  });

  test('has a policy that allows its own style sheet by hash, and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).not.toContain('unsafe');
    expect(page.match(/<style/g)).toHaveLength(1);
  });

  test('escapes what comes from names', () => {
    expect(page).toContain('<h1>Realism of made &lt;up&gt; &amp; &quot;so&quot;</h1>');
    expect(page).not.toMatch(/<up>|<b>|a<b/);
    expect(htmlPage('<t>', '')).toContain('<title>&lt;t&gt;</title>');
    expect(escaped(`'"&<>`)).toBe('&#39;&quot;&amp;&lt;&gt;');
  });

  test('tells every fact with its source, by group, misses first', () => {
    for (const { name, about, target } of factsOf('btc')) {
      expect(page).toContain(`<strong>${escaped(name)}</strong>`);
      expect(page).toContain(escaped(about));
      expect(page).toContain(escaped(`${target.evidence}: ${target.source}`));
    }
    const books = page.slice(page.indexOf('<h2>books'), page.indexOf('<h2>adverse selection'));
    expect(books).toContain('<h2>books: 0 of 4 inside</h2>');
    const verdicts = [...page.matchAll(/<h2>screen[\s\S]*?<\/table>/g)].flatMap(([table]) =>
      [...table.matchAll(/class="verdict [a-z]+">([a-z ]+)</g)].map((match) => match[1]),
    );
    expect(verdicts.at(-1)).toBe('inside');
    expect(verdicts.slice(0, -1).every((verdict) => verdict === 'not measurable')).toBe(true);
    expect(books.indexOf('order-life')).toBeLessThan(books.indexOf('short-lives'));
    expect(page).toContain('<strong>1</strong> outside');
  });

  test('is well-formed as far as tags go', () => {
    const open: string[] = [];
    for (const [, closes, tag = '', selfCloses] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
      if (selfCloses === '/' || tag === 'meta') continue;
      if (closes === '') open.push(tag);
      else expect([tag, open.pop()]).toEqual([tag, tag]);
    }
    expect(open).toEqual([]);
  });

  test('has no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(realismPage({ ...report, curves: [], findings: realism('index', [{}]) })).not.toMatch(/NaN|Infinity|undefined|<figure/);
  });

  test('draws four pictures, each with its figures in a table', () => {
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page.match(/<details><summary>Figures<\/summary>/g)).toHaveLength(4);
    // Lag 1: the mean of two runs, and the data.
    expect(page).toMatch(/<td>1<\/td><td class="number">0\.2500<\/td><td class="number">\[[^<]*\]<\/td><td class="number">0\.3000<\/td>/);
    expect(page).toContain('calm from the start, stressed from minute 21');
  });
});

describe('a strip', () => {
  const finding = (name: string, value: number, data?: number) => {
    const found = realism('btc', [{ [name]: value }], data === undefined ? {} : { [name]: data }).find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no fact ${name}`);
    return found;
  };
  const numbers = (text: string, pattern: RegExp): number[] => [...text.matchAll(pattern)].map((match) => Number(match[1]));

  test('has its dot inside the band where the verdict is inside, else beside it', () => {
    for (const [value, isInside] of [
      [14, true],
      [34, true],
      [12, false],
      [40, false],
    ] as const) {
      const strip = bandStrip(finding('touch-size', value));
      const [left = 0] = numbers(strip, /<rect class="band" x="([\d.]+)"/g);
      const [width = 0] = numbers(strip, /<rect class="band"[^>]* width="([\d.]+)"/g);
      const [dot = 0] = numbers(strip, /<circle[^>]* cx="([\d.]+)"/g);
      expect([value, dot >= left && dot <= left + width]).toEqual([value, isInside]);
      expect(strip).toContain(isInside ? 'fill-inside' : 'fill-outside');
    }
  });

  test('shows a far miss as a triangle at the edge, and the data as a diamond', () => {
    expect(bandStrip(finding('touch-size', 1e9))).not.toContain('<circle');
    expect(bandStrip(finding('touch-size', 1e9)).match(/<polygon/g)).toHaveLength(1);
    expect(bandStrip(finding('touch-size', 20, 25))).toContain('class="ddata"');
  });

  test('runs to the edge where the band is open', () => {
    const strip = bandStrip(finding('given-back sniper', 1.5));
    const [left = 0] = numbers(strip, /<rect class="band" x="([\d.]+)"/g);
    const [width = 0] = numbers(strip, /<rect class="band"[^>]* width="([\d.]+)"/g);
    expect(left + width).toBe(212);
  });
});
