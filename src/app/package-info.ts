import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../core/assert.ts';

export interface PackageInfo {
  readonly version: string;
  /** Folder of package.json: `scenarios` and `models` lie below it. */
  readonly root: string;
}

let known: PackageInfo | undefined;

/** The package that this program is part of, found upward from its own file: the same for the sources, the bundle and an installation. */
export function packageInfo(): PackageInfo {
  known ??= found(dirname(fileURLToPath(import.meta.url)));
  return known;
}

function found(start: string): PackageInfo {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === 'volpit' && version !== undefined) return { version, root: folder };
    }
    invariant(dirname(folder) !== folder, () => `no package.json of volpit above ${start}`);
  }
}
