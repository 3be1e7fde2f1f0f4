import { parse } from 'yaml';
import { InputError } from '../core/assert.ts';

/** A change of one value of a document, as `path=value` on the command line or in a variant. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly text: string;
}

/** Reads `agents.maker.size=2`. The value is YAML: numbers, booleans, text, `[1, 2]`. */
export function readOverride(text: string): Override {
  const equals = text.indexOf('=');
  const path = equals < 0 ? [] : text.slice(0, equals).trim().split('.');
  if (path.length === 0 || path.some((part) => part === '' || part === '__proto__' || part === 'constructor' || part === 'prototype')) {
    throw new InputError('--set', [{ path: text.slice(0, 80), message: 'expected path=value, such as agents.maker.size=2' }]);
  }
  const raw = text.slice(equals + 1);
  try {
    return { path, value: parse(raw, { maxAliasCount: 0, schema: 'core' }), text };
  } catch {
    throw new InputError('--set', [{ path: path.join('.'), message: `found ${raw.slice(0, 40)}, expected a value in YAML` }]);
  }
}

/** A copy of a document with the changes made, in order. Missing mappings on the way are made. */
export function withOverrides(document: unknown, overrides: readonly Override[]): unknown {
  let result = document;
  for (const override of overrides) result = assigned(result, override.path, override.value, override);
  return result;
}

function assigned(node: unknown, path: readonly string[], value: unknown, override: Override): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(node)) {
    const index = Number(head);
    if (!Number.isInteger(index) || index < 0 || index >= node.length) {
      throw new InputError('--set', [{ path: override.path.join('.'), message: `found index ${head}, expected 0 to ${node.length - 1}` }]);
    }
    return node.map((item: unknown, i) => (i === index ? assigned(item, rest, value, override) : item));
  }
  if (node !== undefined && (typeof node !== 'object' || node === null)) {
    throw new InputError('--set', [{ path: override.path.join('.'), message: `"${head}" lies inside a plain value` }]);
  }
  const entries = node === undefined ? {} : (node as Readonly<Record<string, unknown>>);
  const child = Object.hasOwn(entries, head) ? entries[head] : undefined;
  return { ...entries, [head]: assigned(child, rest, value, override) };
}
