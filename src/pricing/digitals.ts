import { blackTerms, blankBlackTerms, type Conditions, type Contract } from './black-scholes.ts';

/** Value of a digital option, and its sensitivity to the spot. */
export interface DigitalValue {
  price: number;
  /** Price per 1 of spot. */
  delta: number;
}

const TERMS = blankBlackTerms();

/**
 * Cash-or-nothing option: pays 1 unit of currency at expiry if the underlying ends above the strike (call) or below it (put).
 *
 *   price = D·N(f·d₂)        delta = f·D·n(d₂)/(S·s)
 *
 * Source: Reiner and Rubinstein (1991), Unscrambling the binary code, Risk 4(9), 75–83; Haug (2007), 4.19.2.
 * Limits: where vol·√years counts as zero, D, 0, or D/2 exactly at the kink, where the true delta is infinite; delta is 0 there and
 *   everywhere, so that sums stay finite.
 * Accuracy (test/pricing/higher-greeks.test.ts): relative error ≤ 1e-12 on 2000 rows of 60 digits.
 * @throws RangeError as `greeks` does.
 */
export function cashOrNothing(contract: Contract, at: Conditions): DigitalValue {
  const { sign, stdev, density, strikeLeg } = blackTerms(contract, at, TERMS);
  const { strike } = contract;
  return { price: strikeLeg / strike, delta: density === 0 ? 0 : (sign * density) / strike / (at.spot * stdev) };
}

/**
 * Asset-or-nothing option: pays one unit of the underlying at expiry if it ends above the strike (call) or below it (put).
 *
 *   price = S·Q·N(f·d₁)      delta = Q·N(f·d₁) + f·Q·n(d₁)/s
 *
 * Source: Cox and Rubinstein (1985), Options markets; Haug (2007), 4.19.3. Limits and accuracy as of {@link cashOrNothing}.
 * A vanilla call is this less `strike` cash-or-nothing calls.
 * @throws RangeError as `greeks` does.
 */
export function assetOrNothing(contract: Contract, at: Conditions): DigitalValue {
  const { sign, stdev, density, spotLeg } = blackTerms(contract, at, TERMS);
  return { price: spotLeg, delta: spotLeg / at.spot + (density === 0 ? 0 : (sign * density) / at.spot / stdev) };
}
