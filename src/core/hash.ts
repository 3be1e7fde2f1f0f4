/** 32-bit FNV-1a of a text's UTF-16 units, finished with {@link mix32}: names become numbers that no list order can move. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return mix32(hash);
}

/** Finaliser of MurmurHash3 (Appleby, public domain constants): each input bit moves each output bit. Unsigned 32 bits. */
export function mix32(value: number): number {
  return mixed(value) >>> 0;
}

/** {@link mix32} as a signed number: those are passed from function to function as they are, unsigned ones above 2^31 as objects. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Mixes a second number into a hash; not symmetric. Integers up to 2^53 count with all their bits. */
export function combineHash(hash: number, value: number): number {
  const low = value | 0;
  const high = Math.floor(value / 4_294_967_296) | 0;
  return mixed(Math.imul(mixed(mixed(hash) ^ low), 5) + 0x165667b1 + high) >>> 0;
}
