import { stringify } from 'yaml';
import { InputError, type Issue } from '../core/assert.ts';
import { named, type Path, pathText, printable, shown } from './shown.ts';
import { type Place, readYaml, type YamlSource } from './yaml-source.ts';

/** The field by which a file says what it extends. */
const EXTENDS = 'extends';
/** What a file says of itself, and never of the files that extend it. */
const OWN_FIELDS: readonly string[] = [EXTENDS, 'name', 'question'];
/** Files in a chain, the first one included. */
export const CHAIN_MAXIMUM = 8;

/**
 * Finds the file that another one extends.
 *
 * @param name what its field `extends` says.
 * @param from name of the file that says it, as the reader itself has given it, or as the caller named the first one.
 * @returns the text, and one and the same name for the same file.
 * @throws InputError when there is none, or it cannot be read.
 */
export type BaseReader = (name: string, from: string) => { readonly source: string; readonly text: string };

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Reads a document together with all that it extends. The base is read first, then the file's own fields go over it: mappings are merged,
 * lists and single values replaced, and `null` takes a field of the base away. `name` and `question` are not inherited.
 *
 * @param readBase gives the files that are extended; without it a file that extends another is refused.
 * @returns the document without the field `extends`; each value still knows its place, with the name of its file where that is another one.
 * @throws InputError with the faults of syntax, a chain of more than {@link CHAIN_MAXIMUM} files or without an end, a base that is not there, and
 * a `null` without a field to take away.
 */
export function readExtended(source: string, text: string, readBase?: BaseReader): YamlSource {
  const chain = chainFrom(source, text, readBase);
  const [first, ...bases] = chain;
  if (first === undefined || bases.length === 0) return readYaml(source, text);
  const issues: Issue[] = [];
  let value: unknown;
  for (const file of [...chain].reverse()) {
    const fault = (path: Path): void => {
      const message = `null takes away a field of what is extended, which has no ${named(String(path.at(-1) ?? ''))} here`;
      issues.push({ path: pathText(path), message, ...placeIn(file, source, file.keyPlace(path)) });
    };
    value = value === undefined ? file.value : merged(without(value, OWN_FIELDS), file.value, [], fault);
  }
  if (issues.length > 0) throw new InputError(source, issues);
  return {
    source,
    value: without(value, [EXTENDS]),
    place: (path) => found(chain, path, (file) => placeIn(file, source, file.place(path))),
    keyPlace: (path) => found(chain, path, (file) => placeIn(file, source, file.keyPlace(path))),
  };
}

/**
 * The text of a document that needs no other file: its own text where it extends nothing, else the whole document written out as YAML. It
 * reads as the same document, and depends on nothing but the values in the files.
 * @throws InputError as {@link readExtended}.
 */
export function selfContainedText(source: string, text: string, readBase?: BaseReader): string {
  if (baseNamed(readYaml(source, text)) === undefined) return text;
  return stringify(readExtended(source, text, readBase).value, {
    version: '1.2',
    schema: 'core',
    aliasDuplicateObjects: false,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    lineWidth: 0,
  });
}

/** The file and all that it extends, nearest first. */
function chainFrom(source: string, text: string, readBase: BaseReader | undefined): YamlSource[] {
  const chain: YamlSource[] = [];
  for (let next: { readonly source: string; readonly text: string } | undefined = { source, text }; next !== undefined; ) {
    const file = readYaml(next.source, next.text);
    if (chain.length > 0 && !isMapping(file.value)) {
      throw new InputError(file.source, [{ path: '', message: `found ${shown(file.value)}, expected a mapping`, ...file.place([]) }]);
    }
    chain.push(file);
    const name = baseNamed(file);
    next = name === undefined ? undefined : baseOf(chain, file, name, readBase);
  }
  return chain;
}

function baseOf(chain: readonly YamlSource[], file: YamlSource, name: unknown, readBase: BaseReader | undefined) {
  const refuse = (message: string): never => {
    throw new InputError(file.source, [{ path: EXTENDS, message: printable(message), ...file.place([EXTENDS]) }]);
  };
  if (typeof name !== 'string' || name === '') {
    return refuse(`found ${shown(name)}, expected the name of a bundled scenario, or the path of a file from where this one lies`);
  }
  if (readBase === undefined) return refuse(`found ${shown(name)}, but a text by itself has no other files to extend`);
  let base: ReturnType<BaseReader>;
  try {
    base = readBase(name, file.source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return refuse(`found ${shown(name)}: ${error.issues.map((issue) => `${error.source} ${issue.message}`).join('; ')}`);
  }
  const sources = [...chain.map((each) => each.source), base.source];
  if (sources.indexOf(base.source) < chain.length) return refuse(`a cycle: ${sources.join(' extends ')}`);
  if (sources.length > CHAIN_MAXIMUM) {
    return refuse(`a chain of more than ${CHAIN_MAXIMUM} files: ${sources.join(' extends ')}`);
  }
  return base;
}

/** What the field says; undefined where there is no such field. */
function baseNamed(file: YamlSource): unknown {
  return isMapping(file.value) && Object.hasOwn(file.value, EXTENDS) ? file.value[EXTENDS] : undefined;
}

/** `own` over `base`; hears of each path at which there is nothing to take away. */
function merged(base: unknown, own: unknown, path: Path, fault: (path: Path) => void): unknown {
  if (!isMapping(own)) return own;
  const result: Record<string, unknown> = blank();
  if (isMapping(base)) Object.assign(result, base);
  for (const [key, value] of Object.entries(own)) {
    const at = [...path, key];
    if (value !== null || OWN_FIELDS.includes(at.join('.'))) {
      result[key] = merged(result[key], value, at, fault);
    } else {
      if (!Object.hasOwn(result, key)) fault(at);
      delete result[key];
    }
  }
  return result;
}

/** What the nearest file says that has a word on the path: it sets it, takes it away, or holds something else above it. */
function found(chain: readonly YamlSource[], path: Path, placeOf: (file: YamlSource) => Place | undefined): Place | undefined {
  const isOwn = OWN_FIELDS.includes(String(path[0]));
  const decisive = (isOwn ? chain.slice(0, 1) : chain).find((file) => decides(file.value, path));
  return decisive === undefined ? undefined : placeOf(decisive);
}

function decides(value: unknown, path: Path): boolean {
  let at = value;
  for (const step of path) {
    if (!isMapping(at)) return true;
    if (!Object.hasOwn(at, step)) return false;
    at = at[String(step)];
  }
  return true;
}

function placeIn(file: YamlSource, source: string, place: Place | undefined): Place | undefined {
  return place === undefined || file.source === source ? place : { ...place, source: file.source };
}

function without(value: unknown, keys: readonly string[]): unknown {
  if (!isMapping(value)) return value;
  return Object.assign(blank(), Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))));
}

/** Without a prototype, as all mappings that were read. */
const blank = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);
