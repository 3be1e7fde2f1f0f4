import { CST, Lexer } from 'yaml';
import { named } from './shown.ts';

/** One fault in the text of a document. */
export interface TextFault {
  /** Characters from the start of the text; undefined where the fault is of the text as a whole. */
  readonly offset?: number;
  /** Where in the document, as in an issue; empty where that is not known. */
  readonly path: string;
  readonly message: string;
}

/** Largest document that is read, in bytes of UTF-8. A flat list of this size takes half a second; ten times as much, many seconds. */
export const YAML_BYTES_MAXIMUM = 256 * 1024;
/** Deepest nesting that is read. The composer of the parser is recursive, so the depth is counted before it is called. */
export const YAML_DEPTH_MAXIMUM = 64;
/** How many faults are collected before the rest is only counted. */
export const FAULTS_MAXIMUM = 20;

/**
 * Controls but tab and line feed, direction marks, a second byte order mark, lone surrogates, and what bytes that are not UTF-8 turn into.
 */
const FORBIDDEN = /(?![\t\n])[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069\uFEFF\uFFFD-\uFFFF]/gu;

/**
 * What must be refused before a parser sees the text: size, characters, depth, and the parts of YAML that a scenario has no use for
 * (anchors, aliases, tags, directives other than `%YAML 1.2`). Linear in the length of the text, without recursion.
 * @param text without a byte order mark at its start.
 */
export function scanFaults(text: string): TextFault[] {
  if (text.length > YAML_BYTES_MAXIMUM || new TextEncoder().encode(text).length > YAML_BYTES_MAXIMUM) {
    return [{ path: '', message: `the file is larger than ${YAML_BYTES_MAXIMUM / 1024} KB` }];
  }
  const characters = characterFaults(text);
  return characters.length > 0 ? characters : tokenFaults(text);
}

/** Whether a text holds a character that no name or value may hold, however it was written. */
export function hasForbiddenCharacter(text: string): boolean {
  return text.search(FORBIDDEN) >= 0;
}

function characterFaults(text: string): TextFault[] {
  if (text.includes('\0')) {
    return [{ offset: text.indexOf('\0'), path: '', message: 'NUL character: is the file in UTF-16? Save it as UTF-8' }];
  }
  const faults: TextFault[] = [];
  for (const match of text.matchAll(FORBIDDEN)) {
    if (match[0] === '\r' && text[match.index + 1] === '\n') continue;
    faults.push({ offset: match.index, path: '', message: characterMessage(match[0]) });
    if (faults.length >= FAULTS_MAXIMUM) break;
  }
  return faults;
}

function characterMessage(character: string): string {
  if (character === '\uFFFD') return 'not valid UTF-8: save the file as UTF-8';
  if (character === '\r') return 'carriage return without line feed: lines end in LF or CR LF';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `control character U+${code} is not allowed`;
}

function tokenFaults(text: string): TextFault[] {
  const faults: TextFault[] = [];
  const depth = new Depth();
  let offset = 0;
  let lineStart = 0;
  let scalarNext = false;
  for (const token of new Lexer().lex(text)) {
    const type: string | null = scalarNext ? 'scalar' : CST.tokenType(token);
    if (type === 'doc-mode' || type === 'flow-error-end' || (type === 'scalar' && !scalarNext)) {
      // Marks of the lexer itself: they take no place in the text, and the last announces a plain or block scalar.
      scalarNext = type === 'scalar';
      continue;
    }
    scalarNext = false;
    const refused = refusal(type, token) ?? depth.fault(type, offset - lineStart);
    if (refused !== undefined) {
      faults.push({ offset, path: '', message: refused });
      if (faults.length >= FAULTS_MAXIMUM || depth.broken) break;
    }
    offset += token.length;
    const newline = token.lastIndexOf('\n');
    if (newline >= 0) lineStart = offset - token.length + newline + 1;
  }
  return faults;
}

function refusal(type: string | null, token: string): string | undefined {
  switch (type) {
    case 'anchor':
    case 'alias':
      return `${named(token)}: anchors and aliases are not used here; write the value out, or quote it if it is text`;
    case 'tag':
      return `${named(token)}: tags are not used here; quote it if it is text`;
    case 'directive-line':
      return /^%YAML 1\.2\s*$/.test(token) ? undefined : `${named(token)}: only the directive %YAML 1.2 is accepted`;
    default:
      return undefined;
  }
}

/**
 * Counts how deep the parser will nest. In flow style these are brackets; in block style each level is indented by more than the one
 * around it, but for a list that stands below its key: the true depth is at most twice the number of columns counted.
 */
class Depth {
  /** Set once counting on makes no sense. */
  broken = false;
  readonly #columns: number[] = [];
  #flow = 0;
  #afterScalar = false;

  fault(type: string | null, column: number): string | undefined {
    if (type === 'space' || type === 'comment') return undefined;
    if (type === 'flow-map-end' || type === 'flow-seq-end') {
      this.#flow -= 1;
      if (this.#flow < 0) return this.#stop('closing bracket without an opening one');
    }
    const opens = type === 'flow-map-start' || type === 'flow-seq-start';
    const startsNode = type !== 'newline' && type !== 'comma' && !(type === 'map-value-ind' && this.#afterScalar);
    this.#afterScalar = type === 'scalar' || type?.endsWith('-scalar') === true || type?.endsWith('-end') === true;
    if (this.#flow === 0 && startsNode) {
      while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop();
      if (!opens && (this.#columns.at(-1) ?? -1) < column) this.#columns.push(column);
    }
    if (opens) this.#flow += 1;
    if (this.#columns.length + this.#flow > YAML_DEPTH_MAXIMUM) return this.#stop(`nested more than ${YAML_DEPTH_MAXIMUM} levels deep`);
    return undefined;
  }

  #stop(message: string): string {
    this.broken = true;
    return message;
  }
}
