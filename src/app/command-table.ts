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
  {
    name: 'demo',
    summary: 'watch the bundled scenario: no files, no questions',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  { name: 'run', summary: 'run a scenario: dashboard, text or JSON', load: async () => (await import('./commands/run.ts')).run },
  {
    name: 'replay',
    summary: 'repeat a logged run, or put real order flow through the exchange',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    name: 'compare',
    summary: 'compare variants of the subject, paired by seed',
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  {
    name: 'explain',
    summary: 'say why a maker quotes a series as it does, at any moment of a run',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'train',
    summary: 'train the LSTM forecaster on simulated worlds',
    load: async () => (await import('./commands/train.ts')).train,
  },
  {
    name: 'price',
    summary: 'value an option, or a table of them, with all Greeks',
    load: async () => (await import('./commands/price.ts')).price,
  },
  { name: 'iv', summary: 'find the vol in a price, or in a table of them', load: async () => (await import('./commands/iv.ts')).iv },
  {
    name: 'stress',
    summary: 'revalue a portfolio under moves of its market',
    load: async () => (await import('./commands/stress.ts')).stress,
  },
  {
    name: 'calibrate',
    summary: 'fit a surface to a quoted chain, and make a scenario of it',
    load: async () => (await import('./commands/calibrate.ts')).calibrate,
  },
  {
    name: 'evaluate',
    summary: "score a forecaster's skill on seeds it was not trained on",
    load: async () => (await import('./commands/evaluate.ts')).evaluate,
  },
  {
    name: 'realism',
    summary: 'hold a simulated market against stylised facts of real ones',
    load: async () => (await import('./commands/realism.ts')).realism,
  },
  {
    name: 'predictability',
    summary: "measure how forecastable a world's surface is, and for whom",
    load: async () => (await import('./commands/predictability.ts')).predictability,
  },
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
