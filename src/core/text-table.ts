/**
 * Columns of plain text for a terminal: the first flush left, the others flush right, two spaces between them. Rows may be
 * ragged. Widths count UTF-16 units, so cells should hold plain Latin text.
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** Running text in lines of at most `width` where words allow; line breaks that are there stay. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current !== '' && current.length + 1 + word.length > width) {
          lines.push(current);
          current = word;
        } else {
          current = current === '' ? word : `${current} ${word}`;
        }
      }
      return [...lines, current].join('\n');
    })
    .join('\n');
}

/** How many decimals show `digits` significant digits of a number of this size; at least 0, at most 9. */
export function decimalsFor(size: number, digits: number): number {
  if (!Number.isFinite(size) || size === 0) return 0;
  const exponent = Number(size.toExponential().split('e')[1] ?? 0);
  return Math.min(9, Math.max(0, digits - 1 - exponent));
}

/** A number with fixed decimals; what rounds to zero has no minus sign. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** A share as percent with a sign: 0.25 is `+25 %`, 0 is `0 %`; decimals only where they are needed, at most 2. */
export function signedPercent(share: number): string {
  const percent = Number((100 * share).toFixed(2));
  return `${percent > 0 ? '+' : ''}${percent === 0 ? 0 : percent} %`;
}
