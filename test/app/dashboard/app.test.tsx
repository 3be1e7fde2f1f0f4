import fc from 'fast-check';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { App } from '../../../src/app/dashboard/app.tsx';
import { helpLines } from '../../../src/app/dashboard/help.tsx';
import { bindingOf, KEYMAP, type KeyContext, keyNames } from '../../../src/app/dashboard/keymap.ts';
import { keysLine } from '../../../src/app/dashboard/keys.tsx';
import type { Size } from '../../../src/app/dashboard/layout.ts';
import { unstyled } from '../../../src/app/dashboard/text.ts';
import { themeOf } from '../../../src/app/dashboard/theme.ts';
import { type ScriptedSource, scriptedSource } from '../../support/scripted-source.ts';

afterEach(cleanup);

const KEYS = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  esc: '\u001b',
  space: ' ',
  'ctrl+c': '\u0003',
  'ctrl+l': '\u000c',
};

interface Opened {
  readonly source: ScriptedSource;
  readonly ends: string[];
  readonly errors: unknown[];
  readonly redraws: () => number;
  press(...names: string[]): void;
  text(): string;
  /** Waits until the frame matches. */
  shows(pattern: RegExp): Promise<void>;
}

async function open(
  options: { size?: Size; horizon?: number; failAt?: number; speed?: number; exitWhenDone?: boolean } = {},
): Promise<Opened> {
  const source = scriptedSource(options.horizon ?? 1e6, options.failAt);
  const size = options.size ?? { columns: 80, rows: 24 };
  const ends: string[] = [];
  const errors: unknown[] = [];
  let redraws = 0;
  const screen = render(
    <App
      source={source}
      speed={options.speed ?? 10}
      theme={themeOf('mono', 0)}
      size={{ current: () => size, subscribe: () => () => {} }}
      exitWhenDone={options.exitWhenDone ?? false}
      onEnd={(end) => ends.push(end)}
      onError={(error) => errors.push(error)}
      onRedraw={() => {
        redraws += 1;
      }}
    />,
  );
  const text = (): string => unstyled(screen.lastFrame() ?? '');
  const shows = async (pattern: RegExp): Promise<void> => {
    await vi.waitFor(() => expect(text()).toMatch(pattern), { timeout: 10_000, interval: 10 });
  };
  await shows(/RUN|DONE/);
  return {
    source,
    ends,
    errors,
    redraws: () => redraws,
    press: (...names) => {
      for (const name of names) screen.stdin.write(name in KEYS ? KEYS[name as keyof typeof KEYS] : name);
    },
    text,
    shows,
  };
}

describe('keys', () => {
  test('space pauses and resumes; s and S run one event and one second, only while paused', async () => {
    const { press, shows, source } = await open();
    press('s');
    expect(source.steps).toBe(0);
    press('space');
    await shows(/PAUSE/);
    await shows(/s event {2}S second/);
    const at = source.seconds;
    press('s');
    press('S');
    await vi.waitFor(() => expect(source.seconds).toBeCloseTo(at + 1, 9));
    expect(source.steps).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(source.seconds).toBeCloseTo(at + 1, 9);
    press('space');
    await shows(/RUN/);
    await vi.waitFor(() => expect(source.seconds).toBeGreaterThan(at + 1.5), { timeout: 5000 });
  });

  test('+ and - change the speed, 0 takes the limit off', async () => {
    const { press, shows } = await open();
    press('+');
    await shows(/x20/);
    press('-');
    await shows(/x10/);
    press('--');
    await shows(/x3|x2\.5/);
    press('0');
    await shows(/max/);
  });

  test('arrows and hjkl move the cursor, c turns it; the book follows, paused or not', async () => {
    const { press, shows, source } = await open();
    await shows(/▸ BTC-7d-70000-C/);
    press('space');
    await shows(/PAUSE/);
    press('down');
    await shows(/▸ BTC-7d-73000-C/);
    press('k');
    await shows(/▸ BTC-7d-70000-C/);
    press('j', 'l');
    await shows(/▸ BTC-7d-73000-P/);
    press('left');
    await shows(/▸ BTC-7d-73000-C/);
    press('c');
    await shows(/▸ BTC-7d-73000-P/);
    press('2');
    await shows(/2 Book BTC-7d-73000-P/);
    expect(source.asked.at(-1)).toBe(12);
  });

  test('tab, e and their opposites choose the expiry', async () => {
    const { press, shows } = await open();
    press('tab');
    await shows(/▸ BTC-14d/);
    press('e');
    await shows(/▸ BTC-30d/);
    press('shift+tab');
    await shows(/▸ BTC-14d/);
    press('E');
    await shows(/▸ BTC-7d/);
  });

  test('1 to 6 and the brackets turn the tabs', async () => {
    const { press, shows } = await open();
    for (const [key, title] of [
      ['2', '2 Book'],
      ['3', '3 P&L'],
      ['4', '4 Surface'],
      ['5', '5 Risk'],
      ['6', '6 Events'],
      ['1', '1 Chain'],
    ] as const) {
      press(key);
      await shows(new RegExp(`\\[${title}\\]`));
    }
    press('[');
    await shows(/\[6 Events\]/);
    press(']');
    await shows(/\[1 Chain\]/);
  });

  test('z zooms the panel on a wide screen, esc leaves', async () => {
    const { press, shows } = await open({ size: { columns: 120, rows: 40 } });
    await shows(/1 Chain[\s\S]*2 Book/);
    press('4', 'z');
    await shows(/^ volpit.*\n╭─ 4 Surface 7d ─{60}/);
    press('esc');
    await shows(/1 Chain[\s\S]*4 Surface/);
  });

  test('? shows every key of the table, and esc closes it; meanwhile the run goes on', async () => {
    const { press, shows, text, source } = await open();
    const before = source.seconds;
    press('?');
    await shows(/╭─ Keys/);
    for (const { shown, help } of KEYMAP) {
      expect(text()).toContain(shown);
      expect(text()).toContain(help.slice(0, 24));
    }
    press('z', 'down');
    await vi.waitFor(() => expect(source.seconds).toBeGreaterThan(before));
    press('esc');
    await shows(/▸ BTC-7d-70000-C/);
  });

  test('q quits, ctrl+c interrupts, also in a burst; ctrl+l draws anew', async () => {
    const { press, ends, redraws } = await open();
    press('ctrl+l');
    expect(redraws()).toBe(1);
    press('q');
    press('ctrl+c');
    press('xx\u0003');
    expect(ends).toEqual(['quit', 'interrupted', 'interrupted']);
  });

  test('t changes the theme: colour appears and goes, the text stays', async () => {
    const { press, shows, text } = await open();
    press('space');
    await shows(/PAUSE/);
    const before = text();
    press('t');
    await shows(/PAUSE/);
    expect(text()).toBe(before);
  });
});

describe('the run', () => {
  test('its end is shown, and stays until a key; with exitWhenDone it ends the dashboard', async () => {
    const stays = await open({ horizon: 1, speed: 50 });
    await stays.shows(/■ DONE/);
    stays.press('space');
    await stays.shows(/■ DONE/);
    expect(stays.ends).toEqual([]);
    expect(stays.source.seconds).toBe(1);
    const leaves = await open({ horizon: 1, speed: 50, exitWhenDone: true });
    await vi.waitFor(() => expect(leaves.ends).toEqual(['done']), { timeout: 5000 });
  });

  test('what the source throws is handed on, and nothing runs after it', async () => {
    const { errors, source } = await open({ failAt: 2, speed: 50 });
    await vi.waitFor(() => expect(errors).toHaveLength(1), { timeout: 5000 });
    expect(String(errors[0])).toBe('Error: the source failed');
    const at = source.seconds;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(source.seconds).toBe(at);
  });
});

test('no input whatsoever makes it throw', async () => {
  const { press, errors, shows } = await open();
  const sequences = [
    '\u001b',
    '\u001b[',
    '\u001b[A',
    '\u001bO',
    '\u001bOP',
    '\u001b[<64;10;5M',
    '\u001b[200~paste\u001b[201~',
    '\u001b[1;5C',
    '\u001b[29;5~',
    '\u001b[5G',
    '\u001b]0;x\u0007',
    '\u0000',
    '\u007f',
    '\r',
    'é',
    '名',
    '😀',
  ];
  const keys = [...KEYMAP.flatMap((binding) => binding.keys).filter((key) => key.length === 1 && key !== 'q'), ...sequences];
  const text = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...keys), text), { maxLength: 8 }), (inputs) => {
      press(...inputs);
    }),
    { numRuns: 100 },
  );
  expect(errors).toEqual([]);
  press('esc', 'esc');
  await shows(/RUN|PAUSE/);
});

describe('the key table', () => {
  const contexts: KeyContext[] = (['run', 'pause', 'done'] as const).flatMap((phase) =>
    (['notice', 'tabs', 'all'] as const).flatMap((layout) =>
      [false, true].flatMap((help) => [{ phase, layout, zoomed: help, help, why: help }]),
    ),
  );

  test('no key means two things at once, and each means something at some time', () => {
    for (const context of contexts) {
      const keys = KEYMAP.filter((binding) => binding.valid?.(context) ?? true).flatMap((binding) => binding.keys);
      expect(new Set(keys).size).toBe(keys.length);
      expect(bindingOf('q', context)?.act).toBe('quit');
      expect(bindingOf('ctrl+c', context)?.act).toBe('interrupt');
    }
    for (const binding of KEYMAP)
      for (const key of binding.keys)
        expect(
          contexts.some((context) => bindingOf(key, context) === binding),
          key,
        ).toBe(true);
  });

  test('the last row has what is valid now, and always the help', () => {
    const row = (context: Partial<KeyContext>, width = 120): string =>
      unstyled(
        keysLine({
          context: { phase: 'run', layout: 'all', zoomed: false, help: false, why: false, ...context },
          theme: themeOf('dark', 0),
          width,
        }),
      );
    expect(row({})).toMatch(/space pause.*\? help $/);
    expect(row({})).not.toMatch(/second|resume|esc/);
    expect(row({ phase: 'pause' })).toMatch(/space resume {2}s event {2}S second/);
    expect(row({ phase: 'done' })).not.toMatch(/space|speed/);
    expect(row({ zoomed: true }, 130)).toMatch(/esc back/);
    expect(row({}, 40)).toMatch(/^ q quit .*\? help $/);
  });

  test('the help holds the whole table at the smallest size', () => {
    const text = helpLines({ theme: themeOf('dark', 0), width: 80, height: 20 })
      .map(unstyled)
      .join('\n');
    for (const { shown, help } of KEYMAP) {
      expect(text).toContain(shown);
      expect(text).toContain(help.slice(0, 24));
    }
  });

  test('names of keys: bursts are taken apart, pasted text and unknown sequences are not keys', () => {
    expect(keyNames('++')).toEqual(['+', '+']);
    expect(keyNames('[')).toEqual(['[']);
    expect(keyNames('[[')).toEqual(['[', '[']);
    expect(keyNames('\u001b[<64;10;5M')).toEqual([]);
    expect(keyNames('\u001b[29;5~')).toEqual([]);
    expect(keyNames('\u001bx')).toEqual([]);
    expect(keyNames('a pasted sentence, quite long')).toEqual([]);
    expect(keyNames('a pasted sentence with \u0003 in it')).toEqual(['ctrl+c']);
    expect(keyNames('\u001b')).toEqual(['esc']);
    expect(keyNames('\u001b[Z')).toEqual(['shift+tab']);
    expect(keyNames('\u0003')).toEqual(['ctrl+c']);
    expect(keyNames('\t')).toEqual(['tab']);
    expect(['\u001b[A', '\u001bOB', '\u001b[1;5C', '\u001b\u001b[D'].flatMap(keyNames)).toEqual(['up', 'down', 'right', 'left']);
    expect(keyNames(' ')).toEqual(['space']);
  });
});
