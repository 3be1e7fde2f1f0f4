/**
 * The special functions that pricing, quoting and drawing need, in plain arithmetic over `Math.exp` and `Math.log`, so that their
 * bits do not depend on the version of Node. Accuracy against 60 digits, in test/core/special.test.ts: 3 ulps.
 */

const SQRT_HALF = Math.SQRT1_2;
const SQRT_HALF_PI = 1.2533141373155003;
const INVERSE_SQRT_PI = 0.5641895835477563;
const INVERSE_SQRT_TWO_PI = 0.3989422804014327;

// Where the rational approximations to erf and erfc of Cody (1969), Math. Comp. 23, 631–637, take over from one another.
const CENTRE_END = 0.46875;
const MIDDLE_END = 4;

/**
 * e^(scale·x²) without the rounding of x², which the exponential would magnify by x²: the square is split into its rounded value
 * and the remainder (Dekker 1971, Numer. Math. 18, 224–242).
 */
function expOfSquare(scale: -1 | -0.5 | 1, x: number): number {
  const square = x * x;
  const value = Math.exp(scale * square);
  if (!(value > 0 && value < Infinity)) return value;
  const t = 134217729 * x;
  const high = t - (t - x);
  const low = x - high;
  const rest = high * high - square + 2 * high * low + low * low;
  return value + value * (scale * rest);
}

/**
 * erf(x), for |x| ≤ 0.46875. Here and below Horner's rule is written out: loops over arrays of coefficients took twice as long, and
 * calls with coefficients as arguments are too long for the compiler to inline.
 */
function erfCentre(x: number): number {
  const u = x * x;
  const p = (((0.18577770618460315 * u + 3.1611237438705655) * u + 113.86415415105016) * u + 377.485237685302) * u + 3209.3775891384694;
  const q = (((u + 23.601290952344122) * u + 244.02463793444417) * u + 1282.6165260773723) * u + 2844.236833439171;
  return (x * p) / q;
}

/** e^(x²)·erfc(x), for x ≥ 0.46875. */
function erfcxTail(x: number): number {
  if (x <= MIDDLE_END) {
    const p =
      (((((((2.1531153547440383e-8 * x + 0.5641884969886701) * x + 8.883149794388377) * x + 66.11919063714163) * x + 298.6351381974001) *
        x +
        881.952221241769) *
        x +
        1712.0476126340707) *
        x +
        2051.0783778260716) *
        x +
      1230.3393547979972;
    const q =
      (((((((x + 15.744926110709835) * x + 117.6939508913125) * x + 537.1811018620099) * x + 1621.3895745666903) * x + 3290.7992357334597) *
        x +
        4362.619090143247) *
        x +
        3439.3676741437216) *
        x +
      1230.3393548037495;
    return p / q;
  }
  const u = 1 / (x * x);
  const p =
    ((((0.016315387137302097 * u + 0.30532663496123236) * u + 0.36034489994980445) * u + 0.12578172611122926) * u + 0.016083785148742275) *
      u +
    0.0006587491615298378;
  const q =
    ((((u + 2.568520192289822) * u + 1.8729528499234604) * u + 0.5279051029514285) * u + 0.06051834131244132) * u + 0.0023352049762686918;
  return (INVERSE_SQRT_PI - (u * p) / q) / x;
}

/** Complementary error function, 2/√π · ∫ₓ^∞ e^(−t²) dt. */
export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= CENTRE_END) return 1 - erfCentre(x);
  const tail = expOfSquare(-1, y) * erfcxTail(y);
  return x < 0 ? 2 - tail : tail;
}

/** Scaled complementary error function e^(x²)·erfc(x): no underflow on the right; Infinity from x ≈ −26.63 down. */
export function erfcx(x: number): number {
  const y = Math.abs(x);
  if (y <= CENTRE_END) return expOfSquare(1, x) * (1 - erfCentre(x));
  return x < 0 ? 2 * expOfSquare(1, y) - erfcxTail(y) : erfcxTail(y);
}

/** Density of the standard normal. */
export function normalPdf(x: number): number {
  return INVERSE_SQRT_TWO_PI * expOfSquare(-0.5, x);
}

/** P(Z ≤ x) of a standard normal, to full relative accuracy in the left tail; for the right tail ask for −x. */
export function normalCdf(x: number): number {
  // The exponent comes from x itself: x/√2 is rounded, and only the slowly varying factor may see that.
  const y = Math.abs(x) * SQRT_HALF;
  if (y <= CENTRE_END) return 0.5 + 0.5 * erfCentre(x * SQRT_HALF);
  const tail = 0.5 * expOfSquare(-0.5, x) * erfcxTail(y);
  return x < 0 ? tail : 1 - tail;
}

/** Mills' ratio P(Z > x) / density(x) of a standard normal: about 1/x for large x, Infinity from x ≈ −38 down. */
export function millsRatio(x: number): number {
  if (x >= 0) return millsRatioRight(x);
  const y = x * SQRT_HALF;
  return y >= -CENTRE_END ? SQRT_HALF_PI * erfcx(y) : normalCdf(-x) / normalPdf(x);
}

/** {@link millsRatio} for x ≥ 0, for those who know: short enough to be compiled into its callers. */
export function millsRatioRight(x: number): number {
  const y = x * SQRT_HALF;
  return SQRT_HALF_PI * (y <= CENTRE_END ? expOfSquare(1, y) * (1 - erfCentre(y)) : erfcxTail(y));
}

/**
 * Quantile of the standard normal: the x with P(Z ≤ x) = p. −Infinity at 0 and Infinity at 1.
 * @throws RangeError when p is not in [0, 1]: a bug of the caller.
 */
export function inverseNormalCdf(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability must lie in [0, 1], got ${p}`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return quantileCentre(q);
  const tail = q < 0 ? p : 1 - p;
  const x = tail === 0 ? Infinity : quantileTail(Math.sqrt(-Math.log(tail)));
  return q < 0 ? -x : x;
}

// Wichura (1988), Appl. Statist. 37, 477–484, algorithm AS 241, routine PPND16.
/** Φ⁻¹(½ + q), for |q| ≤ 0.425. */
function quantileCentre(q: number): number {
  const u = 0.180625 - q * q;
  const top =
    ((((((2509.0809287301227 * u + 33430.57558358813) * u + 67265.7709270087) * u + 45921.95393154987) * u + 13731.69376550946) * u +
      1971.5909503065513) *
      u +
      133.14166789178438) *
      u +
    3.3871328727963665;
  const bottom =
    ((((((5226.495278852854 * u + 28729.085735721943) * u + 39307.89580009271) * u + 21213.794301586597) * u + 5394.196021424751) * u +
      687.1870074920579) *
      u +
      42.31333070160091) *
      u +
    1;
  return (q * top) / bottom;
}

/** −Φ⁻¹(p), `root` = √(−ln p), for p < 0.075. */
function quantileTail(root: number): number {
  if (root <= 5) {
    const u = root - 1.6;
    const top =
      ((((((0.0007745450142783414 * u + 0.022723844989269184) * u + 0.2417807251774506) * u + 1.2704582524523684) * u +
        3.6478483247632045) *
        u +
        5.769497221460691) *
        u +
        4.630337846156546) *
        u +
      1.4234371107496835;
    const bottom =
      ((((((1.0507500716444169e-9 * u + 0.0005475938084995345) * u + 0.015198666563616457) * u + 0.14810397642748008) * u +
        0.6897673349851) *
        u +
        1.6763848301838038) *
        u +
        2.053191626637759) *
        u +
      1;
    return top / bottom;
  }
  const u = root - 5;
  const top =
    ((((((2.0103343992922881e-7 * u + 2.7115555687434876e-5) * u + 0.0012426609473880784) * u + 0.026532189526576124) * u +
      0.29656057182850487) *
      u +
      1.7848265399172913) *
      u +
      5.463784911164114) *
      u +
    6.657904643501103;
  const bottom =
    ((((((2.0442631033899397e-15 * u + 1.421511758316446e-7) * u + 1.8463183175100548e-5) * u + 0.0007868691311456133) * u +
      0.014875361290850615) *
      u +
      0.1369298809227358) *
      u +
      0.599832206555888) *
      u +
    1;
  return top / bottom;
}

/**
 * Lambert's W, principal branch: the w ≥ 0 with w·e^w = x, for x ≥ 0.
 * Two steps of fourth order (Fritsch, Shafer and Crowley 1973, Comm. ACM 16, 123–124) from Winitzki's uniform guess (2003).
 * @throws RangeError when x < 0 or NaN: a bug of the caller.
 */
export function lambertW(x: number): number {
  if (!(x >= 0)) throw new RangeError(`lambertW needs x >= 0, got ${x}`);
  if (x < 1e-8) return x - x * x;
  if (x === Infinity) return x;
  const guess = lambertGuess(Math.log(1 + x));
  const w = lambertStep(guess, Math.log(x / guess) - guess);
  return lambertStep(w, Math.log(x / w) - w);
}

/**
 * W(e^y), the w > 0 with w + ln w = y: for exponents that would overflow.
 * @throws RangeError when y is NaN: a bug of the caller.
 */
export function lambertWExp(y: number): number {
  if (y <= 1) return lambertW(Math.exp(y));
  if (y === Infinity) return y;
  if (!(y > 1)) throw new RangeError(`lambertWExp needs a number, got ${y}`);
  const guess = lambertGuess(y < 40 ? Math.log(1 + Math.exp(y)) : y);
  const w = lambertStep(guess, y - Math.log(guess) - guess);
  return lambertStep(w, y - Math.log(w) - w);
}

/** W(x) within some 2 % for every x ≥ 0, `log` = ln(1 + x). */
function lambertGuess(log: number): number {
  return log * (1 - Math.log(1 + log) / (2 + log));
}

/** One step from `w`, of which `z` = ln(x/w) − w says how far it is off. */
function lambertStep(w: number, z: number): number {
  const q = 2 * (1 + w) * (1 + w + (2 / 3) * z);
  return w * (1 + (z / (1 + w)) * (1 + z / (q - 2 * z)));
}
