import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import type { ColourLevel } from '../../../src/app/colour.ts';
import { Board } from '../../../src/app/dashboard/board.tsx';
import type { Size } from '../../../src/app/dashboard/layout.ts';
import { cells, unstyled } from '../../../src/app/dashboard/text.ts';
import { type ThemeName, themeOf } from '../../../src/app/dashboard/theme.ts';
import type { Playing } from '../../../src/app/dashboard/use-simulation.ts';
import { changedView, firstView, PANELS, type View, type ViewAction } from '../../../src/app/dashboard/view.ts';
import type { Snapshot } from '../../../src/sim/snapshot.ts';
import { fixedSnapshot } from '../../support/snapshot.ts';
import { COLOUR, CONTROL } from '../../support/terminal-codes.ts';

const RUN: Playing = { phase: 'run', speed: 60, reached: 60 };

interface Scene {
  readonly size: Size;
  readonly snapshot?: Snapshot;
  readonly view?: Partial<View>;
  readonly playing?: Playing;
  readonly theme?: readonly [ThemeName, ColourLevel];
}

function raw({ size, snapshot = fixedSnapshot(9), view = {}, playing = RUN, theme = ['dark', 0] }: Scene): string {
  const board = (
    <Board snapshot={snapshot} view={{ ...firstView(snapshot), ...view }} playing={playing} theme={themeOf(...theme)} size={size} />
  );
  return renderToString(board, { columns: size.columns });
}

/** The frame as text: no styles, and as many rows as the board drew. */
const frame = (scene: Scene): string[] =>
  unstyled(raw(scene))
    .split('\n')
    .map((line) => line.trimEnd());

const size = (columns: number, rows: number): Size => ({ columns, rows });
const SMALL = size(80, 24);
const DEFAULT = size(120, 40);
const LARGE = size(200, 50);

describe('frames', () => {
  test.each([
    ['120x40', DEFAULT, {}],
    ['200x50', LARGE, {}],
    ['120x36', size(120, 36), {}],
    ['100x45-pnl', size(100, 45), { panel: 'pnl' }],
    ['120x40-zoom-surface', DEFAULT, { panel: 'surface', zoomed: true }],
    ['120x40-help', DEFAULT, { help: true }],
    ['80x24-help', SMALL, { help: true }],
    ['120x40-why', DEFAULT, { why: true }],
    ['80x24-why', SMALL, { why: true }],
    ...PANELS.map((panel) => [`80x24-${panel}`, SMALL, { panel }] as const),
  ] as const)('%s', async (name, of, view) => {
    await expect(`${frame({ size: of, view }).join('\n')}\n`).toMatchFileSnapshot(`frames/${name}.txt`);
  });

  test('no line is longer than the terminal is wide, and one row stays free, at any size', () => {
    for (const columns of [1, 20, 80, 99, 120, 161, 300]) {
      for (const rows of [1, 2, 24, 35, 36, 70]) {
        for (const view of [{}, { help: true }, { why: true }, { zoomed: true, panel: 'book' as const }]) {
          const lines = frame({ size: size(columns, rows), view });
          expect(lines.length, `${columns}x${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 1));
          expect(Math.max(...lines.map(cells)), `${columns}x${rows}`).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  test('colours and themes change no character', () => {
    const text = frame({ size: DEFAULT }).join('\n');
    for (const name of ['dark', 'light', 'mono'] as const) {
      for (const level of [0, 1, 2, 3] as const) expect(frame({ size: DEFAULT, theme: [name, level] }).join('\n')).toBe(text);
    }
  });

  test('without colours no colour is written, with them each row ends where it began', () => {
    expect(raw({ size: DEFAULT, theme: ['dark', 0] })).not.toMatch(COLOUR);
    expect(raw({ size: DEFAULT, theme: ['dark', 2] })).toMatch(COLOUR);
  });

  test('a terminal that is too small is told what it takes', () => {
    const lines = frame({ size: size(60, 20) });
    expect(lines.slice(0, 3)).toEqual(['volpit needs 80x24', 'this terminal is 60x20', 'the run continues; q quits']);
  });
});

describe('facts on the board', () => {
  const text = frame({ size: DEFAULT }).join('\n');

  test.each([
    ['the run', /volpit btc-calm-morning seed 42 {2}00:36:07 ━+─+ 04:00:00 {2}CALM {4}x60 on time {5}► RUN/],
    ['the market', /spot {2}70,012\.5 {2}perp {2}70,010\.0 \/ {2}70,015\.0 {4}rv {2}43\.9 %/],
    ['the selected expiry', /\[7d\] {2}14d {3}30d {3}90d/],
    ['a row of the chain, with our quotes marked', /\+0\.5 {2}1837\.5 {2}1809\.0● 1862\.0●◂ 70000 {2}46\.2/],
    ['a quote of ours behind the best', /647\.0○ {2}671\.0○/],
    ['our sizes', /our bid {2}1809\.0 x 1\.00 {2}our ask {2}1862\.0 x 1\.00/],
    ['the reason', /quoted: expected gain 14\.5 \$\/h/],
    ['our place in the queue', /2\.50 ●1\.00 .* 1862\.0/],
    ['the spread', /spread {4}53\.0/],
    ['a trade', /▲ 1862\.0 1\.2/],
    ['the total', /total \+4,316\.27 {3}412 fills {2}386\.5 units/],
    ['a cause', /hedge cost {2}-918\.05/],
    ['the term structure with its arrow', /30d {5}50\.15 {3}50\.18 ▲50\.27 \+0\.09/],
    ['a falling forecast', /90d .* ▼53\.36 -0\.02/],
    ['a factor', /slope {7}0\.0688 {2}-0\.0004±0\.0012/],
    ['the Greeks', /vega {2}-2871\.4 \$\/pt/],
    ['a limit near', /delta {4}█+░+! {5}-6\.9\/ {5}8 units/],
    ['a limit reached', /position █+!! {3}\+20\.0\/ {4}20 units/],
    ['an event', /00:34:01 fill {5}sold 1\.00 BTC-7d-73000-C/],
    ['the keys', /q quit {2}space pause .*\? help/],
  ])('%s', (_, pattern) => {
    expect(text).toMatch(pattern);
  });

  test('causes that have no place: the finer ones are one sum, the dear ones stay', () => {
    const shown = frame({ size: DEFAULT }).join('\n');
    const small = fixedSnapshot(9).subject.pnl.byCause.filter(({ cause }) => ['vanna', 'volga', 'curvature', 'skew'].includes(cause));
    const sum = small.reduce((total, { amount }) => total + amount, 0);
    expect(shown).toContain(`4 more       ${sum.toFixed(2)}`);
    for (const cause of ['hedge cost', 'settlement', 'fees', 'residual', 'jump', 'slope']) expect(shown).toContain(`${cause} `);
  });

  test('the state of play', () => {
    const status = (playing: Playing, columns = 120): string => frame({ size: size(columns, 40), playing })[0] ?? '';
    expect(status({ phase: 'pause', speed: 60, reached: undefined })).toMatch(/x60 {13}‖ PAUSE/);
    expect(status({ phase: 'done', speed: 60, reached: undefined })).toMatch(/■ DONE/);
    expect(status({ phase: 'run', speed: 60, reached: 31.4 })).toMatch(/x60 lags, x31 {3}► RUN/);
    expect(status({ phase: 'run', speed: Number.POSITIVE_INFINITY, reached: 812 })).toMatch(/max makes x812/);
    expect(status({ phase: 'run', speed: 0.25, reached: 0.25 })).toMatch(/x1\/4 on time/);
    expect(status({ phase: 'run', speed: 60, reached: 31.4 }, 80)).toMatch(/x31 ► RUN/);
  });

  test('nothing jitters: other figures leave every label where it is', () => {
    const base = fixedSnapshot(9);
    const other: Snapshot = {
      ...base,
      nowSeconds: 9999,
      market: { ...base.market, spot: 69_999.9, prints: 12, realisedVol: undefined },
      subject: {
        ...base.subject,
        fills: 1,
        volume: 0.5,
        pnl: { total: -3.1, byCause: base.subject.pnl.byCause.map(({ cause }) => ({ cause, amount: -1 })) },
      },
    };
    const labels = (snapshot: Snapshot): string[] => frame({ size: DEFAULT, snapshot }).map((line) => line.replace(/[^│╭╮╰╯a-z]/g, ' '));
    expect(labels(other).slice(1, 16)).toEqual(labels(base).slice(1, 16));
  });
});

describe('what is missing is named', () => {
  const base = fixedSnapshot(9);
  const bare: Snapshot = {
    ...base,
    market: { ...base.market, bid: undefined, ask: undefined, realisedVol: undefined },
    expiries: base.expiries.map((expiry) => ({ ...expiry, trackedAtmVol: undefined, forecastAtmVol: undefined })),
    series: base.series.map((series) => ({
      ...series,
      bid: undefined,
      ask: undefined,
      ourBid: undefined,
      ourAsk: undefined,
      theo: undefined,
      reason: '',
    })),
    book: { ...base.book, bids: [], asks: [], lastTrades: [] },
    forecast: {
      ...base.forecast,
      warmup: { seen: 7, needed: 16 },
      factors: base.forecast.factors.map(({ name }) => ({ name, tracked: undefined, change: [], scale: [] })),
    },
    subject: {
      ...base.subject,
      state: 'warming-up: 7 of 16 steps',
      pnl: { total: 0, byCause: [] },
      history: [],
      limits: [],
      fills: 0,
      volume: 0,
    },
    log: [],
  };
  const text = frame({ size: LARGE, snapshot: bare }).join('\n');

  test.each([
    'no forecast yet: 7 of 16 steps seen',
    'nobody quotes this series yet',
    'no curve yet: it needs two samples',
    'nothing booked yet: the first fill fills this',
    'no limits set: the scenario gives none',
    'nothing yet: fills, hedges, limits and regimes are listed here',
    'state warming-up: 7 of 16 steps',
    'perp         · /         ·',
  ])('%s', (message) => {
    expect(text).toContain(message);
  });

  test('a chain that has ended', () => {
    const ended: Snapshot = { ...bare, series: [], expiries: [] };
    for (const of of [SMALL, DEFAULT, LARGE]) expect(frame({ size: of, snapshot: ended }).join('\n')).toContain('no series listed');
  });

  test('non-finite figures and a chain of many strikes are drawn too', () => {
    const wild: Snapshot = {
      ...base,
      series: base.series.map((series) => ({ ...series, theo: Number.NaN, fair: Number.POSITIVE_INFINITY, vol: 1e9 })),
      subject: { ...base.subject, greeks: { delta: Number.NaN, gamma: 1e12, vega: -1e12, theta: Number.NEGATIVE_INFINITY } },
    };
    for (const line of frame({ size: DEFAULT, snapshot: wild })) expect(cells(line)).toBeLessThanOrEqual(120);
    const [first] = base.series;
    if (first === undefined) throw new Error('no series');
    const many: Snapshot = { ...base, series: Array.from({ length: 60 }, (_, i) => ({ ...first, expiry: 0, strike: 40_000 + i * 1000 })) };
    const lines = frame({ size: DEFAULT, snapshot: many, view: { strike: 70_000 } });
    expect(lines[1]).toMatch(/26 more above, 25 more below/);
    expect(lines.join('\n')).toMatch(/◂ 70000/);
  });
});

test('control characters in any text of a snapshot do not reach the screen', () => {
  const evil = '\u001b[2J\u001b]0;owned\u0007\u009b31mname\u202e\r\n';
  const base = fixedSnapshot(9);
  const dirty: Snapshot = {
    ...base,
    scenario: evil,
    seed: evil,
    market: { ...base.market, regime: evil },
    expiries: base.expiries.map((expiry) => ({ ...expiry, label: evil })),
    series: base.series.map((series) => ({ ...series, symbol: evil, reason: evil })),
    book: { ...base.book, symbol: evil },
    forecast: { ...base.forecast, kind: evil, factors: base.forecast.factors.map((factor) => ({ ...factor, name: evil })) },
    subject: {
      ...base.subject,
      name: evil,
      kind: evil,
      state: evil,
      limits: base.subject.limits.map((limit) => ({ ...limit, name: evil, unit: evil })),
      pnl: { total: 1, byCause: [{ cause: evil, amount: 1 }] },
    },
    log: [{ seconds: 1, kind: 'info', text: evil }],
  };
  for (const of of [DEFAULT, LARGE, ...PANELS.map(() => SMALL)]) {
    for (const panel of PANELS) {
      const text = raw({ size: of, snapshot: dirty, view: { panel } });
      expect(unstyled(text)).not.toMatch(CONTROL);
      expect(unstyled(text)).not.toMatch(/\u202e|owned/);
    }
  }
});

describe('view', () => {
  const snapshot = fixedSnapshot(9);
  const changed = (view: View, ...actions: readonly ViewAction[]): View =>
    actions.reduce((now, action) => changedView(now, action, snapshot), view);
  const start = firstView(snapshot);

  test('starts at the money, and the strike stops at the ends', () => {
    expect(start).toMatchObject({ expiry: 0, strike: 70_000, right: 'call', panel: 'chain' });
    expect(changed(start, { kind: 'strike', by: 1 }).strike).toBe(73_000);
    expect(changed({ ...start, strike: 86_000 }, { kind: 'strike', by: 1 }).strike).toBe(86_000);
    expect(changed({ ...start, strike: 55_000 }, { kind: 'strike', by: -1 }).strike).toBe(55_000);
  });

  test('expiries and panels go round', () => {
    expect(changed(start, { kind: 'expiry', by: -1 }).expiry).toBe(3);
    expect(changed(start, ...Array.from({ length: 4 }, () => ({ kind: 'expiry', by: 1 }) as const)).expiry).toBe(0);
    expect(changed(start, { kind: 'turn', by: -1 }).panel).toBe('log');
    expect(changed(start, { kind: 'panel', panel: 'risk' }, { kind: 'turn', by: 1 }).panel).toBe('log');
  });

  test('call, put, zoom, help, back', () => {
    expect(changed(start, { kind: 'right', right: 'other' }).right).toBe('put');
    expect(changed(start, { kind: 'right', right: 'put' }, { kind: 'right', right: 'put' }).right).toBe('put');
    const both = changed(start, { kind: 'zoom' }, { kind: 'help' });
    expect(both).toMatchObject({ zoomed: true, help: true });
    expect(changed(both, { kind: 'back' })).toMatchObject({ zoomed: true, help: false });
    expect(changed(both, { kind: 'back' }, { kind: 'back' })).toMatchObject({ zoomed: false, help: false });
  });
});
