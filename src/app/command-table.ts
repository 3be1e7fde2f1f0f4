import type { Command } from './command.ts';

/** A command by name. Its module is loaded when it is called for, and not before. */
export interface CommandEntry {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'validate', summary: 'check scenario files', load: async () => (await import('./commands/validate.ts')).validate },
  { name: 'scenarios', summary: 'list the bundled scenarios', load: async () => (await import('./commands/scenarios.ts')).scenarios },
  { name: 'schema', summary: 'print the JSON Schema of scenario files', load: async () => (await import('./commands/schema.ts')).schema },
  { name: 'doctor', summary: 'show what this machine offers, and why', load: async () => (await import('./commands/doctor.ts')).doctor },
];

/** What to try first, for the help without a command. */
export const SUGGESTIONS: readonly (readonly [line: string, what: string])[] = [
  ['volpit demo', 'watch a market maker at work'],
  ['volpit run calm', 'run a bundled scenario'],
  ['volpit scenarios', 'see which scenarios there are'],
];
