import { InputError } from '../core/assert.ts';

const SHOWN_MAXIMUM = 12;

/**
 * One of the times or days of a file that holds several snapshots: the first where none is asked for, else the one whose text
 * starts with what is asked for.
 * @throws InputError with the choices when none or several do.
 */
export function snapshotChoice(source: string, option: string, choices: readonly string[], wanted: string | undefined): string {
  const unique = [...new Set(choices)].sort();
  const found = wanted === undefined ? unique.slice(0, 1) : unique.filter((choice) => choice.startsWith(wanted));
  const [choice] = found;
  if (choice !== undefined && (found.length === 1 || choice === wanted)) return choice;
  const head = unique.slice(0, SHOWN_MAXIMUM).join(', ');
  const list = unique.length > SHOWN_MAXIMUM ? `${head}, … ${unique.at(-1) ?? ''} (${unique.length} in all)` : head;
  const message = found.length > 1 ? `'${wanted}' fits ${found.length} snapshots` : `no snapshot '${wanted}'`;
  throw new InputError(source, [{ path: option, message: `${message}; the file holds ${list}` }]);
}

/** @throws InputError when `wanted` is asked of a file with one snapshot only, and is not that one. */
export function onlySnapshot(source: string, option: string, at: string, wanted: string | undefined): void {
  if (wanted !== undefined) snapshotChoice(source, option, [at], wanted);
}
