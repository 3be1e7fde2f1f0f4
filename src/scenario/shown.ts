/** A place inside a document: keys of mappings, indices of lists. */
export type Path = readonly (string | number)[];

/** Longest text that {@link shown} quotes, in characters. */
const SHOWN_MAXIMUM = 40;
/** Whatever could move the cursor, change colours, reverse the reading direction or is not seen at all. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** A key that can stand in a path without quotes. */
const BARE_KEY = /^[\p{L}\p{N}_$-]+$/u;

/**
 * Text that is safe on a terminal: control characters, escape sequences, direction marks and lone surrogates are replaced, one
 * for one, so that columns still count. Tabs become spaces.
 */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(INVISIBLE, '\uFFFD');
}

/** A value from a user's file as it stands in a message: on one line, shortened, with invisible characters spelt out. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${shortened(spelt(value))}"`;
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (Object.is(value, -0)) return '-0';
  return shortened(spelt(String(value)));
}

/** A name from a user's file between back-quotes, safe on a terminal. */
export function named(name: string): string {
  return `\`${shortened(spelt(name))}\``;
}

/** `agents.mm.limits.vega`; list indices in brackets, keys that are not plain words in quotes. Empty for the whole document. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += `${text === '' ? '' : '.'}${BARE_KEY.test(step) ? shortened(spelt(step)) : shown(step)}`;
  }
  return text;
}

function spelt(text: string): string {
  return text
    .slice(0, SHOWN_MAXIMUM + 1)
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN_MAXIMUM ? text : `${characters.slice(0, SHOWN_MAXIMUM).join('')}…`;
}
