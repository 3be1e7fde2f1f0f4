/**
 * The integers of the market side, each with its own type, so that a price cannot be passed where a size is meant.
 * The brands are free at run time. Reals (spot, strike, vol, years) stay plain `number`, with the unit in their name.
 */
declare const unit: unique symbol;
type Branded<Unit extends string> = number & { readonly [unit]: Unit };

/** Whole nanoseconds since the opening of the simulated market; exact up to 2^53, which is 104 days. */
export type Nanos = Branded<'Nanos'>;
/** A price, in whole ticks of its instrument. */
export type Ticks = Branded<'Ticks'>;
/** A size, in whole lots of its instrument. Signed where it is a position: positive is long. */
export type Lots = Branded<'Lots'>;
/** Whole units of account: millionths of a US dollar. Signed. */
export type Money = Branded<'Money'>;
/** Dense index of an instrument in its chain; 0 is the underlying. */
export type InstrumentId = Branded<'InstrumentId'>;
/** Dense index of a participant, in the order of the participants' names. */
export type AgentId = Branded<'AgentId'>;
/** Number of an order, unique within one run. */
export type OrderId = Branded<'OrderId'>;

export const NANOS_PER_SECOND = 1_000_000_000;
export const NANOS_PER_MILLI = 1_000_000;
export const SECONDS_PER_DAY = 86_400;
/** Pricing time is act/365 (decision 2), computed from nanoseconds here and nowhere else. */
export const SECONDS_PER_YEAR = 365 * SECONDS_PER_DAY;
export const NANOS_PER_YEAR = SECONDS_PER_YEAR * NANOS_PER_SECOND;
/** Units of {@link Money} in one US dollar. */
export const MONEY_PER_DOLLAR = 1_000_000;

function whole<B extends number>(value: number, name: string): B {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name} must be a whole number below 2^53, got ${value}`);
  // The one place where a plain number becomes a branded one after a check.
  return value as B;
}

/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const nanos = (value: number): Nanos => whole<Nanos>(value, 'nanos');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const ticks = (value: number): Ticks => whole<Ticks>(value, 'ticks');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const lots = (value: number): Lots => whole<Lots>(value, 'lots');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const money = (value: number): Money => whole<Money>(value, 'money');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const instrumentId = (value: number): InstrumentId => whole<InstrumentId>(value, 'instrument id');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const agentId = (value: number): AgentId => whole<AgentId>(value, 'agent id');
/** @throws RangeError when the value is not a safe integer: a bug of the caller. */
export const orderId = (value: number): OrderId => whole<OrderId>(value, 'order id');

/** Seconds to whole nanoseconds, to the nearest. */
export const nanosFromSeconds = (seconds: number): Nanos => nanos(Math.round(seconds * NANOS_PER_SECOND));
/** Milliseconds to whole nanoseconds, to the nearest. */
export const nanosFromMillis = (millis: number): Nanos => nanos(Math.round(millis * NANOS_PER_MILLI));
export const secondsFromNanos = (time: Nanos): number => time / NANOS_PER_SECOND;
/** Years (act/365) since the opening. */
export const yearsFromNanos = (time: Nanos): number => time / NANOS_PER_YEAR;
export const dollarsFromMoney = (amount: Money): number => amount / MONEY_PER_DOLLAR;
