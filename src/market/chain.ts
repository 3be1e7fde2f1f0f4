import { invariant } from '../core/assert.ts';
import { type InstrumentId, instrumentId, type Money } from '../core/units.ts';
import { type Instrument, moneyPerTickLot, type OptionSeries, type Perpetual, type Right } from './instrument.ts';
import type { TickTable } from './tick-table.ts';

/** One expiry of a chain. */
export interface Expiry {
  readonly index: number;
  /** Name for the reader, such as `30d` or `27MAR26`. */
  readonly label: string;
  /** Years (act/365) from the opening to the expiry. */
  readonly years: number;
  /** Annual carry: forward = spot · e^(carry · years left). */
  readonly carry: number;
  /** Strictly increasing, in dollars. */
  readonly strikes: readonly number[];
}

/** The underlying and its options. Ids are dense: 0 is the underlying, then by expiry, strike, call before put. */
export interface Chain {
  readonly underlying: Perpetual;
  readonly expiries: readonly Expiry[];
  readonly options: readonly OptionSeries[];
  /** All instruments; `instruments[id]` has that id. */
  readonly instruments: readonly Instrument[];
}

/** What a chain is made from. */
export interface ChainSpec {
  readonly symbol: string;
  readonly underlying: { readonly tickSize: number; readonly lotSize: number };
  readonly options: { readonly tickSize: number; readonly lotSize: number; readonly tickTable?: TickTable };
  readonly expiries: readonly Omit<Expiry, 'index'>[];
}

/** @throws InvariantError when expiries or strikes do not increase: the scenario parser has checked them. */
export function buildChain(spec: ChainSpec): Chain {
  const expiries = spec.expiries.map((expiry, index): Expiry => ({ ...expiry, index }));
  invariant(
    expiries.every((e, i) => e.years > (expiries[i - 1]?.years ?? 0)),
    'expiries must increase',
  );
  const underlying: Perpetual = {
    kind: 'perpetual',
    id: instrumentId(0),
    symbol: `${spec.symbol}-PERP`,
    currency: 'USD',
    tickSize: spec.underlying.tickSize,
    lotSize: spec.underlying.lotSize,
    moneyPerTickLot: moneyPerTickLot(spec.underlying.tickSize, spec.underlying.lotSize),
    tickTable: [],
  };
  const perTickLot = moneyPerTickLot(spec.options.tickSize, spec.options.lotSize);
  const options: OptionSeries[] = [];
  for (const expiry of expiries) {
    invariant(
      expiry.strikes.every((k, i) => k > (expiry.strikes[i - 1] ?? 0)),
      () => `strikes of ${expiry.label} must increase`,
    );
    for (const strike of expiry.strikes) {
      for (const right of ['call', 'put'] as const) {
        options.push(optionSeries(spec, expiry, strike, right, instrumentId(options.length + 1), perTickLot));
      }
    }
  }
  return { underlying, expiries, options, instruments: [underlying, ...options] };
}

function optionSeries(spec: ChainSpec, expiry: Expiry, strike: number, right: Right, id: InstrumentId, perTickLot: Money): OptionSeries {
  return {
    kind: 'option',
    id,
    symbol: `${spec.symbol}-${expiry.label}-${strike}-${right === 'call' ? 'C' : 'P'}`,
    currency: 'USD',
    tickSize: spec.options.tickSize,
    lotSize: spec.options.lotSize,
    moneyPerTickLot: perTickLot,
    tickTable: spec.options.tickTable ?? [],
    right,
    strike,
    expiry: expiry.index,
  };
}
