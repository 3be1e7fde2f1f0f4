import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shell } from '../support/run-cli.ts';
import { type Block, blocksOf, DOCUMENTS, ROOT } from './documents.ts';

/**
 * Transcripts in documents: blocks marked `console`, in which each line `$ …` is run by bash with `volpit` as the built program, in the
 * root of the repository. What follows must be its output. A line `…` stands for lines left out, at most once per command; wall times
 * are written as `…` as well. Notes behind `console`: `slow` leaves the block to the slow suite; `data=<folder>` runs it in that folder of
 * the shared data beside the repository, where there is one.
 *
 * With VOLPIT_UPDATE_DOCS=1 a block that is out of date is rewritten instead: as many lines before and behind `…` as it had.
 */
export const UPDATE = process.env['VOLPIT_UPDATE_DOCS'] === '1';
const LEFT_OUT = '…';

/** A command of a transcript with the output that it is said to have. */
interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

export const transcripts: readonly Block[] = DOCUMENTS.flatMap(blocksOf).filter((block) => block.language === 'console');

export const isSlow = (block: Block): boolean => block.notes.includes('slow');

/** Folder that a block runs in; undefined where its data are not on this machine. */
export function folderOf(block: Block): string | undefined {
  const name = block.notes.find((note) => note.startsWith('data='))?.slice('data='.length);
  if (name === undefined) return ROOT;
  const folder = join(ROOT, '..', 'shared', 'data', name);
  return existsSync(folder) ? folder : undefined;
}

function stepsOf(block: Block): Step[] {
  const steps: { command: string; shown: string[] }[] = [];
  for (const line of block.text.split('\n')) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shown: [] });
    else steps.at(-1)?.shown.push(line);
  }
  if (steps.length === 0) throw new Error(`${block.file}:${block.line}: no line begins with "$ "`);
  return steps;
}

/** Output as documents show it: no wall times, no blanks at the ends of lines, no empty lines at its ends. */
export function steady(output: string): string[] {
  return output
    .replace(/\d+\.\d s of wall time, \d+ thousand (events|records)\/s/g, `${LEFT_OUT} s of wall time, ${LEFT_OUT} thousand $1/s`)
    .replace(/data \d+ s, training \d+ s/g, `data ${LEFT_OUT} s, training ${LEFT_OUT} s`)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n');
}

/** The output with as much left out as the document leaves out. */
export function shortened(output: readonly string[], shown: readonly string[]): string[] {
  const at = shown.indexOf(LEFT_OUT);
  if (at < 0) return [...output];
  const behind = shown.length - at - 1;
  if (output.length <= at + behind) return [...output];
  return [...output.slice(0, at), LEFT_OUT, ...output.slice(output.length - behind)];
}

/** Runs a block; gives its text as it should read. @throws Error when a command fails. */
export async function rerun(block: Block, cwd: string): Promise<string> {
  const lines: string[] = [];
  for (const { command, shown } of stepsOf(block)) {
    const { code, stdout, stderr } = await shell(command, { cwd });
    if (code !== 0) throw new Error(`${block.file}:${block.line}: $ ${command}\nended with ${code}: ${stderr}`);
    while (shown.at(-1) === '') (shown as string[]).pop();
    lines.push(`$ ${command}`, ...shortened(steady(stdout), shown), '');
  }
  return lines.join('\n').trimEnd();
}

/** Puts the right text in place of a block's. */
export function rewrite(block: Block, text: string): void {
  const path = join(ROOT, block.file);
  const fence = `\`\`\`${[block.language, ...block.notes].join(' ')}\n`;
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(`${fence}${block.text}\n\`\`\``, () => `${fence}${text}\n\`\`\``),
  );
}
