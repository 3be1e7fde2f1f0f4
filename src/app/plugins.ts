import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentKind } from '../agents/agent.ts';
import { agentsWith } from '../agents/built-in.ts';
import { BUILT_IN_PARTS, type MakerParts } from '../agents/maker/parts.ts';
import { InputError } from '../core/assert.ts';
import { shown } from '../scenario/shown.ts';
import type { OptionSpec } from './command.ts';
import { statusOf } from './output-file.ts';
import { pluginPath } from './plugin-path.ts';
import { importTypeScript } from './typescript-module.ts';

const MODULES = ['.js', '.mjs'];
const TYPESCRIPT = ['.ts', '.mts'];
const KIND_NAME = /^[a-z][a-z0-9-]{0,39}$/;
const AGENT_METHODS = ['lookaheadSeconds', 'forecasterKind', 'positionPerSeries', 'build'] as const;

/** What a plugin may export: kinds of agents, and parts that a maker can be put together from. */
const EXPORTS = {
  agents: { what: 'kind of agent', maker: 'defineAgent' },
  quoters: { what: 'kind of quoter', maker: 'defineQuoter' },
  selectors: { what: 'kind of selector', maker: 'defineSelector' },
  hedgers: { what: 'kind of hedger', maker: 'defineHedger' },
} as const;
type ExportName = keyof typeof EXPORTS;
const EXPORT_NAMES = Object.keys(EXPORTS) as ExportName[];

/** `--plugin <module>`: modules with agents or parts of the user's own, as absolute paths in the order given. */
export function pluginOption(): OptionSpec<readonly string[]> {
  return {
    flags: '--plugin <module>',
    about:
      'JavaScript or TypeScript file, or a package, that exports agents, quoters, selectors or hedgers; it runs with your rights (may be repeated)',
    initial: [],
    repeatable: true,
    read: (text, previous) => [...previous, pluginPath(text)],
  };
}

/**
 * The catalogue of a run: the built-in kinds, and those that the plugins export as `agents`; the maker with the plugins' `quoters`, `selectors` and
 * `hedgers` among its parts. Code of the plugins runs.
 *
 * @param paths absolute.
 * @throws InputError naming the plugin, when it cannot be read or imported, or exports something else.
 */
export async function agentCatalog(paths: readonly string[]): Promise<readonly AgentKind[]> {
  const own: { [K in keyof MakerParts]: MakerParts[K][number][] } & { agents: AgentKind[] } = {
    agents: [],
    quoters: [...BUILT_IN_PARTS.quoters],
    selectors: [...BUILT_IN_PARTS.selectors],
    hedgers: [...BUILT_IN_PARTS.hedgers],
  };
  const builtIn = { ...BUILT_IN_PARTS, agents: agentsWith(BUILT_IN_PARTS) };
  const sources = new Map(EXPORT_NAMES.map((name) => [name, new Map(builtIn[name].map(({ kind }) => [kind, 'volpit itself']))]));
  for (const path of paths) {
    const module = await imported(path);
    if (EXPORT_NAMES.every((name) => module[name] === undefined)) {
      refuse(path, `exports none of ${EXPORT_NAMES.join(', ')}; expected such as: export const agents = [defineAgent({ ... })]`);
    }
    for (const name of EXPORT_NAMES) {
      for (const [index, value] of exportedKinds(path, name, module[name]).entries()) {
        const known = sources.get(name)?.get(value.kind);
        if (known !== undefined) refuse(path, `the kind ${shown(value.kind)} exists already: it comes from ${known}`, `${name}[${index}]`);
        sources.get(name)?.set(value.kind, path);
        (own[name] as (typeof value)[]).push(value);
      }
    }
  }
  return [...agentsWith(own), ...own.agents];
}

type Kind = { readonly kind: string } & (AgentKind | MakerParts['quoters' | 'selectors' | 'hedgers'][number]);

function exportedKinds(path: string, name: ExportName, exported: unknown): readonly Kind[] {
  const { what, maker } = EXPORTS[name];
  if (exported === undefined) return [];
  if (!Array.isArray(exported) || exported.length === 0) return refuse(path, `is not a list of kinds made by ${maker}`, name);
  return exported.map((value: unknown, index) => {
    if (!isKind(value, name)) return refuse(path, `is no ${what}: expected what ${maker} returns`, `${name}[${index}]`);
    if (!KIND_NAME.test(value.kind)) {
      const expected = 'expected lower-case letters, digits and hyphens, starting with a letter, at most 40';
      refuse(path, `found ${shown(value.kind)}, ${expected}`, `${name}[${index}].kind`);
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
function isKind(value: unknown, name: ExportName): value is Kind {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const { params, rights } = fields;
  const isSchema = typeof params === 'object' && params !== null && '_zod' in params && 'shape' in params;
  const isDescribed = typeof fields['kind'] === 'string' && typeof fields['summary'] === 'string';
  const methods = name === 'agents' ? AGENT_METHODS : (['build'] as const);
  const hasRights = name !== 'agents' || (typeof rights === 'object' && rights !== null);
  return isSchema && isDescribed && hasRights && methods.every((method) => typeof fields[method] === 'function');
}

function refuse(source: string, message: string, path = ''): never {
  throw new InputError(source, [{ path, message }]);
}
