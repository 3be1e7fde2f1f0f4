import { Writable } from 'node:stream';
import type { SizeSource } from './app.tsx';
import { SIZE_MIN, type Size } from './layout.ts';
import { cells } from './text.ts';

/** Alternate screen, no cursor, no wrapping at the right edge, all blank. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J\u001b[H';
/** The opposite, after ending a synchronised update that may be open. */
const LEAVE = '\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
const UPDATE_BEGIN = '\u001b[?2026h';
const UPDATE_END = '\u001b[?2026l';
const ERASE_SCREEN = '\u001b[2J';
const ERASE_TO_END = '\u001b[K';

/** The terminal while the dashboard has it. */
export interface Terminal {
  /** For Ink, in its mode `debug`: each write is one whole frame. */
  readonly frames: NodeJS.WriteStream;
  readonly size: SizeSource;
  /** Draws the last frame again on a blank screen. */
  redraw(): void;
  /** Gives the terminal back as it was found: line mode, cursor, wrapping, the screen from before. May be called twice. */
  close(): void;
}

/**
 * Takes the terminal, and paints frames on it: only the lines that changed, each at its own place, as one synchronised
 * update. Ink's own writer moves relative to where it believes the cursor to be, which is wrong after the terminal got
 * smaller, and at full height erases the reader's scrollback; painting in absolute places can do neither. While the terminal
 * does not take what was written before, frames are left out.
 */
export function openTerminal(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Terminal {
  let size = sizeOf(stdout);
  let painted: readonly string[] = [];
  let frame = '';
  let waiting = false;
  let open = true;
  const listeners = new Set<() => void>();

  const paint = (): void => {
    if (!open || waiting) return;
    if (stdout.writableNeedDrain) {
      waiting = true;
      stdout.once('drain', () => {
        waiting = false;
        paint();
      });
      return;
    }
    const lines = frame.split('\n').slice(0, size.rows);
    const update = changes(painted, lines, size.columns);
    painted = lines;
    if (update !== '') stdout.write(UPDATE_BEGIN + update + UPDATE_END);
  };
  const redraw = (): void => {
    painted = [];
    if (open) stdout.write(ERASE_SCREEN);
    paint();
  };
  const resized = (): void => {
    size = sizeOf(stdout);
    // The terminal has moved or cut what was there, each kind in its own way.
    painted = [];
    frame = '';
    if (open) stdout.write(ERASE_SCREEN);
    for (const listener of listeners) listener();
  };
  const resumed = (): void => {
    stdin.setRawMode(true);
    stdout.write(ENTER);
    redraw();
  };
  const close = (): void => {
    if (!open) return;
    open = false;
    stdout.off('resize', resized);
    process.off('SIGCONT', resumed);
    // Where the terminal is gone these fail, and there is nothing left to restore.
    attempt(() => stdin.setRawMode(false));
    attempt(() => stdout.write(LEAVE));
  };

  stdout.on('resize', resized);
  // After a stop from outside (SIGSTOP) the shell has changed the modes of the terminal.
  process.on('SIGCONT', resumed);
  stdout.write(ENTER);
  const frames = frameStream(
    (text) => {
      // Ink ends with an empty write, and shows the cursor: that is ours to do.
      if (text === '' || text === '\u001b[?25h') return;
      frame = text;
      paint();
    },
    () => size,
  );
  return {
    frames,
    size: {
      current: () => size,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    redraw,
    close,
  };
}

/** The writes that turn the painted lines into the wanted ones. */
export function changes(painted: readonly string[], lines: readonly string[], columns: number): string {
  let update = '';
  for (let row = 0; row < Math.max(painted.length, lines.length); row++) {
    const line = lines[row] ?? '';
    if (line === painted[row]) continue;
    // A line of full width leaves the cursor on its last cell, where erasing to the end would take that cell.
    const erase = cells(line) < columns ? ERASE_TO_END : '';
    update += `\u001b[${row + 1};1H${line}\u001b[0m${erase}`;
  }
  return update;
}

function sizeOf(stdout: NodeJS.WriteStream): Size {
  return { columns: stdout.columns || SIZE_MIN.columns, rows: stdout.rows || SIZE_MIN.rows };
}

/** A stream that Ink takes for a terminal: it knows its size, and hands over each write at once. */
function frameStream(onFrame: (text: string) => void, size: () => Size): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      onFrame(String(chunk));
      done();
    },
  });
  Object.defineProperties(stream, { columns: { get: () => size().columns }, rows: { get: () => size().rows } });
  // Of a terminal's stream Ink uses what a plain one has, and the size.
  return stream as unknown as NodeJS.WriteStream;
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Nothing to be done.
  }
}
