import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { InputError } from '../core/assert.ts';
import { didYouMean } from '../scenario/suggestion.ts';
import { readText } from './files.ts';
import { packageInfo } from './package-info.ts';

/** A text with the name that messages call it by. */
export interface NamedText {
  readonly source: string;
  readonly text: string;
}

/** Names of the scenarios that come with volpit, in order: what stands before `.yaml`. */
export function bundledScenarios(): string[] {
  return namesIn('scenarios');
}

/** Path of a file that comes with volpit, such as `bundledPath('models', 'btc')`. */
export function bundledPath(...parts: readonly string[]): string {
  return join(packageInfo().root, ...parts);
}

/**
 * The text of a scenario, given by the path of its file or by the name of a bundled one: `runs/mine.yaml`, `calm`.
 * A file in the current folder is taken before a bundled scenario of the same name.
 *
 * @throws InputError when there is neither, or the file cannot be read.
 */
export function readScenarioText(name: string): NamedText {
  return textAt(resolved(name, 'scenario', 'scenarios'));
}

/** The text of a bundled scenario, whatever lies in the current folder. */
export function readBundledScenario(name: string): NamedText {
  return textAt(shorter(bundledPath('scenarios', `${name}.yaml`)));
}

/**
 * The text of a scenario that another one extends: a bundled one by its name, whatever lies in the current folder, or a file by its path from
 * the folder of the file that names it.
 *
 * @throws InputError when there is neither, the path is absolute, or the file cannot be read.
 */
export function readBase(name: string, from: string): NamedText {
  if (isPath(name)) {
    if (isAbsolute(name)) throw new InputError(name, [{ path: '', message: 'is absolute: expected a path from the folder of this file' }]);
    const path = join(dirname(from), name);
    return textAt(from.startsWith('./') && !path.startsWith('..') ? `./${path}` : path);
  }
  const bundled = namesIn('scenarios');
  if (bundled.includes(name)) return readBundledScenario(name);
  const list = bundled.join(', ');
  throw new InputError(name, [{ path: '', message: `is no bundled scenario${didYouMean(name, bundled)} (${list}; a file ends in .yaml)` }]);
}

/** The text of a portfolio, by path or bundled name, as {@link readScenarioText}. */
export function readPortfolioText(name: string): NamedText {
  return textAt(resolved(name, 'portfolio', join('scenarios', 'portfolios')));
}

const textAt = (path: string): NamedText => ({ source: path, text: readText(path) });

function namesIn(folder: string): string[] {
  return readdirSync(bundledPath(folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

function resolved(name: string, what: string, folder: string): string {
  if (isPath(name) || statSync(name, { throwIfNoEntry: false })?.isFile()) return name;
  const bundled = namesIn(folder);
  if (bundled.includes(name)) return shorter(bundledPath(folder, `${name}.yaml`));
  const near = didYouMean(name, bundled);
  throw new InputError(name, [
    { path: '', message: `is neither a file nor a bundled ${what}${near === '' ? ` (${bundled.join(', ')})` : near}` },
  ]);
}

const isPath = (name: string): boolean => name === '' || name.includes('/') || name.includes(sep) || /\.ya?ml$/i.test(name);

/** The path from the current folder, where that is the shorter way to name it. */
function shorter(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}
