import type { Chain } from '../market/chain.ts';
import type { OptionSeries } from '../market/instrument.ts';

/** The usual packages of two options. */
export const PACKAGES = ['straddle', 'risk-reversal', 'vertical', 'calendar'] as const;
export type Package = (typeof PACKAGES)[number];

/** The other leg of a package. */
export interface SecondLeg {
  readonly option: OptionSeries;
  /** True where it is bought with the first leg, false where one is bought and the other sold. */
  readonly sameSide: boolean;
}

/** Completes packages from the series that a customer came for. */
export class PackageLegs {
  readonly #chain: Chain;
  /** By expiry, strike and right. */
  readonly #series: ReadonlyMap<string, OptionSeries>;

  constructor(chain: Chain) {
    this.#chain = chain;
    this.#series = new Map(chain.options.map((option) => [keyOf(option.expiry, option.strike, option.right), option]));
  }

  /**
   * The second leg: for a straddle the other right at the strike; for a risk reversal the other right as far on the other side of the spot; for a
   * vertical the next strike out of the money; for a calendar the nearest strike of the next expiry, or of the one before the last.
   * Undefined where the chain has no such series, or only the first leg itself.
   */
  second(kind: Package, first: OptionSeries, spot: number): SecondLeg | undefined {
    const other = first.right === 'call' ? 'put' : 'call';
    if (kind === 'straddle') return this.#leg(first, first.expiry, first.strike, other, true);
    if (kind === 'risk-reversal') {
      const mirrored = nearest(this.#strikes(first.expiry), (spot * spot) / first.strike);
      // At the money a risk reversal is a synthetic forward: nobody calls that a view on skew.
      return mirrored === first.strike ? undefined : this.#leg(first, first.expiry, mirrored, other, false);
    }
    if (kind === 'vertical') {
      const strikes = this.#strikes(first.expiry);
      const next = strikes[strikes.indexOf(first.strike) + (first.right === 'call' ? 1 : -1)];
      return this.#leg(first, first.expiry, next, first.right, false);
    }
    const expiry = this.#chain.expiries[first.expiry + 1] === undefined ? first.expiry - 1 : first.expiry + 1;
    return this.#leg(first, expiry, nearest(this.#strikes(expiry), first.strike), first.right, false);
  }

  #strikes(expiry: number): readonly number[] {
    return this.#chain.expiries[expiry]?.strikes ?? [];
  }

  #leg(
    first: OptionSeries,
    expiry: number,
    strike: number | undefined,
    right: OptionSeries['right'],
    sameSide: boolean,
  ): SecondLeg | undefined {
    const option = strike === undefined ? undefined : this.#series.get(keyOf(expiry, strike, right));
    return option === undefined || option.id === first.id ? undefined : { option, sameSide };
  }
}

const keyOf = (expiry: number, strike: number, right: OptionSeries['right']): string => `${expiry} ${strike} ${right}`;

function nearest(strikes: readonly number[], to: number): number | undefined {
  let best: number | undefined;
  for (const strike of strikes) if (best === undefined || Math.abs(strike - to) < Math.abs(best - to)) best = strike;
  return best;
}
