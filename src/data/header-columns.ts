/** The columns of a header line, by what tables call them. */
export type ColumnNames<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/** The names in the first line that is not blank, trimmed and without quotes. */
export function headerOf(text: string): string[] {
  const line = text
    .slice(0, 16_384)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .find((one) => one.trim() !== '');
  return (line ?? '').split(',').map((name) => name.trim().replace(/^"|"$/g, ''));
}

/** Which column holds each field; fields that none holds are left out. Of several names the first in the list counts. */
export function columnsOf<Field extends string>(header: readonly string[], names: ColumnNames<Field>): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(names) as Field[]) {
    const column = names[field].map((name) => header.find((own) => own.toLowerCase() === name)).find((own) => own !== undefined);
    if (column !== undefined) found[field] = column;
  }
  return found;
}
