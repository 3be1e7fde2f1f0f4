import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentKind } from '../agents/agent.ts';
import { BUILT_IN_AGENTS } from '../agents/built-in.ts';
import { InputError } from '../core/assert.ts';
import { shown } from '../scenario/shown.ts';
import type { OptionSpec } from './command.ts';
import { statusOf } from './output-file.ts';
import { importTypeScript } from './typescript-module.ts';

const MODULES = ['.js', '.mjs'];
const TYPESCRIPT = ['.ts', '.mts'];
const KIND_NAME = /^[a-z][a-z0-9-]{0,39}$/;
const METHODS = ['lookaheadSeconds', 'forecasterKind', 'positionPerSeries', 'build'] as const;

/** `--plugin <file>`: modules with kinds of agents of the user's own, as absolute paths in the order given. */
export function pluginOption(): OptionSpec<readonly string[]> {
  return {
    flags: '--plugin <file>',
    about: 'JavaScript module that exports agents, kinds made by defineAgent; it runs with your rights (may be repeated)',
    initial: [],
    repeatable: true,
    read: (text, previous) => [...previous, resolve(text)],
  };
}

/**
 * The catalogue of a run: the built-in kinds, and those that the plugins export as `agents`. Code of the plugins runs.
 *
 * @param paths absolute.
 * @throws InputError naming the plugin, when it cannot be read or imported, or exports something else.
 */
export async function agentCatalog(paths: readonly string[]): Promise<readonly AgentKind[]> {
  const kinds = [...BUILT_IN_AGENTS];
  const sources = new Map(kinds.map(({ kind }) => [kind, 'volpit itself']));
  for (const path of paths) {
    for (const [index, kind] of (await exportedKinds(path)).entries()) {
      const known = sources.get(kind.kind);
      if (known !== undefined) refuse(path, `the kind ${shown(kind.kind)} exists already: it comes from ${known}`, `agents[${index}]`);
      sources.set(kind.kind, path);
      kinds.push(kind);
    }
  }
  return kinds;
}

async function exportedKinds(path: string): Promise<readonly AgentKind[]> {
  const { agents } = await imported(path);
  if (agents === undefined) refuse(path, 'exports no agents; expected: export const agents = [defineAgent({ ... })]');
  if (!Array.isArray(agents) || agents.length === 0) return refuse(path, 'is not a list of kinds made by defineAgent', 'agents');
  return agents.map((value: unknown, index) => {
    if (!isAgentKind(value)) refuse(path, 'is no kind of agent: expected what defineAgent returns', `agents[${index}]`);
    if (!KIND_NAME.test(value.kind)) {
      const expected = 'expected lower-case letters, digits and hyphens, starting with a letter, at most 40';
      refuse(path, `found ${shown(value.kind)}, ${expected}`, `agents[${index}].kind`);
    }
    return value;
  });
}

async function imported(path: string): Promise<Readonly<Record<string, unknown>>> {
  const extension = extname(path);
  const isTypeScript = TYPESCRIPT.includes(extension);
  if (!isTypeScript && !MODULES.includes(extension)) {
    refuse(path, `expected a module whose name ends in ${[...MODULES, ...TYPESCRIPT].join(', ')}`);
  }
  const status = statusOf(path, path);
  if (status === undefined) refuse(path, 'there is no such file');
  if (status?.isFile() !== true) refuse(path, 'is not a file');
  try {
    return isTypeScript ? await importTypeScript(path) : ((await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const hint = isNotFound(error) ? '; packages are looked for from where the plugin is: install volpit and zod there' : '';
    return refuse(path, `cannot be imported: ${reason(error)}${hint}`);
  }
}

/** Whether it is a package that could not be found. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('package');
}

/** What an error of somebody else's code says, with the name of its class, on one line. */
function reason(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n')[0] ?? '';
}

/** By its form: a plugin has its own copy of volpit's classes and of zod. */
function isAgentKind(value: unknown): value is AgentKind {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Partial<Record<keyof AgentKind, unknown>>;
  const { params } = fields;
  const isSchema = typeof params === 'object' && params !== null && '_zod' in params && 'shape' in params;
  const isDescribed = typeof fields.kind === 'string' && typeof fields.summary === 'string';
  const hasRights = typeof fields.rights === 'object' && fields.rights !== null;
  return isSchema && isDescribed && hasRights && METHODS.every((name) => typeof fields[name] === 'function');
}

function refuse(source: string, message: string, path = ''): never {
  throw new InputError(source, [{ path, message }]);
}
