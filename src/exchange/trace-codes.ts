import type { OrderRequest, RejectReason } from '../market/order.ts';

/** Why an order left its book or was dropped: the `extra` of a `removed` trace record. The numbers enter the trace hash. */
export const REMOVAL = {
  /** On its owner's request. */
  cancelled: 1,
  /** A replacement took over. */
  replaced: 2,
  /** The remainder of an IOC or market order, which never rested. */
  dropped: 3,
  /** Its owner would have traded with it: self-trade prevention. */
  prevented: 4,
  /** Its instrument expired. */
  expired: 5,
  /** Some of its lots, on its owner's request; the others rest on in their place. */
  reduced: 6,
} as const;

/** One of the numbers in `REMOVAL`. */
export type RemovalCause = (typeof REMOVAL)[keyof typeof REMOVAL];

const REJECT_CODES: Readonly<Record<RejectReason, number>> = {
  'unknown-order': 1,
  'not-owner': 2,
  'instrument-expired': 3,
  'lots-not-positive': 4,
  'lots-above-maximum': 5,
  'price-not-positive': 6,
  'too-many-orders': 7,
};

/** The number of a reason: the `extra` of a `rejected` trace record. */
export const rejectCode = (reason: RejectReason): number => REJECT_CODES[reason];

const TYPE_CODES = { limit: 0, ioc: 1, market: 2 } as const;

/** Type and side of a new order: the `extra` of a `submitted` trace record. */
export const submitCode = (request: OrderRequest): number => TYPE_CODES[request.type] + (request.side === 'sell' ? 4 : 0);
