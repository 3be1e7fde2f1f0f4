import type { z } from 'zod';
import { InputError, type Issue } from '../core/assert.ts';
import { alternatives, expectation, remedy, UNEXPLAINED } from './expectation.ts';
import { knownKeys, valueAt } from './schema-keys.ts';
import { named, type Path, pathText, printable, shown } from './shown.ts';
import { didYouMean } from './suggestion.ts';
import type { Place, YamlSource } from './yaml-source.ts';

/** More issues than this are counted, not listed: nobody reads them. */
const ISSUES_MAXIMUM = 200;
/** Known keys named where no single one is near. */
const KEYS_NAMED_MAXIMUM = 12;
/** Widest excerpt of a source line under a message. */
const EXCERPT_COLUMNS = 100;

/**
 * Checks a document against a schema.
 * @returns what the schema makes of it: defaults filled in, quantities converted.
 * @throws InputError with every issue, file by file in the order of the lines: path, place, what was found, what was expected, and what the writer
 * probably meant.
 */
export function parseWith<T>(schema: z.ZodType<T>, yaml: YamlSource): T {
  const result = schema.safeParse(yaml.value, { error: expectation });
  if (result.success) return result.data;
  const site = new Site(schema, yaml);
  for (const issue of result.error.issues) site.add(issue, []);
  throw new InputError(yaml.source, site.sorted());
}

/**
 * An error of the user as text for a terminal: for each issue `file:line:column  path  message`, and where the text of the file is known,
 * the line at fault with a caret below the column. Nothing in it can control the terminal.
 *
 * @param text of the error's file; or the text of a file by its name in the error or in one of its issues.
 */
export function formatInputError(error: InputError, text?: string | ((source: string) => string | undefined)): string {
  const textOf = typeof text === 'function' ? text : (source: string) => (source === error.source ? text : undefined);
  const linesBySource = new Map<string, readonly string[] | undefined>();
  const linesOf = (source: string): readonly string[] | undefined => {
    if (!linesBySource.has(source))
      linesBySource.set(
        source,
        textOf(source)
          ?.replace(/^\uFEFF/, '')
          .split('\n'),
      );
    return linesBySource.get(source);
  };
  return error.issues
    .flatMap((issue) => {
      const source = issue.source ?? error.source;
      const place = issue.line === undefined ? '' : `:${issue.line}:${issue.column ?? 1}`;
      const head = [printable(source) + place, printable(issue.path), printable(issue.message)];
      const line = issue.line === undefined ? undefined : linesOf(source)?.[issue.line - 1];
      return [head.filter((part) => part !== '').join('  '), ...(line === undefined ? [] : excerpt(line, issue.column ?? 1))];
    })
    .join('\n');
}

function excerpt(line: string, column: number): string[] {
  const text = printable(line.replace(/\r$/, ''));
  const start = column <= EXCERPT_COLUMNS - 20 ? 0 : column - EXCERPT_COLUMNS / 2;
  const head = start > 0 ? '…' : '';
  const tail = text.length > start + EXCERPT_COLUMNS ? '…' : '';
  return [`  ${head}${text.slice(start, start + EXCERPT_COLUMNS)}${tail}`, `  ${' '.repeat(head.length + column - 1 - start)}^`];
}

/** Collects the issues of one document, each at its place. */
class Site {
  readonly #schema: z.core.$ZodType;
  readonly #yaml: YamlSource;
  readonly #issues = new Map<string, Issue>();

  constructor(schema: z.core.$ZodType, yaml: YamlSource) {
    this.#schema = schema;
    this.#yaml = yaml;
  }

  sorted(): Issue[] {
    const all = [...this.#issues.values()].sort(
      (a, b) => byText(a.source ?? '', b.source ?? '') || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    if (all.length <= ISSUES_MAXIMUM) return all;
    return [...all.slice(0, ISSUES_MAXIMUM), { path: '', message: `and ${all.length - ISSUES_MAXIMUM} more issues` }];
  }

  /** @param prefix path of the value that the issue's own path starts from. */
  add(issue: z.core.$ZodIssue, prefix: Path): void {
    const path = joined(prefix, issue.path);
    switch (issue.code) {
      case 'unrecognized_keys':
        for (const key of issue.keys) this.#unknownKey([...path, key]);
        break;
      case 'invalid_key':
        this.#note(
          path,
          `${named(String(path.at(-1) ?? ''))} is not allowed as a key: ${issue.issues[0]?.message ?? ''}`,
          this.#keyOrAbove(path),
        );
        break;
      case 'invalid_union':
        if (issue.message === UNEXPLAINED) this.#union(issue.errors, path);
        else this.#leaf(path, issue.message, 'options' in issue ? (issue.options ?? []) : []);
        break;
      case 'invalid_value':
        this.#leaf(path, issue.message, issue.values);
        break;
      default:
        this.#leaf(path, issue.message, []);
    }
  }

  #unknownKey(path: Path): void {
    const key = String(path.at(-1) ?? '');
    const parent = path.slice(0, -1);
    const known = knownKeys(this.#schema, parent, this.#yaml.value);
    const set = valueAt(this.#yaml.value, parent);
    // What is already there was not misspelt: the writer meant one of the others.
    const open = known.filter((candidate) => typeof set !== 'object' || set === null || !Object.hasOwn(set, candidate));
    const meant = didYouMean(key, open) || didYouMean(key, known);
    const list = known.slice(0, KEYS_NAMED_MAXIMUM).map(named).join(', ');
    const rest = known.length > KEYS_NAMED_MAXIMUM ? ', …' : '';
    this.#note(path, `unknown key ${named(key)}${meant || (list === '' ? '' : `; known here: ${list}${rest}`)}`, this.#keyOrAbove(path));
  }

  /** Alternatives of which none fits: the nearest one is explained where the value has its shape, and all are named otherwise. */
  #union(branches: readonly (readonly z.core.$ZodIssue[])[], path: Path): void {
    const shaped = branches.filter((issues) => issues.every((issue) => issue.path.length > 0 || !isMismatch(issue)));
    if (shaped.length > 0) {
      const nearest = shaped.reduce((best, next) =>
        distance(next, this.#yaml.value, path) < distance(best, this.#yaml.value, path) ? next : best,
      );
      for (const issue of nearest) this.add(issue, path);
      return;
    }
    const roots = branches.flatMap((issues) => issues.filter((issue) => issue.path.length === 0).slice(0, 1)).flatMap(flattened);
    const values = roots.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
    const kinds = roots.filter((issue) => issue.code !== 'invalid_value').map((issue) => issue.message.replace(/^expected /, ''));
    const accepted = [...new Set(kinds), ...(values.length === 0 ? [] : [alternatives(values)])];
    this.#leaf(path, accepted.length === 0 ? 'not allowed' : `expected ${accepted.join(', or ')}`, values);
  }

  #leaf(path: Path, message: string, options: readonly unknown[]): void {
    const value = valueAt(this.#yaml.value, path);
    const names = options.filter((option) => typeof option === 'string');
    if (value === undefined) {
      this.#note(path, path.length === 0 ? message : `missing; ${message}`, this.#keyOrAbove(path));
      return;
    }
    const isContainer = typeof value === 'object' && value !== null;
    const help = remedy(message, value) || (typeof value === 'string' ? didYouMean(value, names) : '');
    const found = message.startsWith('expected') ? `found ${shown(value)}, ${message}${help}` : `${message} (found ${shown(value)})`;
    this.#note(path, isContainer && !message.startsWith('expected') ? message : found, this.#yaml.place(path));
  }

  #note(path: Path, message: string, place: Place | undefined): void {
    const issue: Issue = { path: pathText(path), message: printable(message), ...place };
    this.#issues.set(`${place?.line}:${place?.column} ${issue.path} ${issue.message}`, issue);
  }

  /** The key itself, or where it is missing, the key or value of the nearest mapping around it. */
  #keyOrAbove(path: Path): Place | undefined {
    const place = this.#yaml.keyPlace(path) ?? this.#yaml.place(path);
    return place !== undefined || path.length === 0 ? place : this.#keyOrAbove(path.slice(0, -1));
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function joined(prefix: Path, path: readonly PropertyKey[]): Path {
  return [...prefix, ...path.map((step) => (typeof step === 'number' ? step : String(step)))];
}

/** An alternative union inside an alternative counts as its own alternatives. */
function flattened(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.message !== UNEXPLAINED) return [issue];
  return issue.errors.flatMap((issues) => issues.filter((each) => each.path.length === 0).slice(0, 1)).flatMap(flattened);
}

function isMismatch(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union';
}

/** How far an alternative is from the value: a literal field that is set otherwise weighs more than all the rest. */
function distance(issues: readonly z.core.$ZodIssue[], value: unknown, path: Path): number {
  return issues.reduce((sum, issue) => {
    const contradicts = issue.code === 'invalid_value' && valueAt(value, joined(path, issue.path)) !== undefined;
    return sum + (contradicts ? 1000 : 0) + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1);
  }, 0);
}
