import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import type { AgentKind } from '../agents/agent.ts';
import { BUILT_IN_AGENTS } from '../agents/built-in.ts';
import { InputError } from '../core/assert.ts';
import { jsonDocument, jsonValue } from '../forecast/lstm/json-document.ts';
import { EventLogReader } from '../replay/event-log-reader.ts';
import { LOG_SCHEMA, type LogOutcome, type Manifest, manifestSchema, openingManifest } from '../replay/manifest.ts';
import { blankRecord } from '../replay/trace-record.ts';
import type { Override } from '../scenario/overrides.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { NamedText } from './bundled.ts';
import { FileError } from './exit.ts';
import { openedFile, readText } from './files.ts';
import { eventsPath, manifestPath } from './log-files.ts';
import { sha256 } from './model-folder.ts';
import { reasonOf } from './output.ts';
import { statusOf } from './output-file.ts';
import { changes } from './run-setup.ts';

const MANIFEST_BYTES_MAXIMUM = 64 * 1_048_576;
const CHUNK_BYTES = 1_048_576;

/** A log as it lies in a folder, with the market that it is replayed in. */
export interface LoggedRun {
  readonly manifest: Manifest;
  readonly scenario: Scenario;
  readonly events: EventLogReader;
  /** Closes the file of events. */
  close(): void;
}

/**
 * Opens a log, and makes sure that it is the one that was written: format, hashes, and where it is damaged.
 * @param kinds the catalogue of agents that its scenario may name.
 * @throws InputError naming file and place.
 */
export function openLog(folder: string, kinds: readonly AgentKind[] = BUILT_IN_AGENTS): LoggedRun {
  const manifest = readManifest(folder);
  const scenario = scenarioOf(manifest, manifestPath(folder), kinds);
  const path = eventsPath(folder);
  const { outcome } = manifest;
  const { file, size } = openedFile(path);
  try {
    if (outcome !== undefined) checkWhole(path, file, size, outcome);
    return { manifest, scenario, events: readerOf(path, file, outcome !== undefined), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** What a logged run was made from, enough to make it again. */
export interface LoggedOrigin extends NamedText {
  readonly seed: string;
  readonly changes: readonly Override[];
}

/**
 * Reads what a log was made from; its events are not looked at.
 * @throws InputError when it is no log, or one of another version of volpit, whose run might be another.
 */
export function loggedOrigin(folder: string, version: string): LoggedOrigin {
  const manifest = readManifest(folder);
  const path = manifestPath(folder);
  if (manifest.version !== version) {
    throw new InputError(path, [{ path: 'version', message: `was written by volpit ${manifest.version}, this is volpit ${version}` }]);
  }
  const { text, sha256: expected, changes: texts } = manifest.scenario;
  if (sha256(text) !== expected) {
    throw new InputError(path, [{ path: 'scenario.sha256', message: 'is not that of scenario.text: one of the two was changed' }]);
  }
  return { source: `${path}, scenario.text`, text, seed: manifest.seed, changes: changes(texts) };
}

function readManifest(folder: string): Manifest {
  const status = statusOf(folder, folder);
  if (status === undefined) throw new InputError(folder, [{ path: '', message: 'there is no such folder' }]);
  if (!status.isDirectory()) throw new InputError(folder, [{ path: '', message: 'is a file: expected the folder of a log' }]);
  const path = manifestPath(folder);
  const text = readText(path, { bytesMaximum: MANIFEST_BYTES_MAXIMUM });
  const value = jsonValue(path, text);
  const found: unknown = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (found !== LOG_SCHEMA) {
    const other =
      typeof found === 'string' && /^volpit\.log\/\d+$/.test(found) ? `${found}, another version of the format` : 'something else';
    throw new InputError(path, [{ path: 'schema', message: `expected ${LOG_SCHEMA}, found ${other}` }]);
  }
  return jsonDocument(path, text, manifestSchema);
}

/** The scenario that the manifest holds; what else it says of the market must follow from that. */
function scenarioOf(manifest: Manifest, path: string, kinds: readonly AgentKind[]): Scenario {
  const { text, sha256: expected, changes: texts } = manifest.scenario;
  const refuse = (place: string, message: string): never => {
    throw new InputError(path, [{ path: place, message }]);
  };
  if (sha256(text) !== expected) refuse('scenario.sha256', 'is not that of scenario.text: one of the two was changed');
  const scenario = parseScenario(`${path}, scenario.text`, text, kinds, changes(texts));
  const rebuilt = openingManifest(scenario, { ...manifest, text, sha256: expected, changes: texts });
  for (const key of ['instruments', 'fees', 'agents'] as const) {
    if (JSON.stringify(rebuilt[key]) !== JSON.stringify(manifest[key])) refuse(key, 'are not those of the scenario in scenario.text');
  }
  return scenario;
}

/** @throws InputError naming the damaged block where there is one. */
function checkWhole(path: string, file: number, size: number, outcome: LogOutcome): void {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(CHUNK_BYTES);
  const bytes = bytesOf(path, file);
  for (let length = bytes(chunk); length > 0; length = bytes(chunk)) hash.update(chunk.subarray(0, length));
  if (size === outcome.bytes && hash.digest('hex') === outcome.sha256) return;
  const reader = readerOf(path, file, true);
  const record = blankRecord();
  while (reader.next(record));
  const message =
    size === outcome.bytes
      ? `${reader.records} records without a fault, but not those that the manifest speaks of: its SHA-256 is another`
      : `ends after ${size} bytes and ${reader.records} records; the manifest says ${outcome.bytes} and ${outcome.records}`;
  throw new InputError(path, [{ path: `byte ${size}`, message }]);
}

const readerOf = (path: string, file: number, sealed: boolean): EventLogReader =>
  new EventLogReader({ name: path, read: bytesOf(path, file) }, { sealed });

/** Reads a file from its start, however often. */
function bytesOf(path: string, file: number): (into: Uint8Array) => number {
  let position = 0;
  return (into) => {
    let length = 0;
    while (length < into.length) {
      let count: number;
      try {
        count = readSync(file, into, length, into.length - length, position);
      } catch (error) {
        throw new FileError(`cannot read ${path}: ${reasonOf(error)}`);
      }
      if (count === 0) break;
      length += count;
      position += count;
    }
    return length;
  };
}
