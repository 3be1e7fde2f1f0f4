import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { InputError, type Issue } from '../core/assert.ts';
import { named, type Path, pathText, printable } from './shown.ts';
import { FAULTS_MAXIMUM, hasForbiddenCharacter, scanFaults, type TextFault } from './yaml-scan.ts';

/** 1-based; columns in UTF-16 units, as editors count them. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Name of the file, where it is another one than that of the document. */
  readonly source?: string;
}

/** A document that was read safely, and still knows where in its text each value stands. */
export interface YamlSource {
  /** Name of the file, for messages. */
  readonly source: string;
  /** Text, finite numbers, booleans, nulls, lists, and mappings without a prototype; never an alias or a cycle. */
  readonly value: unknown;
  /** Where the value at the path begins; undefined if there is none. */
  place(path: Path): Place | undefined;
  /** Where the last key of the path stands; undefined if there is none, and for the elements of lists. */
  keyPlace(path: Path): Place | undefined;
}

/** Keys that name JavaScript's own machinery. */
const REFUSED_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * Reads one YAML 1.2 document, of the core schema, from a file that nobody vouches for. Refused besides faults of syntax: more than 256 KB
 * or 64 levels, anchors, aliases, merge keys, tags, directives but `%YAML 1.2`, duplicate keys, keys that are not text, `__proto__` and
 * the like, control characters, numbers that are not finite or that a double does not hold as written, a second document, an empty
 * file. A byte order mark and CR LF are accepted.
 * @throws InputError with all faults, each with its line and column; after the twentieth they are only counted.
 */
export function readYaml(source: string, text: string): YamlSource {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineStarts(bare);
  refuse(source, lines, scanFaults(bare));
  const document = parseDocument(bare, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults: TextFault[] = [...document.errors, ...document.warnings].map((fault) => ({
    offset: fault.pos[0],
    path: '',
    message: fault.code === 'MULTIPLE_DOCS' ? 'a second document begins here; a file holds one' : printable(fault.message),
  }));
  const reader = new Reader(faults);
  const value = reader.value(document.contents, []);
  if (value === null && faults.length === 0) faults.push({ path: '', message: 'the file is empty' });
  refuse(source, lines, faults);
  const placeOf = (offset: number | undefined): Place | undefined => (offset === undefined ? undefined : lines.place(offset));
  return {
    source,
    value,
    place: (path) => placeOf(offsetOf(reader.find(document.contents, path)?.node)),
    keyPlace: (path) => placeOf(offsetOf(reader.find(document.contents, path)?.key)),
  };
}

/** Turns the parser's tree into plain values, and notes what is wrong with it. Its depth was bounded before. */
class Reader {
  readonly #faults: TextFault[];
  /** Pairs by key, so that a path is found without searching. */
  readonly #pairs = new Map<unknown, Map<string, Pair>>();

  constructor(faults: TextFault[]) {
    this.#faults = faults;
  }

  value(node: unknown, path: Path): unknown {
    if (isScalar(node)) return this.#scalar(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, [...path, index]));
    if (isMap(node)) return this.#mapping(node, path);
    return null;
  }

  /** The node at a path, and the key that leads to it if its parent is a mapping. */
  find(root: unknown, path: Path): { readonly node: unknown; readonly key: unknown } | undefined {
    let found: { node: unknown; key: unknown } | undefined = { node: root, key: undefined };
    for (const step of path) {
      if (found === undefined) return undefined;
      found = this.#step(found.node, step);
    }
    return found;
  }

  #step(node: unknown, step: string | number): { node: unknown; key: unknown } | undefined {
    if (isSeq(node) && typeof step === 'number') {
      return step in node.items ? { node: node.items[step], key: undefined } : undefined;
    }
    const pair = this.#pairs.get(node)?.get(String(step));
    // `{a}` has no node for its value: it stands where its key does.
    return pair === undefined ? undefined : { node: pair.value ?? pair.key, key: pair.key };
  }

  #scalar(node: Scalar, path: Path): unknown {
    const { value } = node;
    if (typeof value === 'number') {
      const fault = numberFault(node.source ?? String(value), value);
      if (fault !== undefined) this.#note(node, path, fault);
    } else if (typeof value === 'string' && hasForbiddenCharacter(value)) {
      this.#note(node, path, 'control characters are not allowed');
    }
    return value;
  }

  #mapping(node: YAMLMap, path: Path): unknown {
    const value: Record<string, unknown> = Object.create(null);
    const pairs = new Map<string, Pair>();
    this.#pairs.set(node, pairs);
    for (const pair of node.items) {
      const key: unknown = isScalar(pair.key) ? pair.key.value : pair.key;
      const at = pair.key ?? pair.value ?? node;
      if (typeof key !== 'string') {
        const written = isScalar(pair.key) ? (pair.key.source ?? '') : '';
        this.#note(at, path, written === '' ? 'a key must be text' : `a key must be text; quote it: "${printable(written)}"`);
      } else if (key === '<<') {
        this.#note(at, path, 'merge keys (`<<`) are not used here; write the values out');
      } else if (REFUSED_KEYS.has(key)) {
        this.#note(at, path, `${named(key)} cannot be a key`);
      } else if (hasForbiddenCharacter(key)) {
        this.#note(at, path, 'control characters are not allowed in a key');
      } else if (pairs.has(key)) {
        this.#note(at, [...path, key], `duplicate key ${named(key)}; it was set before in the same mapping`);
      } else {
        pairs.set(key, pair);
        value[key] = this.value(pair.value, [...path, key]);
      }
    }
    return value;
  }

  #note(node: unknown, path: Path, message: string): void {
    this.#faults.push({ offset: offsetOf(node) ?? 0, path: pathText(path), message });
  }
}

/** Why a number cannot be taken as it is written; undefined if it can. */
function numberFault(text: string, value: number): string | undefined {
  const written = named(text);
  if (!Number.isFinite(value)) return `${written}: expected a finite number`;
  if (/^[-+]?0[xo]/.test(text)) return `${written}: write numbers in decimal (${value}), or quote it if it is text`;
  if (/^[-+]?0[0-9]/.test(text)) return `${written}: a leading zero is ambiguous; write ${value}, or quote it if it is text`;
  if (Object.is(value, -0)) return `${written}: write 0`;
  if (/^[-+]?[0-9]+$/.test(text) && !Number.isSafeInteger(value)) {
    return `${written}: whole numbers beyond 2^53 lose their last digits; quote it if it is text`;
  }
  const digits = significantDigits(text);
  if (digits === '' || digits === significantDigits(String(value))) return undefined;
  // More digits than the shortest form are fine as long as they are those of the double itself.
  if (digits.length <= 100 && digits === significantDigits(value.toPrecision(digits.length))) return undefined;
  return `${written}: a double cannot hold these digits; the nearest is ${value}`;
}

function significantDigits(text: string): string {
  const mantissa = text.toLowerCase().split('e')[0] ?? '';
  return mantissa.replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

class LineStarts {
  readonly #starts = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  place(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function refuse(source: string, lines: LineStarts, faults: readonly TextFault[]): void {
  if (faults.length === 0) return;
  const sorted = [...faults].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const issues: Issue[] = sorted
    .slice(0, FAULTS_MAXIMUM)
    .map(({ offset, path, message }) => ({ path, message, ...(offset === undefined ? {} : lines.place(offset)) }));
  if (sorted.length > FAULTS_MAXIMUM) issues.push({ path: '', message: `and ${sorted.length - FAULTS_MAXIMUM} more faults` });
  throw new InputError(source, issues);
}
