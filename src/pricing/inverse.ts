import { blackTerms, blankBlackTerms, type Contract } from './black-scholes.ts';

/**
 * Value and sensitivities of a coin-settled (inverse) option on one coin, F being the forward in dollars and c the premium in coin.
 * What holds dollars is at the forward; `usdFromCoin` converts.
 */
export interface InverseValue {
  /** Premium c in coin: Black's undiscounted price over F. */
  priceCoin: number;
  /** The same in dollars at the forward: c·F. */
  priceUsd: number;
  /** ∂(c·F)/∂F = f·N(f·d₁): coins to hold for one option sold against dollars. Black's delta, and the one that Deribit publishes. */
  deltaUsd: number;
  /**
   * deltaUsd − c = F·∂c/∂F = f·(K/F)·N(f·d₂), the premium-adjusted delta: exposure in coin of one who holds the option and has paid its
   * premium in coin. A futures hedge of an account kept in coin is sized by it.
   */
  deltaCoinNet: number;
  /** ∂deltaUsd/∂F: coins per dollar. */
  gammaUsd: number;
  /** ∂deltaCoinNet/∂F = gammaUsd − deltaCoinNet/F: coins per dollar. */
  gammaCoinNet: number;
  /** ∂c/∂σ: coin per 1.00 of vol. */
  vegaCoin: number;
  /** −∂c/∂T at constant F: coin per calendar year passing. */
  thetaCoin: number;
}

const TERMS = blankBlackTerms();

/**
 * Values a European option whose premium and payoff are in coin, as on Deribit: max(0, ±(F_T − K))/F_T coins at expiry.
 *
 * Under the measure of the coin that payoff is worth Black(F, K, σ, T)/F, undiscounted: what discounts dollars cancels against the
 * forward that it stands in. Source: Alexander, Chen and Imeraj (2023), Crypto quanto and inverse options, Math. Finance 33; checked against
 * the exchange's marks and deltas (test/pricing/inverse.test.ts: median error of the mark 0.03 to 0.09 %, of delta 1e-3, which
 * is the age of the future's price beside them).
 * Limits at `years` = 0 or `vol` = 0 as in `greeks`.
 * @param forward dollars per coin for delivery at expiry; the strike of `contract` is in dollars too.
 * @throws RangeError on forward or strike ≤ 0, years or vol < 0 or anything not finite: a bug of the caller.
 */
export function inverseValue(contract: Contract, forward: number, vol: number): InverseValue {
  const { sign, rootYears, stdev, density, spotLeg, strikeLeg } = blackTerms(contract, { spot: forward, vol, rate: 0, yield: 0 }, TERMS);
  const priceUsd = Math.max(0, sign * (spotLeg - strikeLeg));
  const gammaUsd = density === 0 ? 0 : density / forward / (forward * stdev);
  const deltaCoinNet = (sign * strikeLeg) / forward;
  return {
    priceCoin: priceUsd / forward,
    priceUsd,
    deltaUsd: (sign * spotLeg) / forward,
    deltaCoinNet,
    gammaUsd,
    gammaCoinNet: gammaUsd - deltaCoinNet / forward,
    vegaCoin: (density * rootYears) / forward,
    thetaCoin: density === 0 ? 0 : (-density * vol) / (2 * rootYears) / forward,
  };
}

/** Dollars that an amount in coin is worth at a price of the coin in dollars. Exchanges show premiums at the index, Black at the forward. */
export function usdFromCoin(coins: number, dollarsPerCoin: number): number {
  return coins * dollarsPerCoin;
}

/** Coins that an amount in dollars is worth at a price of the coin in dollars. */
export function coinFromUsd(dollars: number, dollarsPerCoin: number): number {
  return dollars / dollarsPerCoin;
}
