import type { ColourLevel } from './colour.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';

/** What every command works with. */
export interface Context {
  readonly version: string;
  readonly output: Output;
  /** Whether `--quiet` was given. */
  readonly quiet: boolean;
  /** What stdout can show, after `--no-color`. */
  readonly colour: ColourLevel;
  progress(title: string): Progress;
}

/** An argument without a flag; `initial` is its value where it may be left out, and gives its type. */
export interface ArgumentSpec<V> {
  /** As help shows it: `<scenario>`, `[folder]`, `<files...>`. */
  readonly usage: string;
  readonly about: string;
  readonly initial: V;
}

/** A flag. Without `read` it is a switch. */
export interface OptionSpec<V> {
  /** As help shows it: `--seed <n|text>`, `-q, --quiet`. */
  readonly flags: string;
  readonly about: string;
  /** Value without the flag. */
  readonly initial: V;
  /** The default as help shows it; by default `initial` where that is text or a number. */
  readonly initialText?: string;
  /** May be given more than once; `read` then gets what came before. */
  readonly repeatable?: boolean;
  /** Must be given. */
  readonly mandatory?: boolean;
  /** Keys of flags that cannot be given together with this one. */
  readonly conflicts?: readonly string[];
  /** Turns the text behind the flag into its value. @throws InputError naming the flag. */
  read?(text: string, previous: V): V;
}

type Values<S> = { readonly [K in keyof S]: S[K] extends { readonly initial: infer V } ? V : never };
type Arguments = Readonly<Record<string, ArgumentSpec<unknown>>>;
type Options = Readonly<Record<string, OptionSpec<unknown>>>;

/** A command: what it takes, and what it does. */
export interface CommandSpec<A extends Arguments, O extends Options> {
  /** Some sentences for its own help, below the summary. */
  readonly about?: string;
  /** In order; keys are up to the command. */
  readonly arguments: A;
  /** The key of an option is its long flag in camel case: `failOn` for `--fail-on`. */
  readonly options: O;
  /** Command lines for its help. */
  readonly examples: readonly string[];
  /** @returns the exit code, of `EXIT`. Errors are thrown: `exit.ts` turns them into messages. */
  action(context: Context, args: Values<A>, options: Values<O>): Promise<number>;
}

/** A command whose types of arguments and options are its own affair. */
export interface Command {
  readonly about?: string;
  readonly arguments: Arguments;
  readonly options: Options;
  readonly examples: readonly string[];
  action(context: Context, args: Readonly<Record<string, unknown>>, options: Readonly<Record<string, unknown>>): Promise<number>;
}

/** Gives `action` the types that follow from the arguments and options declared. */
export function defineCommand<A extends Arguments, O extends Options>(spec: CommandSpec<A, O>): Command {
  // The shell hands over exactly the values that the two records describe (`cli.ts`).
  return { ...spec, action: (context, args, options) => spec.action(context, args as Values<A>, options as Values<O>) };
}

/** An argument that must be there. */
export function one(usage: string, about: string): ArgumentSpec<string> {
  return { usage: `<${usage}>`, about, initial: '' };
}

/** An argument that may be left out. */
export function optional(usage: string, about: string): ArgumentSpec<string | undefined> {
  return { usage: `[${usage}]`, about, initial: undefined };
}

/** One or more arguments; only as the last one. */
export function many(usage: string, about: string): ArgumentSpec<readonly string[]> {
  return { usage: `<${usage}...>`, about, initial: [] };
}
