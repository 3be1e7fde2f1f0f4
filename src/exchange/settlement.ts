import { MONEY_PER_DOLLAR, type Money, money } from '../core/units.ts';
import type { OptionSeries } from '../market/instrument.ts';
import { deliveryFeePerLot, type FeeSchedule } from './rules.ts';

/** What a series pays out, and what the venue takes of each holder for it: per lot. */
export interface SettlementTerms {
  readonly moneyPerLot: Money;
  readonly feePerLot: Money;
}

/** The terms of a series at a settlement price of the underlying, in dollars: its intrinsic value, to the nearest unit. */
export function settlementTerms(option: OptionSeries, indexDollars: number, fees: FeeSchedule): SettlementTerms {
  const intrinsic = Math.max(0, option.right === 'call' ? indexDollars - option.strike : option.strike - indexDollars);
  const moneyPerLot = money(Math.round(intrinsic * option.lotSize * MONEY_PER_DOLLAR));
  return { moneyPerLot, feePerLot: deliveryFeePerLot(option, moneyPerLot, indexDollars, fees) };
}
