const view = new DataView(new ArrayBuffer(8));

/** Sign, exponent and upper 20 bits of the fraction of an IEEE 754 double, as an unsigned 32-bit number. */
export function highWord(value: number): number {
  view.setFloat64(0, value);
  return view.getUint32(0);
}

/** Lower 32 bits of the fraction of an IEEE 754 double, unsigned. */
export function lowWord(value: number): number {
  view.setFloat64(0, value);
  return view.getUint32(4);
}

/** The double whose two halves {@link highWord} and {@link lowWord} gave, to the last bit. */
export function doubleOf(high: number, low: number): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}
