// Captures the dashboard as a reader sees it: runs volpit on a pseudo-terminal up to a given simulated time, and writes the screen as SVG and
// as plain text. The run is stopped at the first event of that second, so the same version always gives the same files.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli', 'volpit.js');
const USAGE = `node scripts/capture-screen.mjs [scenario] [--at <seconds>] [--speed <n>] [--seed <seed>] [--size <columns>x<rows>]... [--out <folder>]
Without a scenario it captures volpit demo. Needs a build (npm run build).`;

/** Size of one character cell and of its text, in SVG units. */
const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const BASELINE = 13.5;
const MARGIN = 10;
const FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const BACKGROUND = '#14161b';
const FOREGROUND = '#c9ced6';
/** Colours 0 to 15 of the palette, whose looks every terminal chooses for itself. */
const BASIC = '14161b cd5c5c 8fbc5a d7a65f 6f9fd8 b48ead 6fb3b8 c9ced6 6b7280 e06c75 a3d977 ecc06c 87b7ff d3a4e6 85d3d9 f2f4f8'.split(' ');

/** Strokes of box-drawing characters: ends at the left, right, top, bottom middle of the cell; r for a rounded corner, b for a bold line. */
const STROKES = { '─': 'lr', '━': 'lrb', '│': 'tb', '╭': 'rbr', '╮': 'lbr', '╰': 'rtr', '╯': 'ltr', '┤': 'tbl', '├': 'tbr' };

/** Shares of a cell that block characters fill, from its left, and how strongly. */
const BLOCKS = {
  '█': [1, 1],
  '▉': [7 / 8, 1],
  '▊': [6 / 8, 1],
  '▋': [5 / 8, 1],
  '▌': [1 / 2, 1],
  '▍': [3 / 8, 1],
  '▎': [1 / 4, 1],
  '▏': [1 / 8, 1],
  '░': [1, 0.25],
  '▒': [1, 0.5],
};

/** Hexadecimal colour of an index into the palette of 256. */
function paletteColour(index) {
  if (index < 16) return `#${BASIC[index]}`;
  const hex = (value) => value.toString(16).padStart(2, '0');
  if (index >= 232) return `#${hex(8 + 10 * (index - 232)).repeat(3)}`;
  const level = (digit) => hex(digit === 0 ? 0 : 55 + 40 * digit);
  const cube = index - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

const rgbColour = (value) => `#${value.toString(16).padStart(6, '0')}`;

/** A program on a pseudo-terminal, and the screen that a reader would see. */
class Screen {
  constructor(args, columns, rows) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, COLORTERM: _depth, ...env } = process.env;
    this.pty = spawn(process.execPath, [CLI, ...args], { cols: columns, rows, cwd: ROOT, env: { ...env, TERM: 'xterm-256color' } });
    this.pty.onData((data) => this.terminal.write(data));
    this.ended = new Promise((resolve) => this.pty.onExit(({ exitCode }) => resolve(exitCode)));
    this.columns = columns;
    this.rows = rows;
  }

  line(row) {
    const { active } = this.terminal.buffer;
    return active.getLine(active.viewportY + row);
  }

  /** Rows without the blanks at their ends. */
  lines() {
    return Array.from({ length: this.rows }, (_, row) => this.line(row)?.translateToString(true) ?? '');
  }

  /** Simulated seconds on the clock of the first row; undefined before it is drawn. */
  seconds() {
    const clock = /\b(\d\d):(\d\d):(\d\d)\b/.exec(this.lines()[0] ?? '');
    return clock === null ? undefined : 3600 * Number(clock[1]) + 60 * Number(clock[2]) + Number(clock[3]);
  }

  async until(holds, what, millis = 60_000) {
    const end = Date.now() + millis;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`${what} did not come; the screen:\n${this.lines().join('\n')}`);
      await pause(5);
    }
  }

  /** Presses a key, and gives the program the time to draw. */
  async press(key) {
    this.pty.write(key);
    await pause(45);
  }

  /** Stops at the first event of the second `at`: at full speed until shortly before, then by seconds, then by events. */
  async stopAt(at, speed) {
    await this.until(() => (this.seconds() ?? 0) >= Math.max(0, at - Math.max(2, 0.4 * speed)), `second ${at}`, 600_000);
    await this.press(' ');
    await this.until(() => this.lines()[0]?.includes('PAUSE'), 'the pause');
    while ((this.seconds() ?? at) < at - 1) await this.press('S');
    while ((this.seconds() ?? at) < at) await this.press('s');
    if (this.seconds() !== at) throw new Error(`stopped at ${this.seconds()} s and not at ${at} s; try a lower --speed`);
  }

  /** Leaves the program. */
  async close() {
    this.pty.write('q');
    await Promise.race([this.ended, pause(2000)]);
    this.pty.kill();
    this.terminal.dispose();
  }
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** How one cell looks. */
function lookOf(cell) {
  let fg = cell.isFgDefault() ? FOREGROUND : cell.isFgRGB() ? rgbColour(cell.getFgColor()) : paletteColour(cell.getFgColor());
  let bg = cell.isBgDefault() ? undefined : cell.isBgRGB() ? rgbColour(cell.getBgColor()) : paletteColour(cell.getBgColor());
  if (cell.isInverse()) [fg, bg] = [bg ?? BACKGROUND, fg];
  return { fg, bg, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0, underline: cell.isUnderline() !== 0 };
}

/** Cells of a row as text and look; wide characters stand in their first cell. */
function cellsOf(screen, row) {
  const line = screen.line(row);
  return Array.from({ length: screen.columns }, (_, column) => {
    const cell = line?.getCell(column);
    return cell === undefined ? { text: ' ', look: { fg: FOREGROUND } } : { text: cell.getChars() || ' ', look: lookOf(cell) };
  });
}

const number = (value) => String(Number(value.toFixed(2)));
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A character that is a drawing, as a path with its style: fonts differ in whether their strokes meet. Undefined for text. */
function shapeOf(text, x, y, colour) {
  const code = text.codePointAt(0) ?? 0;
  if (code > 0x2800 && code <= 0x28ff) return brailleOf(code - 0x2800, x, y, colour);
  if (text in STROKES) return strokeOf(STROKES[text], x, y, colour);
  const block = BLOCKS[text];
  if (block === undefined) return undefined;
  const [share, opacity] = block;
  const path = `M${number(x)} ${number(y + 3)}h${number(share * CELL_WIDTH)}v${CELL_HEIGHT - 6}h${number(-share * CELL_WIDTH)}z`;
  return { path, style: `fill="${colour}"${opacity === 1 ? '' : ` fill-opacity="${opacity}"`}` };
}

function strokeOf(ends, x, y, colour) {
  const [midX, midY] = [x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2];
  const point = { l: [x, midY], r: [x + CELL_WIDTH, midY], t: [midX, y], b: [midX, y + CELL_HEIGHT] };
  const at = (name) => point[name].map(number).join(' ');
  const width = ends === 'lrb' ? 3 : 1;
  const [first, second, third] = ends;
  const corner = third === 'r' && ends !== 'tbr';
  const path = corner ? `M${at(first)}Q${number(midX)} ${number(midY)} ${at(second)}` : `M${at(first)}L${at(second)}`;
  const branch = ends === 'tbl' || ends === 'tbr' ? `M${number(midX)} ${number(midY)}L${at(third)}` : '';
  return { path: path + branch, style: `stroke="${colour}" stroke-width="${width}" fill="none"` };
}

/** Dots 1, 2, 3, 7 stand on the left from top to bottom, 4, 5, 6, 8 on the right. */
function brailleOf(bits, x, y, colour) {
  const dots = [];
  const order = [0, 1, 2, 6, 3, 4, 5, 7];
  order.forEach((bit, place) => {
    if ((bits & (1 << bit)) === 0) return;
    const column = place < 4 ? 0.27 : 0.73;
    const row = ((place % 4) + 0.5) / 4;
    dots.push(`M${number(x + column * CELL_WIDTH - 1.1)} ${number(y + row * CELL_HEIGHT)}h2.2`);
  });
  return { path: dots.join(''), style: `stroke="${colour}" stroke-width="2.2" fill="none"` };
}

/** One row: backgrounds, then drawings by their style, then text in runs of one look. */
function rowSvg(cells, top) {
  const backgrounds = [];
  const shapes = new Map();
  const parts = [];
  let run;
  const flush = () => {
    const text = run?.text.trimEnd() ?? '';
    if (text !== '') parts.push(textOf(text, run.x, top, run.look));
    run = undefined;
  };
  cells.forEach(({ text, look }, column) => {
    const x = MARGIN + column * CELL_WIDTH;
    if (look.bg !== undefined)
      backgrounds.push(
        `<rect x="${number(x)}" y="${number(top)}" width="${number(CELL_WIDTH + 0.2)}" height="${CELL_HEIGHT}" fill="${look.bg}"/>`,
      );
    const shape = shapeOf(text, x, top, look.fg);
    const same = run !== undefined && JSON.stringify({ ...run.look, bg: 0 }) === JSON.stringify({ ...look, bg: 0 });
    if (shape !== undefined) {
      flush();
      shapes.set(shape.style, `${shapes.get(shape.style) ?? ''}${shape.path}`);
    } else if (text === ' ') {
      // One blank may stand inside a run; a second one ends it.
      if (run?.text.endsWith(' ')) flush();
      else if (run !== undefined) run.text += ' ';
    } else if (same) run.text += text;
    else {
      flush();
      run = { text, x, look };
    }
  });
  flush();
  const drawings = [...shapes].map(([style, path]) => `<path d="${path}" ${style}/>`);
  return [...backgrounds, ...drawings, ...parts].join('');
}

function textOf(text, x, top, { fg, bold, dim, underline }) {
  const style = `${bold ? ' font-weight="bold"' : ''}${dim ? ' fill-opacity="0.6"' : ''}${underline ? ' text-decoration="underline"' : ''}`;
  const width = number([...text].length * CELL_WIDTH);
  const place = `x="${number(x)}" y="${number(top + BASELINE)}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
  return `<text ${place} fill="${fg}"${style}>${escaped(text)}</text>`;
}

/** The screen as a picture with real text. */
function svgOf(screen, title) {
  const width = number(screen.columns * CELL_WIDTH + 2 * MARGIN);
  const height = number(screen.rows * CELL_HEIGHT + 2 * MARGIN);
  const rows = Array.from({ length: screen.rows }, (_, row) => rowSvg(cellsOf(screen, row), MARGIN + row * CELL_HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>`,
    `<g font-family="${FONTS}" font-size="${FONT_SIZE}">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    at: { type: 'string', default: '2700' },
    speed: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    size: { type: 'string', multiple: true, default: ['120x40', '80x24'] },
    out: { type: 'string', default: join(ROOT, 'docs', 'screens') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  if (!existsSync(CLI)) throw new Error('there is no build: npm run build');
  mkdirSync(values.out, { recursive: true });
  const [at, speed] = [Number(values.at), Number(values.speed)];
  const command = positionals[0] === undefined ? ['demo'] : ['run', positionals[0]];
  for (const size of values.size) {
    const [columns, rows] = size.split('x').map(Number);
    const screen = new Screen([...command, '--seed', values.seed, '--speed', values.speed], columns, rows);
    try {
      await screen.stopAt(at, speed);
      const name = join(values.out, `dashboard-${size}`);
      const title = `volpit ${command.join(' ')} --seed ${values.seed}, ${at} seconds after the opening, on a terminal of ${columns} columns and ${rows} rows`;
      writeFileSync(`${name}.svg`, svgOf(screen, title));
      writeFileSync(`${name}.txt`, `${screen.lines().join('\n').trimEnd()}\n`);
      console.error(`wrote ${name}.svg and .txt`);
    } finally {
      await screen.close();
    }
  }
}
