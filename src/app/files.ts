import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../core/assert.ts';
import { FileError } from './exit.ts';
import { reasonOf } from './output.ts';

const MEBIBYTE = 1_048_576;
/** Texts larger than this are refused unless the caller allows more. */
const TEXT_BYTES_MAXIMUM = 16 * MEBIBYTE;

/** Texts read so far by the name they were given, so that a message can quote the line at fault. */
const texts = new Map<string, string>();

/** The text of a file that {@link readText} has read. */
export function textRead(source: string): string | undefined {
  return texts.get(source);
}

/**
 * Reads a text file that the user named.
 *
 * @param path also its name in messages, unless `source` says otherwise.
 * @throws InputError when it is missing, may not be read, is no ordinary file (a folder, a device, a pipe), is too large or not UTF-8.
 * @throws FileError when reading fails half-way.
 */
export function readText(path: string, options: { readonly source?: string; readonly bytesMaximum?: number } = {}): string {
  const { source = path, bytesMaximum = TEXT_BYTES_MAXIMUM } = options;
  const bytes = readBytes(path, { source, bytesMaximum });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InputError(source, [{ path: '', message: 'is not a text file: expected UTF-8' }]);
  }
  texts.set(source, text);
  return text;
}

/** Reads a file of bytes that the user named. Throws as {@link readText} does. */
export function readBytes(path: string, options: { readonly source?: string; readonly bytesMaximum: number }): Uint8Array {
  const { source = path, bytesMaximum } = options;
  const refuse = (message: string): never => {
    throw new InputError(source, [{ path: '', message }]);
  };
  const { file, size } = openedFile(path, source);
  try {
    const buffer = new Uint8Array(Math.min(size, bytesMaximum) + 1);
    const length = filled(file, buffer);
    if (length > bytesMaximum) return refuse(`is larger than ${sizeText(bytesMaximum)}`);
    if (length === buffer.length) return refuse('grew while it was read');
    return buffer.subarray(0, length);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new FileError(`cannot read ${source}: ${reasonOf(error)}`);
  } finally {
    closeSync(file);
  }
}

/**
 * Opens an ordinary file that the user named; the caller closes it.
 * @throws InputError when it is missing, may not be read, or is a folder, a device or a pipe.
 */
export function openedFile(path: string, source = path): { readonly file: number; readonly size: number } {
  const refuse = (message: string): never => {
    throw new InputError(source, [{ path: '', message }]);
  };
  if (path === '' || path.includes('\0')) return refuse('expected the name of a file');
  let file: number;
  try {
    // A pipe without a writer would hold up a plain open for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return refuse('there is no such file');
    if (code === 'ENXIO' || code === 'ENODEV') return refuse('is not an ordinary file');
    return refuse(`cannot be read: ${reasonOf(error)}`);
  }
  try {
    const status = fstatSync(file);
    if (status.isDirectory()) return refuse('is a folder: expected a file');
    if (!status.isFile()) return refuse('is a device or a pipe: expected an ordinary file');
    return { file, size: status.size };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function filled(file: number, buffer: Uint8Array): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}

function sizeText(bytes: number): string {
  return bytes >= MEBIBYTE ? `${Math.round(bytes / MEBIBYTE)} MB` : `${Math.round(bytes / 1024)} KB`;
}
