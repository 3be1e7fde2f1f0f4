import type { z } from 'zod';
import type { Path } from './shown.ts';

type Schema = z.core.$ZodType;

/**
 * The keys that a schema knows for the mapping at a path, in the schema's order; empty where it takes any key. Optional, default,
 * lazy and transformed schemas are seen through. Of a union, the alternatives whose literal fields agree with the value count, and
 * all of them where none does.
 */
export function knownKeys(schema: Schema, path: Path, value: unknown): string[] {
  let schemas = structures(schema);
  let at = value;
  for (const step of path) {
    schemas = agreeing(schemas, at)
      .flatMap((each) => stepInto(each, step))
      .flatMap(structures);
    at = entry(at, step);
  }
  return [...new Set(agreeing(schemas, at).flatMap(keysOf))];
}

/** What stands at a path of a plain value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(entry, value);
}

function entry(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  // A plain container that owns the key: what it holds is unknown, and typed so.
  return (value as Record<string | number, unknown>)[step];
}

/** The definition inside a schema, as a closed union that a `switch` can narrow. */
function definition(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  // Every schema made by zod is one of its own kinds; the base type merely does not say so.
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema without its wrappers; each alternative of a union for itself. */
function structures(schema: Schema): Schema[] {
  const def = definition(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return structures(def.innerType);
    case 'lazy':
      return structures(def.getter());
    case 'pipe':
      return structures(definition(def.in).type === 'transform' ? def.out : def.in);
    case 'union':
      return def.options.flatMap(structures);
    case 'intersection':
      return [...structures(def.left), ...structures(def.right)];
    default:
      return [schema];
  }
}

function stepInto(schema: Schema, step: string | number): Schema[] {
  const def = definition(schema);
  switch (def.type) {
    case 'object': {
      const field = Object.hasOwn(def.shape, step) ? def.shape[step] : def.catchall;
      return field === undefined ? [] : [field];
    }
    case 'record':
      return [def.valueType];
    case 'array':
      return [def.element];
    case 'tuple': {
      const item = typeof step === 'number' ? (def.items[step] ?? def.rest) : undefined;
      return item == null ? [] : [item];
    }
    default:
      return [];
  }
}

function keysOf(schema: Schema): string[] {
  const def = definition(schema);
  if (def.type === 'object') return Object.keys(def.shape);
  if (def.type === 'record') return [...(def.keyType._zod.values ?? [])].map(String);
  return [];
}

/** Those whose literal fields agree with the value; all where none does. */
function agreeing(schemas: readonly Schema[], value: unknown): readonly Schema[] {
  const fitting = schemas.filter((schema) => literalsAgree(schema, value));
  return fitting.length > 0 ? fitting : schemas;
}

function literalsAgree(schema: Schema, value: unknown): boolean {
  const def = definition(schema);
  if (def.type !== 'object') return true;
  return Object.entries(def.shape).every(([key, field]) => {
    const allowed = field._zod.values;
    const found = entry(value, key);
    // A value set holds primitives only; a container is in none.
    return allowed === undefined || found === undefined || allowed.has(found as z.core.util.Primitive);
  });
}
