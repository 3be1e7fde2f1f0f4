import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDashboard } from '../../../src/app/dashboard/open-dashboard.tsx';
import { changes } from '../../../src/app/dashboard/terminal.ts';
import { themeOf } from '../../../src/app/dashboard/theme.ts';
import { bundledFixture, discardFixture, PtyScreen } from '../../support/pty-screen.ts';
import { scriptedSource } from '../../support/scripted-source.ts';
import { COLOUR } from '../../support/terminal-codes.ts';

let fixture = '';
const screens: PtyScreen[] = [];

beforeAll(async () => {
  fixture = await bundledFixture();
});
afterAll(() => {
  for (const screen of screens) screen.close();
  discardFixture(fixture);
});

async function opened(args: readonly string[] = [], env: Record<string, string> = {}): Promise<PtyScreen> {
  const screen = new PtyScreen(fixture, args, 120, 40, env);
  screens.push(screen);
  await screen.until((lines) => /\? help/.test(lines[38] ?? ''), 'dashboard');
  return screen;
}

/** The terminal as it was found: cursor, wrapping, the normal screen; the scrollback was never erased. */
function expectRestored(screen: PtyScreen): void {
  expect(screen.buffer).toBe('normal');
  expect([25, 1049, 7, 2026].map((mode) => screen.mode(mode))).toEqual(['h', 'l', 'h', 'l']);
  expect(screen.bytes).not.toContain('\u001b[3J');
}

/** A whole board: status above, panels closed on both sides, keys below, and nothing in the free row. */
function expectBoard(lines: readonly string[], rows: number): void {
  expect(lines[0]).toMatch(/btc-calm.*(RUN|PAUSE|DONE)/);
  expect(lines[rows - 2]).toMatch(/^ q quit.*\? help$/);
  expect(lines[rows - 1]).toBe('');
  for (const line of lines.slice(2, rows - 2)) expect(line).toMatch(/^[╭│╰].*[╮│╯]$/);
}

describe('on a pseudo-terminal', () => {
  test.concurrent('draws the board, and keeps it whole through resizes, even to 1x1 and while paused', async () => {
    const screen = await opened();
    expect(screen.buffer).toBe('alternate');
    expectBoard(screen.lines(), 40);
    const states: readonly (readonly [number, number, boolean])[] = [
      [80, 24, true],
      [1, 1, false],
      [140, 45, true],
      [140, 36, true],
      [120, 40, true],
      [60, 10, false],
      [120, 50, true],
    ];
    for (const [columns, rows, board] of states) {
      screen.resize(columns, rows);
      if (!board) await screen.until((lines) => lines[0] === (columns === 1 ? '…' : 'volpit needs 80x24'), 'notice');
      else {
        await screen.until((lines) => /\? help$/.test(lines[rows - 2] ?? ''), `board of ${columns}x${rows}`);
        expectBoard(screen.lines(), rows);
      }
    }
    screen.press(' ');
    await screen.until((lines) => /PAUSE/.test(lines[0] ?? ''), 'pause');
    screen.resize(120, 37);
    await screen.until((lines) => /\? help$/.test(lines[35] ?? ''), 'board while paused');
    expectBoard(screen.lines(), 37);
    screen.press('q');
    expect(await screen.end()).toEqual({ code: 0, signal: undefined });
    expectRestored(screen);
    expect(screen.text()).toMatch(/ended: quit at \d+ s/);
  });

  test.concurrent.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
    ['SIGHUP', 129, 'hung-up'],
    ['Ctrl-C', 130, 'interrupted'],
  ])('%s restores the terminal: exit code %i', async (cause, code, end) => {
    const screen = await opened();
    if (cause === 'Ctrl-C') screen.press('\u0003');
    else screen.signal(cause);
    expect(await screen.end()).toEqual({ code, signal: undefined });
    expectRestored(screen);
    expect(screen.text()).toContain(`ended: ${end}`);
  });

  test.concurrent('the end of the run, and an error of the source', async () => {
    const done = new PtyScreen(fixture, ['3', 'exit'], 120, 40);
    const failed = new PtyScreen(fixture, ['3600', 'throw'], 120, 40);
    screens.push(done, failed);
    expect((await done.end()).code).toBe(0);
    expect(done.text()).toContain('ended: done at 3 s');
    expectRestored(done);
    expect((await failed.end()).code).toBe(1);
    expect(failed.text()).toContain('failed: Error: the source failed');
    expectRestored(failed);
  });

  test.concurrent('an uncaught error elsewhere leaves its message on a restored terminal', async () => {
    const screen = new PtyScreen(fixture, ['3600', 'crash'], 120, 40);
    screens.push(screen);
    expect((await screen.end()).code).toBe(1);
    expectRestored(screen);
    expect(screen.text()).toContain('crashed elsewhere');
  });

  test.concurrent('a terminal that goes away ends the program as SIGHUP does, and not by an abort', async () => {
    const screen = await opened();
    screen.hangUp();
    const { code, signal } = await screen.end();
    // The signal may come a moment before the terminal is gone: then the program ends by itself.
    expect(signal === undefined ? code : 128 + signal).toBe(129);
  });

  test.concurrent('draws although CI is set, and without colours under NO_COLOR', async () => {
    const screen = await opened([], { CI: 'true', NO_COLOR: '1' });
    expectBoard(screen.lines(), 40);
    expect(screen.bytes).not.toMatch(COLOUR);
    screen.press('q');
    expect((await screen.end()).code).toBe(0);
    expectRestored(screen);
  });

  test.concurrent('after a stop and a continuation from outside it draws itself anew', async () => {
    const screen = await opened();
    process.kill(screen.pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = screen.bytes.length;
    process.kill(screen.pid, 'SIGCONT');
    await screen.until(() => screen.bytes.slice(before).includes('\u001b[?1049h'), 'new start');
    await screen.until((lines) => /\? help$/.test(lines[38] ?? ''), 'board');
    expectBoard(screen.lines(), 40);
    screen.press('q');
    expect((await screen.end()).code).toBe(0);
    expectRestored(screen);
  });
});

test('a stream that is no terminal is refused before anything is drawn', async () => {
  const stdout = { isTTY: false } as NodeJS.WriteStream;
  const stdin = { isTTY: true } as NodeJS.ReadStream;
  await expect(openDashboard(scriptedSource(1), { speed: 1, theme: themeOf('dark', 0), stdin, stdout })).rejects.toThrow(
    /needs a terminal/,
  );
});

describe('changes', () => {
  test('writes the lines that differ, each at its place, and erases what is left of longer ones', () => {
    expect(changes([], ['ab', 'cdef'], 4)).toBe('\u001b[1;1Hab\u001b[0m\u001b[K\u001b[2;1Hcdef\u001b[0m');
    expect(changes(['ab', 'cdef'], ['ab', 'xy'], 4)).toBe('\u001b[2;1Hxy\u001b[0m\u001b[K');
    expect(changes(['ab', 'cd'], ['ab'], 4)).toBe('\u001b[2;1H\u001b[0m\u001b[K');
    expect(changes(['ab'], ['ab'], 4)).toBe('');
  });
});
