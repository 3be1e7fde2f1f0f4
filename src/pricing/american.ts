import type { Conditions, Contract } from './black-scholes.ts';

/** Odd, as the tree asks for; about one to two, so that twice the finer less the coarser cancels the error in 1/steps. */
const STEPS_FINE = 101;
const STEPS_COARSE = 51;

const values = new Float64Array(STEPS_FINE + 1);
const held = new Float64Array(STEPS_FINE + 1);

/**
 * What the right to exercise early adds to the value of an option, ≥ 0, in the currency of the spot: American less European value
 * on one and the same tree of Leisen and Reimer (1996, Peizer–Pratt inversion 2), whose errors nearly cancel in the difference; of two
 * trees extrapolated to infinitely many steps (Richardson).
 *
 * Dividends are a continuous yield. A fund that pays a few times a year has its calls exercised just before such a day, which this
 * spreads over the life of the option.
 * Accuracy (test/pricing/american.test.ts): up to a quarter of a year within 5e-6 of the strike, up to a year within 2e-4.
 * Limits: 0 at `years` = 0 or `vol` = 0, where the caller's option is not worth a tree.
 */
export function earlyExercisePremium({ right, strike, years }: Contract, { spot, vol, rate, yield: dividendYield }: Conditions): number {
  const stdev = vol * Math.sqrt(years);
  if (!(stdev > 0)) return 0;
  const sign = right === 'call' ? 1 : -1;
  // Without interest on the strike a put, and without dividends a call, is never exercised early.
  if ((right === 'put' && rate <= 0) || (right === 'call' && dividendYield <= 0 && rate >= 0)) return 0;
  const at = (steps: number): number => treePremium(sign, strike, years, spot, stdev, rate, dividendYield, steps);
  return Math.max(0, (STEPS_FINE * at(STEPS_FINE) - STEPS_COARSE * at(STEPS_COARSE)) / (STEPS_FINE - STEPS_COARSE));
}

function treePremium(
  sign: 1 | -1,
  strike: number,
  years: number,
  spot: number,
  stdev: number,
  rate: number,
  dividendYield: number,
  count: number,
): number {
  const step = years / count;
  const growth = Math.exp((rate - dividendYield) * step);
  const discount = Math.exp(-rate * step);
  const d2 = (Math.log(spot / strike) + (rate - dividendYield) * years) / stdev - stdev / 2;
  const p = peizerPratt(d2, count);
  const up = (growth * peizerPratt(d2 + stdev, count)) / p;
  const down = (growth - p * up) / (1 - p);
  // Far in a wing every path ends on one side, and the probabilities round to 0 or 1.
  if (!(p > 0 && p < 1 && down > 0)) return 0;
  const ratio = up / down;
  let lowest = spot * Math.exp(count * Math.log(down));
  let price = lowest;
  for (let i = 0; i <= count; i += 1) {
    const payoff = Math.max(0, sign * (price - strike));
    values[i] = payoff;
    held[i] = payoff;
    price *= ratio;
  }
  const [onUp, onDown] = [discount * p, discount * (1 - p)];
  for (let steps = count - 1; steps >= 0; steps -= 1) {
    lowest /= down;
    price = lowest;
    for (let i = 0; i <= steps; i += 1) {
      held[i] = onUp * held[i + 1]! + onDown * held[i]!;
      values[i] = Math.max(onUp * values[i + 1]! + onDown * values[i]!, sign * (price - strike));
      price *= ratio;
    }
  }
  return values[0]! - held[0]!;
}

/** Probability of a tree with an odd number of steps that matches N(z) to second order. */
function peizerPratt(z: number, count: number): number {
  const scaled = z / (count + 1 / 3 + 0.1 / (count + 1));
  return 0.5 + (Math.sign(z) / 2) * Math.sqrt(1 - Math.exp(-scaled * scaled * (count + 1 / 6)));
}
