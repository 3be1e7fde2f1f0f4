/**
 * Numbers as text of a fixed width, so that nothing on the screen moves but the digits. A number that does not fit loses
 * decimals first, then is written in thousands, millions or billions; one that is unknown is a dot.
 */
const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const UNKNOWN = '·';

/** Right-aligned in `width` cells with at most `decimals` decimals. */
export function fixed(value: number | undefined, width: number, decimals: number): string {
  return aligned(value, width, decimals, '');
}

/** Like {@link fixed}, with a plus sign on what is above 0. */
export function signed(value: number | undefined, width: number, decimals: number): string {
  return aligned(value, width, decimals, '+');
}

/** A share such as a vol, 0.5231, in percent: ` 52.31`. The column's heading carries the sign. */
export const percent = (value: number | undefined, width: number, decimals: number): string =>
  fixed(value === undefined ? undefined : value * 100, width, decimals);

/** Whole numbers, in groups of three while they fit. */
export function count(value: number, width: number): string {
  const text = grouped(value, 0);
  return text.length <= width ? text.padStart(width) : fixed(value, width, 1);
}

/** An amount in dollars with sign and groups: `+12,345.67`. */
export function dollars(value: number, width: number, decimals = 2): string {
  if (!Number.isFinite(value)) return UNKNOWN.padStart(width);
  for (let places = decimals; places >= 0; places--) {
    const text = signOf(value, places, '+') + grouped(Math.abs(value), places);
    if (text.length <= width) return text.padStart(width);
  }
  return signed(value, width, 1);
}

/** A price with groups, no sign: `70,012.5`. */
export function price(value: number | undefined, width: number, decimals: number): string {
  if (value === undefined || !Number.isFinite(value)) return UNKNOWN.padStart(width);
  const text = (value < 0 ? '-' : '') + grouped(Math.abs(value), decimals);
  return text.length <= width ? text.padStart(width) : fixed(value, width, decimals);
}

/** Simulated seconds as `hh:mm:ss`, with days in front once there are any. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-9));
  const days = Math.floor(whole / 86_400);
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days === 0 ? time : `${days}d ${time}`;
}

/** A span of time for a heading: `30 s`, `5 min`, `2 h`, `30 d`. */
export function span(seconds: number): string {
  const [size, name] = seconds < 60 ? [1, 's'] : seconds < 3600 ? [60, 'min'] : seconds < 86_400 ? [3600, 'h'] : [86_400, 'd'];
  return `${Number((seconds / size).toFixed(1))} ${name}`;
}

/** Decimals for prices of a market: some five to six digits of the spot price. */
export function priceDecimals(spot: number): number {
  if (!(spot > 0)) return 2;
  return Math.min(6, Math.max(0, 5 - Math.floor(Math.log10(spot))));
}

function aligned(value: number | undefined, width: number, decimals: number, plus: string): string {
  if (value === undefined || Number.isNaN(value)) return UNKNOWN.padStart(width);
  if (!Number.isFinite(value)) return `${value < 0 ? '-' : plus}∞`.padStart(width);
  for (let step = 0; step < SUFFIXES.length; step++) {
    const scaled = value / Number(`1e${3 * step}`);
    for (let places = step === 0 ? decimals : Math.max(1, Math.min(decimals, 2)); places >= 0; places--) {
      const text = signOf(scaled, places, plus) + Math.abs(scaled).toFixed(places) + (SUFFIXES[step] ?? '');
      if (text.length <= width) return text.padStart(width);
    }
  }
  return '#'.repeat(width);
}

/** No sign on what rounds to 0, so that a figure does not flicker between `-0.0` and `+0.0`. */
function signOf(value: number, decimals: number, plus: string): string {
  if (Number(Math.abs(value).toFixed(decimals)) === 0) return '';
  return value < 0 ? '-' : plus;
}

function grouped(value: number, decimals: number): string {
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}
