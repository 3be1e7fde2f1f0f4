import { seconds } from '../config/quantity.ts';
import { InputError } from '../core/assert.ts';
import { shown } from '../scenario/shown.ts';
import type { OptionSpec } from './command.ts';

/** As many seeds as a study may have. */
const SEEDS_MAXIMUM = 10_000;
const SEED_TEXT = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** A flag without a value. */
export function switchOption(flags: string, about: string): OptionSpec<boolean> {
  return { flags, about, initial: false };
}

/** A flag with text behind it. */
export function textOption(flags: string, about: string): OptionSpec<string | undefined> {
  return { flags, about, initial: undefined, read: (text) => text };
}

/** A flag with one of some words behind it. */
export function choiceOption<const C extends string, I extends C | undefined>(
  flags: string,
  about: string,
  choices: readonly C[],
  initial: I,
): OptionSpec<C | I> {
  return {
    flags,
    about: `${about}: ${choices.join(', ')}`,
    initial,
    read(text) {
      const chosen = choices.find((choice) => choice === text);
      if (chosen === undefined) throw refused(flags, `found ${shown(text)}, expected ${choices.join(' or ')}`);
      return chosen;
    },
  };
}

/** A flag with a number between bounds behind it. */
export function numberOption<I extends number | undefined>(
  flags: string,
  about: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly whole?: boolean },
  initial: I,
): OptionSpec<number | I> {
  const { minimum, maximum, whole = false } = bounds;
  return {
    flags,
    about,
    initial,
    read(text) {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      if (!(value >= minimum && value <= maximum) || (whole && !Number.isInteger(value))) {
        throw refused(flags, `found ${shown(text)}, expected a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}`);
      }
      return value;
    },
  };
}

/** A moment or a span, in seconds: a plain number, or text with a unit such as `10 min`; at least 0. Must be given. */
export function timeOption(flags: string, about: string): OptionSpec<number> {
  const field = seconds({ minimum: 0 });
  return {
    flags,
    about,
    initial: 0,
    mandatory: true,
    read: (text) => {
      const found = field.safeParse(/^\s*[\d.]+\s*$/.test(text) ? Number(text) : text);
      if (!found.success) throw refused(flags, `found ${shown(text)}, ${found.error.issues[0]?.message ?? 'expected a time'}`);
      return found.data;
    },
  };
}

/** `--json` */
export function jsonOption(): OptionSpec<boolean> {
  return switchOption('--json', 'print one JSON document instead of text');
}

/** `--out <path>` */
export function outOption(about: string): OptionSpec<string | undefined> {
  return textOption('--out <path>', about);
}

/** `--force` */
export function forceOption(): OptionSpec<boolean> {
  return switchOption('--force', 'replace the output if it exists');
}

/** `--seed <n|text>`: a seed of one run, as the canonical text that streams are named by. */
export function seedOption(): OptionSpec<string> {
  return { flags: '--seed <n|text>', about: 'seed of everything random', initial: '1', read: (text) => seed('--seed', text) };
}

/** `--seeds <list>`: seeds of a study, in the order given. */
export function seedsOption(initial: string): OptionSpec<readonly string[]> {
  return {
    flags: '--seeds <list>',
    about: 'seeds: a range 1..16, a list 1,5,9, or both',
    initial: seeds('--seeds', initial),
    initialText: initial,
    read: (text) => seeds('--seeds', text),
  };
}

/**
 * A seed: a whole number from 0 to 2^53 − 1, or a word. Numbers become canonical (`007` is `7`), so that one seed has one name; words
 * hold no slash, so that no seed reaches the streams of training.
 */
function seed(flag: string, text: string): string {
  const value = text.trim();
  if (/^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value))) return String(Number(value));
  if (SEED_TEXT.test(value)) return value;
  throw refused(flag, `found ${shown(text)}, expected a whole number from 0 to 2^53 - 1, or a word of letters, digits, dots, hyphens`);
}

/** Reads `1..16`, `1,5,9` or `1..4,9`: every fault is refused, none repaired. */
export function seeds(flag: string, text: string): readonly string[] {
  const all: string[] = [];
  for (const part of text.split(',')) {
    const range = /^\s*(\d+)\s*\.\.\s*(\d+)\s*$/.exec(part);
    if (range === null) {
      if (/^\s*\d+\s*-\s*\d+\s*$/.test(part))
        throw refused(flag, `found ${shown(part)}; a range is written ${part.trim().replace(/\s*-\s*/, '..')}`);
      all.push(seed(flag, part));
    } else {
      const first = Number(seed(flag, range[1] ?? ''));
      const last = Number(seed(flag, range[2] ?? ''));
      if (first > last) throw refused(flag, `found ${shown(part)}: the range runs backwards, expected ${last}..${first}`);
      if (last - first >= SEEDS_MAXIMUM)
        throw refused(flag, `found ${shown(part)}: ${last - first + 1} seeds, expected at most ${SEEDS_MAXIMUM}`);
      for (let value = first; value <= last; value += 1) all.push(String(value));
    }
    if (all.length > SEEDS_MAXIMUM) throw refused(flag, `more than ${SEEDS_MAXIMUM} seeds`);
  }
  const known = new Set<string>();
  for (const value of all) {
    if (known.has(value)) throw refused(flag, `found the seed ${value} twice: a study counts each seed once`);
    known.add(value);
  }
  return all;
}

function refused(flags: string, message: string): InputError {
  return new InputError(/--[a-z-]+/.exec(flags)?.[0] ?? flags, [{ path: '', message }]);
}
