import { Command as Commander, CommanderError, Option } from 'commander';
import { InputError } from '../core/assert.ts';
import { printable } from '../scenario/shown.ts';
import { colourLevel } from './colour.ts';
import type { ArgumentSpec, Command, Context, OptionSpec } from './command.ts';
import { COMMANDS, SUGGESTIONS } from './command-table.ts';
import { EXIT, type ExitCode, endingOf } from './exit.ts';
import { textRead } from './files.ts';
import { Output } from './output.ts';
import { packageInfo } from './package-info.ts';
import { progressOn } from './progress.ts';

/** The process, as far as the shell needs it. */
export interface Shell {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs one command line. Never throws and never ends the process: all that was printed is written when it returns.
 *
 * @param words the command line without the names of Node and of the program.
 * @returns the exit code.
 */
export async function runCommandLine(words: readonly string[], shell: Shell): Promise<number> {
  let quiet = false;
  const output = new Output(shell.stdout, shell.stderr, () => quiet);
  const program = programOn(output);
  let code: number = EXIT.ok;
  program.hook('preAction', () => {
    quiet = program.opts()['quiet'] === true;
  });
  try {
    const line = inOrder(words);
    const name = line.find((word) => !word.startsWith('-') && word !== 'help');
    for (const entry of COMMANDS) {
      const command = program.command(entry.name).description(entry.summary);
      // Only the command that was called for is loaded; of the others the help shows name and summary.
      if (entry.name === name) {
        declare(
          command,
          await entry.load(),
          () => contextOf(output, shell, program),
          (result) => {
            code = result;
          },
        );
      }
    }
    if (words.length === 0) output.print(welcome());
    else await program.parseAsync(line, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    else code = await complaint(error, output);
  }
  const failure = await output.finish();
  if (failure === undefined) return code;
  return code === EXIT.ok ? complaint(failure, output) : code;
}

/** The command first: `--seed 2 run calm` is `run --seed 2 calm`, and help on a command that there is not is that command. */
function inOrder(words: readonly string[]): string[] {
  const isCommand = (word: string | undefined): boolean => COMMANDS.some(({ name }) => name === word);
  const [first = '', second] = words;
  if (first === 'help' && second !== undefined && !second.startsWith('-') && !isCommand(second)) return words.slice(1);
  const at = first.startsWith('-') && first !== '--' ? words.findIndex((word) => isCommand(word) || word === 'help') : -1;
  return at > 0 ? [...words.slice(at, at + 1), ...words.slice(0, at), ...words.slice(at + 1)] : [...words];
}

async function complaint(error: unknown, output: Output): Promise<ExitCode> {
  const ending = await endingOf(error, textRead);
  output.complain(ending.message);
  return ending.code;
}

function programOn(output: Output): Commander {
  const program = new Commander('volpit')
    .description('An options market-making simulator.')
    .version(packageInfo().version, '-V, --version', 'print the version')
    .option('-q, --quiet', 'no progress and no messages, only results and errors')
    .option('--no-color', 'no colours (as the environment variable NO_COLOR)')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('volpit --help shows what there is.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.print(text),
      writeErr: (text) => output.complain(text.replace(/\n$/, '')),
      outputError: (text, write) =>
        write(
          text
            .replace(/^error: /, 'volpit: ')
            .split('\n')
            .map(printable)
            .join('\n'),
        ),
    });
  program.addHelpText('after', () => `\n${suggestions()}`);
  return program;
}

function welcome(): string {
  return `volpit ${packageInfo().version}: an options market-making simulator\n\n${suggestions()}\n\nvolpit --help lists all commands.`;
}

function suggestions(): string {
  const width = Math.max(...SUGGESTIONS.map(([line]) => line.length));
  return `To begin with:\n${SUGGESTIONS.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join('\n')}`;
}

function contextOf(output: Output, shell: Shell, program: Commander): Context {
  const { quiet = false, color } = program.opts<{ quiet?: boolean; color: boolean }>();
  return {
    version: packageInfo().version,
    output,
    quiet,
    colour: colourLevel(shell.env, shell.stdout.isTTY === true, color ? 'auto' : 'never'),
    progress: (title) => progressOn(title, { stream: shell.stderr, quiet, now: () => performance.now(), env: shell.env }),
  };
}

/** Tells commander what a command takes, and hands the values over under the command's own keys. */
function declare(target: Commander, command: Command, context: () => Context, done: (code: number) => void): void {
  const names = Object.keys(command.arguments);
  for (const spec of Object.values(command.arguments)) declareArgument(target, spec);
  for (const [key, spec] of Object.entries(command.options)) target.addOption(optionOf(key, spec));
  target.showHelpAfterError(`volpit help ${target.name()} shows what it takes.`);
  if (command.about !== undefined) target.description(`${target.description()}\n\n${command.about}`);
  if (command.examples.length > 0) target.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`);
  const initial = Object.fromEntries(Object.entries(command.options).map(([key, spec]) => [key, spec.initial]));
  target.action(async () => {
    const args = Object.fromEntries(names.map((name, i) => [name, target.processedArgs[i]]));
    done(await command.action(context(), args, { ...initial, ...target.opts() }));
  });
}

function declareArgument(target: Commander, spec: ArgumentSpec<unknown>): void {
  target.argument(spec.usage, spec.about);
}

function optionOf(key: string, spec: OptionSpec<unknown>): Option {
  const option = new Option(spec.flags, spec.about);
  if (option.attributeName() !== key) throw new RangeError(`option ${spec.flags} stands under the key ${key}`);
  const plain = typeof spec.initial === 'string' || typeof spec.initial === 'number';
  if (spec.initialText !== undefined || plain) option.default(spec.initial, spec.initialText ?? String(spec.initial));
  if (spec.mandatory === true) option.makeOptionMandatory();
  if (spec.conflicts !== undefined) option.conflicts([...spec.conflicts]);
  if (spec.read !== undefined) {
    let isGiven = false;
    option.argParser((text: string, previous: unknown) => {
      if (isGiven && spec.repeatable !== true) throw new InputError(`--${option.name()}`, [{ path: '', message: 'is given twice' }]);
      isGiven = true;
      return spec.read?.(text, previous ?? spec.initial);
    });
  }
  return option;
}
