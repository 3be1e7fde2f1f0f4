import type { FillCause, OrderRequest, RejectReason } from '../market/order.ts';

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
  /** What was left of a taker that met its owner's order: self-trade prevention. */
  stopped: 6,
  /** Market-maker protection took it out. */
  protected: 7,
  /** Its owner lost its connection. */
  disconnected: 8,
  /** The venue's day ended. */
  dayEnded: 9,
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
  'not-listed': 8,
  'price-off-tick': 9,
  'price-outside-band': 10,
  'would-trade': 11,
  'too-many-requests': 12,
  'quote-crosses-itself': 13,
  'protection-frozen': 14,
  'not-connected': 15,
  'series-quoted-twice': 16,
};

/** The number of a reason: the `extra` of a `rejected` trace record. */
export const rejectCode = (reason: RejectReason): number => REJECT_CODES[reason];

const TYPE_CODES = { limit: 0, ioc: 1, market: 2, fok: 3 } as const;
const POST_CODES = { reject: 8, slide: 16 } as const;
const DAY = 32;

/** Type, side (4 for a seller), post-only mode and day flag of a new order: the `extra` of a `submitted` trace record. */
export const submitCode = (request: OrderRequest): number =>
  TYPE_CODES[request.type] +
  (request.side === 'sell' ? 4 : 0) +
  (request.post === undefined ? 0 : POST_CODES[request.post]) +
  (request.day === true ? DAY : 0);

const CAUSE_CODES: Readonly<Record<FillCause, number>> = { touch: 0, crossed: 1, swept: 2 };

/** The number of a cause: the `extra` of a `hit` trace record. */
export const causeCode = (cause: FillCause): number => CAUSE_CODES[cause];
