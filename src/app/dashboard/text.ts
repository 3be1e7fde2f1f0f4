/**
 * Strings as the terminal measures them: in cells. Styled strings carry SGR sequences (`ESC [ … m`), which take no cell;
 * East Asian wide characters and emoji take two, combining marks none.
 */
const ESC = '\u001b';
const SGR = new RegExp(`${ESC}\\[[0-9;]*m`, 'g');
const ASCII = /^[\x20-\x7e]*$/;
/** East Asian width W and F (Unicode UAX 11), in blocks, and what is shown as an emoji. */
const WIDE_BLOCKS = [
  '\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97c\\uac00-\\ud7a3\\uf900-\\ufaff',
  '\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1faff}\\u{20000}-\\u{3fffd}',
];
const WIDE = new RegExp(`[${WIDE_BLOCKS.join('')}]|\\p{Emoji_Presentation}`, 'u');
const MARK = /\p{Mark}/u;

/** Complete escape sequences: CSI, then OSC/DCS/APC/PM/SOS strings up to their terminator, then two-character ones. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESC}[\\]P_^X]|[\\u0090\\u0098\\u009d-\\u009f])[\\s\\S]*?(?:\\u0007|${ESC}\\\\|\\u009c|$)`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);
/** C0, DEL and C1 controls, separators of lines, format characters (bidi overrides, joiners), variation selectors. */
const CONTROLS = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Variation_Selector}/gu;

/**
 * Text from outside (scenario names, agents' names, reasons) made safe for the screen: escape sequences and everything
 * invisible are removed, tabs and line ends become one space.
 */
export function plainText(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .replace(SEQUENCES, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

/** The text without its SGR sequences. */
export const unstyled = (text: string): string => text.replace(SGR, '');

/** Cells that a styled text takes. */
export function cells(text: string): number {
  const bare = text.includes(ESC) ? unstyled(text) : text;
  if (ASCII.test(bare)) return bare.length;
  let width = 0;
  for (const character of bare) width += cellsOf(character);
  return width;
}

function cellsOf(character: string): number {
  if (character < '\u0300') return 1;
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/**
 * The text brought to exactly that many cells: padded with spaces at the right, or cut with an ellipsis. A cut text is closed
 * with a full reset, so that no style runs on.
 */
export function fitted(text: string, width: number): string {
  const size = cells(text);
  if (size <= width) return text + ' '.repeat(width - size);
  return cut(text, width);
}

/** Like {@link fitted}, padded at the left: for text under a column of numbers. */
export function fittedRight(text: string, width: number): string {
  const size = cells(text);
  return size <= width ? ' '.repeat(width - size) + text : cut(text, width);
}

function cut(text: string, width: number): string {
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  let styled = false;
  let at = 0;
  while (at < text.length) {
    if (text[at] === ESC) {
      const end = text.indexOf('m', at) + 1;
      kept += text.slice(at, end);
      styled = true;
      at = end;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 32);
    const size = cellsOf(character);
    if (used + size > width - 1) break;
    kept += character;
    used += size;
    at += character.length;
  }
  return `${kept}…${' '.repeat(width - 1 - used)}${styled ? `${ESC}[0m` : ''}`;
}

/** The text as it is, or cut to that many cells. */
export const clipped = (text: string, width: number): string => (cells(text) <= width ? text : cut(text, width));

/** Left text and right text at the two ends of a line of that many cells; the left one is cut where both do not fit. */
export function spread(left: string, right: string, width: number): string {
  const size = cells(right);
  if (size >= width) return fitted(right, width);
  return `${fitted(left, width - size - 1)} ${right}`;
}
