import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../core/assert.ts';

/** As much of esbuild as is used. */
interface Bundler {
  build(options: Readonly<Record<string, unknown>>): Promise<{ readonly outputFiles: readonly { readonly text: string }[] }>;
}

/**
 * Imports a module written in TypeScript, which esbuild turns into JavaScript where it is installed; types are not checked. What it imports by
 * relative path goes into one file with it, which lies beside it while it is imported, so that packages are found from there.
 *
 * @throws InputError when esbuild is not installed; otherwise what bundling or importing throws.
 */
export async function importTypeScript(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { build } = await bundler(path);
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  const made = join(dirname(path), `.volpit-${randomUUID()}.mjs`);
  try {
    writeFileSync(made, outputFiles[0]?.text ?? '');
    return (await import(pathToFileURL(made).href)) as Readonly<Record<string, unknown>>;
  } finally {
    rmSync(made, { force: true });
  }
}

async function bundler(path: string): Promise<Bundler> {
  // Not written as a literal: it must not become part of the program, and need not be installed.
  const name = 'esbuild';
  try {
    return (await import(name)) as Bundler;
  } catch {
    const message = 'is TypeScript, for which the package esbuild must be installed beside volpit; or compile it to a .mjs file';
    throw new InputError(path, [{ path: '', message }]);
  }
}
