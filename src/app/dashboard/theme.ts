import type { ColourLevel } from '../colour.ts';

export const THEME_NAMES = ['dark', 'light', 'mono'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** What a piece of text is, as opposed to what it looks like. Every meaning also has a sign, a glyph or a label. */
export type Role =
  | 'text'
  | 'strong'
  | 'dim'
  | 'frame'
  | 'focus'
  | 'title'
  | 'bid'
  | 'ask'
  | 'gain'
  | 'loss'
  | 'ours'
  | 'warn'
  | 'world'
  | 'tracked'
  | 'forecast'
  | 'key'
  | 'badge'
  | 'alarm'
  | 'selected';

/** A palette at a colour level. */
export interface Theme {
  readonly name: ThemeName;
  readonly level: ColourLevel;
  /** The text in the style of its role. `badge`, `alarm` and `selected` set a background and may enclose other roles. */
  paint(role: Role, text: string): string;
}

/** One role's look: SGR attributes, and the colour as palette index with 16 and with 256 colours. */
interface Look {
  readonly bold?: true;
  readonly faint?: true;
  readonly inverse?: true;
  readonly underline?: true;
  readonly fg?: readonly [basic: number, full: number];
  readonly bg?: readonly [basic: number, full: number];
}

/** Blue and orange carry opposite meanings: they stay apart in the common forms of colour blindness. */
const DARK: Readonly<Record<Role, Look>> = {
  text: {},
  strong: { bold: true, fg: [15, 255] },
  dim: { fg: [8, 245] },
  frame: { fg: [8, 239] },
  focus: { fg: [14, 74] },
  title: { bold: true, fg: [7, 252] },
  bid: { fg: [12, 75] },
  ask: { fg: [3, 215] },
  gain: { fg: [14, 80] },
  loss: { fg: [11, 209] },
  ours: { bold: true, fg: [11, 228] },
  warn: { bold: true, fg: [11, 220] },
  world: { fg: [7, 248] },
  tracked: { fg: [12, 75] },
  forecast: { fg: [3, 215] },
  key: { bold: true, fg: [14, 117] },
  badge: { bold: true, fg: [15, 255], bg: [4, 24] },
  alarm: { bold: true, fg: [0, 232], bg: [11, 214] },
  selected: { bg: [8, 237] },
};

const LIGHT: Readonly<Record<Role, Look>> = {
  text: {},
  strong: { bold: true, fg: [0, 232] },
  dim: { fg: [8, 243] },
  frame: { fg: [7, 250] },
  focus: { fg: [4, 25] },
  title: { bold: true, fg: [0, 236] },
  bid: { fg: [4, 25] },
  ask: { fg: [3, 130] },
  gain: { fg: [6, 30] },
  loss: { fg: [1, 130] },
  ours: { bold: true, fg: [5, 90] },
  warn: { bold: true, fg: [1, 124] },
  world: { fg: [8, 243] },
  tracked: { fg: [4, 25] },
  forecast: { fg: [3, 130] },
  key: { bold: true, fg: [4, 25] },
  badge: { bold: true, fg: [15, 255], bg: [4, 25] },
  alarm: { bold: true, fg: [15, 255], bg: [1, 124] },
  selected: { bg: [7, 254] },
};

/** Attributes only: the meaning that other themes put in a colour is in signs and glyphs, which all themes have. */
const MONO: Readonly<Record<Role, Look>> = {
  text: {},
  strong: { bold: true },
  dim: { faint: true },
  frame: { faint: true },
  focus: { bold: true },
  title: { bold: true },
  bid: {},
  ask: {},
  gain: {},
  loss: {},
  ours: { bold: true },
  warn: { bold: true },
  world: { faint: true },
  tracked: {},
  forecast: { bold: true },
  key: { bold: true },
  badge: { inverse: true },
  alarm: { bold: true, inverse: true },
  selected: { underline: true },
};

const PALETTES: Readonly<Record<ThemeName, Readonly<Record<Role, Look>>>> = { dark: DARK, light: LIGHT, mono: MONO };

/** The palette of that name. Without colours (level 0) every name gives the attributes of `mono`, and the name is kept. */
export function themeOf(name: ThemeName, level: ColourLevel): Theme {
  const looks = level === 0 ? MONO : PALETTES[name];
  const wraps = new Map<Role, readonly [string, string]>();
  for (const role of ROLES) wraps.set(role, wrapOf(looks[role], level));
  return {
    name,
    level,
    paint(role, text) {
      const [open, close] = wraps.get(role) ?? ['', ''];
      return open === '' || text === '' ? text : open + text + close;
    },
  };
}

const ROLES = Object.keys(DARK).filter((role): role is Role => role in DARK);

/** The next palette, at the same colour level. */
export function nextTheme(theme: Theme): Theme {
  const index = THEME_NAMES.indexOf(theme.name);
  return themeOf(THEME_NAMES[(index + 1) % THEME_NAMES.length] ?? 'dark', theme.level);
}

/** One SGR sequence per attribute, each with its own end: the form that survives being cut into cells and joined again. */
function wrapOf(look: Look, level: ColourLevel): readonly [string, string] {
  let open = '';
  let close = '';
  const add = (start: string, end: string): void => {
    open += `\u001b[${start}m`;
    close = `\u001b[${end}m${close}`;
  };
  if (look.bold) add('1', '22');
  if (look.faint) add('2', '22');
  if (look.underline) add('4', '24');
  if (look.inverse) add('7', '27');
  if (look.fg) add(colour(look.fg, level, 30), '39');
  if (look.bg) add(colour(look.bg, level, 40), '49');
  return [open, close];
}

function colour([basic, full]: readonly [number, number], level: ColourLevel, base: number): string {
  if (level >= 2) return `${base + 8};5;${full}`;
  return String(basic < 8 ? base + basic : base + 60 + basic - 8);
}
