import type { Phase } from './use-simulation.ts';
import { PANEL_NAMES, PANELS, type ViewAction } from './view.ts';

/** What a key does to the run's clock, or to the program. */
export type Command = 'quit' | 'interrupt' | 'pause' | 'step' | 'second' | 'faster' | 'slower' | 'fastest' | 'theme' | 'redraw';

/** When a key is asked for. */
export interface KeyContext {
  readonly phase: Phase;
  readonly layout: 'notice' | 'tabs' | 'all';
  readonly zoomed: boolean;
  readonly help: boolean;
  readonly why: boolean;
}

export interface Binding {
  /** Names as given by {@link keyNames}. */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  /** Keys and word in the last row; absent where another binding speaks for this one. */
  readonly hint?: readonly [keys: string, word: string];
  readonly help: string;
  readonly group: 'Run' | 'Select' | 'Screen';
  readonly act: Command | ViewAction;
  /** Whether the key means something now; always, where absent. */
  readonly valid?: (context: KeyContext) => boolean;
}

const running = ({ phase }: KeyContext): boolean => phase === 'run';
const paused = ({ phase }: KeyContext): boolean => phase === 'pause';
const going = ({ phase }: KeyContext): boolean => phase !== 'done';
const drawn = ({ layout }: KeyContext): boolean => layout !== 'notice';
const board = (context: KeyContext): boolean => drawn(context) && !context.help;

/** Every key that there is: the last row and the help are made from this table, in its order. */
export const KEYMAP: readonly Binding[] = [
  { keys: ['q'], shown: 'q', hint: ['q', 'quit'], help: 'leave; the run ends here', group: 'Run', act: 'quit' },
  { keys: ['ctrl+c'], shown: 'ctrl+c', help: 'interrupt: exit code 130', group: 'Run', act: 'interrupt' },
  { keys: ['space'], shown: 'space', hint: ['space', 'pause'], help: 'pause', group: 'Run', act: 'pause', valid: running },
  { keys: ['space'], shown: 'space', hint: ['space', 'resume'], help: 'resume', group: 'Run', act: 'pause', valid: paused },
  { keys: ['s'], shown: 's', hint: ['s', 'event'], help: 'paused: one event', group: 'Run', act: 'step', valid: paused },
  { keys: ['S'], shown: 'S', hint: ['S', 'second'], help: 'paused: one simulated second', group: 'Run', act: 'second', valid: paused },
  { keys: ['+', '='], shown: '+', hint: ['+ -', 'speed'], help: 'twice the speed', group: 'Run', act: 'faster', valid: going },
  { keys: ['-', '_'], shown: '-', help: 'half the speed', group: 'Run', act: 'slower', valid: going },
  { keys: ['0'], shown: '0', hint: ['0', 'max'], help: 'as fast as possible', group: 'Run', act: 'fastest', valid: going },
  {
    keys: ['up', 'k'],
    shown: '↑ k',
    hint: ['↑↓', 'strike'],
    help: 'strike above',
    group: 'Select',
    act: { kind: 'strike', by: -1 },
    valid: board,
  },
  { keys: ['down', 'j'], shown: '↓ j', help: 'strike below', group: 'Select', act: { kind: 'strike', by: 1 }, valid: board },
  {
    keys: ['left', 'h'],
    shown: '← h',
    hint: ['←→', 'call/put'],
    help: 'the call',
    group: 'Select',
    act: { kind: 'right', right: 'call' },
    valid: board,
  },
  { keys: ['right', 'l'], shown: '→ l', help: 'the put', group: 'Select', act: { kind: 'right', right: 'put' }, valid: board },
  { keys: ['c'], shown: 'c', help: 'the other of call and put', group: 'Select', act: { kind: 'right', right: 'other' }, valid: board },
  {
    keys: ['tab', 'e'],
    shown: 'tab e',
    hint: ['tab', 'expiry'],
    help: 'next expiry',
    group: 'Select',
    act: { kind: 'expiry', by: 1 },
    valid: board,
  },
  { keys: ['shift+tab', 'E'], shown: 'shift+tab E', help: 'expiry before', group: 'Select', act: { kind: 'expiry', by: -1 }, valid: board },
  ...PANELS.map((panel, index): Binding => {
    const key = String(index + 1);
    const base = {
      keys: [key],
      shown: key,
      help: `panel: ${PANEL_NAMES[panel]}`,
      group: 'Screen',
      act: { kind: 'panel', panel },
      valid: board,
    } as const;
    return index === 0 ? { ...base, hint: ['1-6', 'panel'] } : base;
  }),
  { keys: ['['], shown: '[', help: 'panel before', group: 'Screen', act: { kind: 'turn', by: -1 }, valid: board },
  { keys: [']'], shown: ']', help: 'next panel', group: 'Screen', act: { kind: 'turn', by: 1 }, valid: board },
  { keys: ['z'], shown: 'z', hint: ['z', 'zoom'], help: 'panel fills the screen', group: 'Screen', act: { kind: 'zoom' }, valid: board },
  { keys: ['w'], shown: 'w', hint: ['w', 'why'], help: 'why this quote', group: 'Screen', act: { kind: 'why' }, valid: board },
  { keys: ['t'], shown: 't', hint: ['t', 'theme'], help: 'theme: dark, light, mono', group: 'Screen', act: 'theme', valid: drawn },
  { keys: ['?'], shown: '?', hint: ['?', 'help'], help: 'this table', group: 'Screen', act: { kind: 'help' }, valid: drawn },
  {
    keys: ['esc'],
    shown: 'esc',
    hint: ['esc', 'back'],
    help: 'close table or reasons, leave zoom',
    group: 'Screen',
    act: { kind: 'back' },
    valid: (context) => drawn(context) && (context.help || context.why || context.zoomed),
  },
  { keys: ['ctrl+l'], shown: 'ctrl+l', help: 'draw the screen again', group: 'Screen', act: 'redraw' },
];

/** What a key does now; undefined where it means nothing. */
export function bindingOf(name: string, context: KeyContext): Binding | undefined {
  return KEYMAP.find((binding) => binding.keys.includes(name) && (binding.valid?.(context) ?? true));
}

/** Arrows as terminals send them, behind their escape characters: in two forms, and with a number for the modifiers held. */
const ESCAPE = '\u001b';
const ARROW = /^(?:\[\[?|O)(?:1;\d+)?([A-D])$/;
const ARROWS: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left' };
const NAMED: Readonly<Record<string, string>> = { [ESCAPE]: 'esc', [`${ESCAPE}[Z`]: 'shift+tab', '\t': 'tab', ' ': 'space' };

/** More characters than this at once are pasted text. */
const BURST_MAX = 16;

/**
 * The names of the keys in one piece of input, which is a whole escape sequence or text without one: usually one key, several when
 * they were pressed faster than they were read, none for a sequence that nobody knows.
 */
export function keyNames(input: string): string[] {
  const named = NAMED[input];
  if (named !== undefined) return [named];
  const isSequence = input.startsWith(ESCAPE);
  const arrow = isSequence ? ARROW.exec(input.replaceAll(ESCAPE, ''))?.[1] : undefined;
  if (arrow !== undefined) return [ARROWS[arrow] ?? ''];
  if (isSequence || input.length > BURST_MAX) return input.includes('\u0003') ? ['ctrl+c'] : [];
  return [...input].map(characterName);
}

/** Control characters are the letter 64 places on, pressed with ctrl. */
function characterName(character: string): string {
  const code = character.charCodeAt(0);
  const isControl = code >= 1 && code <= 26 && character !== '\r' && character !== '\n';
  return NAMED[character] ?? (isControl ? `ctrl+${String.fromCharCode(code + 96)}` : character);
}
