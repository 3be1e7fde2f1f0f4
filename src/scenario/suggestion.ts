/** Words longer than this are compared by their beginning only, so that a hostile key costs no more than an honest one. */
const COMPARED_MAXIMUM = 64;
/** Cyrillic and Greek letters that look like Latin ones, and the Latin ones in the same order. */
const LOOK_ALIKES = 'аеорсхуѕіјԁһѵкмтнвοανρτυκι';
const LOOKED_LIKE = 'aeopcxysijdhvkmtnboavptuki';

/**
 * The candidate that the writer most probably meant, or undefined where none is near. Taken as near: the same word in another
 * case, with separators or in look-alike letters; the same word with another unit at its end, or with none (`latency` for
 * `latencyMillis`); and at most one edit in three letters, three in all.
 */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const meant = plain(word);
  if (meant === '') return undefined;
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const cost = costBetween(word, meant, candidate);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** `; did you mean \`x\`?`, or nothing: the end of a message about a word that is not known. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = suggestion(word, candidates);
  return meant === undefined ? '' : `; did you mean \`${meant}\`?`;
}

function costBetween(word: string, meant: string, candidate: string): number {
  const plainCandidate = plain(candidate);
  if (plainCandidate === meant) return 0;
  const edits = editDistance(meant, plainCandidate);
  if (edits <= Math.min(3, Math.max(1, Math.floor(Math.max(meant.length, plainCandidate.length) / 3)))) return edits;
  const stem = plain(withoutUnit(candidate));
  if (stem.length >= 3 && (stem === meant || stem === plain(withoutUnit(word)))) return 3.5;
  return Number.POSITIVE_INFINITY;
}

/**
 * Damerau–Levenshtein distance in its restricted form (optimal string alignment): insertions, deletions, substitutions and swaps
 * of neighbours, each counted once. Source: Damerau (1964), Commun. ACM 7(3), 171–176. Only the first 64 characters count.
 */
export function editDistance(first: string, second: string): number {
  const a = [...first.slice(0, COMPARED_MAXIMUM)];
  const b = [...second.slice(0, COMPARED_MAXIMUM)];
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** Names carry their unit as the last word: `latencyMillis` without it is `latency`. */
function withoutUnit(word: string): string {
  return word.replace(/[A-Z_-][a-z0-9]*$/, '');
}

function plain(word: string): string {
  const folded = word.slice(0, COMPARED_MAXIMUM).normalize('NFKC').toLowerCase();
  return [...folded]
    .map((letter) => LOOKED_LIKE[LOOK_ALIKES.indexOf(letter)] ?? letter)
    .join('')
    .replace(/[\p{Cf}\s_.-]/gu, '');
}
