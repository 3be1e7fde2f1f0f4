import { closeSync, readSync } from 'node:fs';
import { AddedColumns } from '../data/added-columns.ts';
import type { PricingPlan } from '../data/pricing-columns.ts';
import type { Context } from './command.ts';
import { FileError } from './exit.ts';
import { openedFile } from './files.ts';
import { breath, interruption } from './interruption.ts';
import { reasonOf } from './output.ts';
import { outputFile } from './output-file.ts';

const PART_BYTES = 1_048_576;

/**
 * Reads a table, adds the columns of a plan and writes it, a part at a time. The new file is there completely or not at all.
 * @throws InputError when a column is missing or the output may not be written, FileError when reading or writing fails.
 */
export async function csvPass(
  context: Context,
  title: string,
  plan: PricingPlan,
  paths: { readonly input: string; readonly out: string; readonly force: boolean },
): Promise<void> {
  const { input, out, force } = paths;
  const target = outputFile(out, { force, inputs: [input] });
  const progress = context.progress(title);
  try {
    await target.writeParts(parts(input, plan, (done, total) => progress.update(done, total)));
  } finally {
    progress.end();
  }
  const counts = [...plan.outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, count]) => `${count} ${outcome}`);
  const rows = [...plan.outcomes.values()].reduce((sum, count) => sum + count, 0);
  context.output.say(`wrote ${target.path}: ${rows} rows${counts.length === 0 ? '' : ` (${counts.join(', ')})`}`);
}

async function* parts(path: string, plan: PricingPlan, tell: (done: number, total: number) => void): AsyncGenerator<Uint8Array> {
  const signal = interruption();
  const { file, size } = openedFile(path);
  try {
    const columns = new AddedColumns(path, plan);
    const bytes = Buffer.allocUnsafe(PART_BYTES);
    let done = 0;
    for (;;) {
      const count = readPart(path, file, bytes);
      if (count === 0) break;
      done += count;
      yield Buffer.from(columns.push(bytes.toString('latin1', 0, count)), 'latin1');
      tell(done, size);
      await breath();
      signal.throwIfAborted();
    }
    yield Buffer.from(columns.end(), 'latin1');
  } finally {
    closeSync(file);
  }
}

function readPart(path: string, file: number, bytes: Uint8Array): number {
  try {
    return readSync(file, bytes, 0, bytes.length, null);
  } catch (error) {
    throw new FileError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}
