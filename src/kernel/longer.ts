/** Copies a typed array to the start of a longer one, and returns that: how arrays that double grow. */
export function longer<A extends Float64Array | Int32Array | Uint32Array | Uint8Array>(old: A, blank: A): A {
  blank.set(old);
  return blank;
}
