import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PACKAGE = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/** As much of a package's description as says where it begins. */
interface PackageDescription {
  readonly exports?: unknown;
  readonly module?: unknown;
  readonly main?: unknown;
}

/**
 * The file that `--plugin` means, absolute: a path, or where no such file is, the entry of a package of that name in the nearest `node_modules`. What is neither
 * stays a path, whose absence is told when it is imported.
 *
 * @param folder where paths start from, and packages are looked for.
 */
export function pluginPath(text: string, folder: string = process.cwd()): string {
  const path = resolve(folder, text);
  if (existsSync(path) || !PACKAGE.test(text)) return path;
  for (let from = folder; ; from = dirname(from)) {
    const entry = packageEntry(join(from, 'node_modules', text));
    if (entry !== undefined) return entry;
    if (dirname(from) === from) return path;
  }
}

/** The file that an import of a package would load. */
function packageEntry(folder: string): string | undefined {
  const description = join(folder, 'package.json');
  if (!existsSync(description)) return undefined;
  const { exports, module, main } = JSON.parse(readFileSync(description, 'utf8')) as PackageDescription;
  const entry = exportedEntry(exports) ?? [module, main].find((file) => typeof file === 'string') ?? 'index.js';
  return resolve(folder, entry);
}

/** The file of `exports` for an import of the package itself. */
function exportedEntry(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const conditions = exports as Readonly<Record<string, unknown>>;
  for (const condition of ['.', 'import', 'node', 'default']) {
    const entry = exportedEntry(conditions[condition]);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
