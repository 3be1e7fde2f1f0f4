import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a document. */
export interface Block {
  /** Path of the document from the root. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** First word behind the fence: `ts`, `console`, `sh`. */
  readonly language: string;
  /** The words behind it. */
  readonly notes: readonly string[];
  readonly text: string;
}

/** Files below a folder that pass, as paths from the root with slashes, in order. */
function filesBelow(folder: string, passes: (path: string) => boolean): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter(passes)
    .sort();
}

/** All documents for people: those of the root, and everything below docs. */
export const DOCUMENTS: readonly string[] = [
  ...readdirSync(ROOT)
    .filter((name) => name.endsWith('.md'))
    .sort(),
  ...filesBelow('docs', (path) => path.endsWith('.md')),
];

export const EXAMPLES: readonly string[] = filesBelow('docs/examples', (path) => path.endsWith('.ts'));

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The fenced blocks of a document. @throws Error on a fence that is not closed. */
export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [i, line] of textOf(file).split('\n').entries()) {
    if (open === undefined) {
      if (line.startsWith('```')) open = { line: i + 1, info: line.slice(3).trim(), lines: [] };
    } else if (line === '```') {
      const [language = '', ...notes] = open.info.split(/\s+/);
      blocks.push({ file, line: open.line, language, notes, text: open.lines.join('\n') });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block is not closed`);
  return blocks;
}

/** A document without its fenced blocks and inline code: what is left is prose and links. */
export function proseOf(file: string): string {
  return textOf(file)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, '');
}

/** Anchors that GitHub makes of the headings of a document. */
export function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of textOf(file)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*_]/g, '');
    anchors.add(
      plain
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s-]/gu, '')
        .replace(/\s/g, '-'),
    );
  }
  return anchors;
}

/** Text files of the repository that are committed or about to be; without git, all that is not made by tools. */
export function repositoryFiles(): string[] {
  const isText = (path: string): boolean => !/\.(bin|png|jpe?g|gif|ico|woff2?|cpuprofile)$/.test(path);
  if (existsSync(join(ROOT, '.git'))) {
    try {
      const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
      return listed.split('\0').filter((path) => path !== '' && isText(path) && existsSync(join(ROOT, path)));
    } catch {
      // No git on this machine: the folder itself tells.
    }
  }
  const skipped = /(^|\/)(node_modules|dist|\.git|coverage|runs)(\/|$)/;
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.test(path)) continue;
      if (entry.isDirectory()) walk(path);
      else if (isText(path)) found.push(path);
    }
  };
  walk('');
  return found.sort();
}

/** Path of a file from the root, as documents write it. */
export const fromRoot = (path: string): string => relative(ROOT, path).split(sep).join('/');
