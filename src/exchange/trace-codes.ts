import type { InstrumentId } from '../core/units.ts';
import type { CancelScope, FillCause, OrderRequest, OrderType, RejectReason } from '../market/order.ts';

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
  /** What was left of a limit order that met one of its owner's: self-trade prevention. Of other types it is `dropped`, as ever. */
  stopped: 6,
  /** Market-maker protection took it out. */
  protected: 7,
  /** Its owner lost its connection. */
  disconnected: 8,
  /** The venue's day ended, or its session. */
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
  'market-closed': 17,
};

/** The number of a reason: the `extra` of a `rejected` trace record. */
export const rejectCode = (reason: RejectReason): number => REJECT_CODES[reason];

const TYPE_CODES: Readonly<Record<OrderType, number>> = { limit: 0, ioc: 1, market: 2, fok: 3 };
const TYPES: readonly OrderType[] = ['limit', 'ioc', 'market', 'fok'];
const SELLER = 4;
const POST_CODES = { reject: 8, slide: 16 } as const;
const DAY = 32;

/** Type, side (4 for a seller), post-only mode and day flag of a new order: the `extra` of a `submitted` trace record. */
export const submitCode = (request: OrderRequest): number =>
  TYPE_CODES[request.type] +
  (request.side === 'sell' ? SELLER : 0) +
  (request.post === undefined ? 0 : POST_CODES[request.post]) +
  (request.day === true ? DAY : 0);

/** What {@link submitCode} gave a number for; undefined for any other number. */
export function submittedAs(code: number): Pick<OrderRequest, 'type' | 'side' | 'post' | 'day'> | undefined {
  const type = TYPES[code & 3];
  const { reject, slide } = POST_CODES;
  if (type === undefined || code !== (code & (3 + SELLER + reject + slide + DAY)) || (code & (reject + slide)) === reject + slide)
    return undefined;
  const post = (code & reject) !== 0 ? 'reject' : (code & slide) !== 0 ? 'slide' : undefined;
  return { type, side: (code & SELLER) === 0 ? 'buy' : 'sell', post, day: (code & DAY) !== 0 };
}

const SCOPE = { bids: 1, offers: 2, quotes: 4, orders: 8, instrument: 16, expiry: 32 } as const;

/** Which parts a scope has, and of sides and quotes which: the `extra` of a `cancellingAll` trace record. */
export const scopeCode = ({ instrument, expiry, side, quotes }: CancelScope): number =>
  (side === undefined ? 0 : side === 'buy' ? SCOPE.bids : SCOPE.offers) +
  (quotes === undefined ? 0 : quotes ? SCOPE.quotes : SCOPE.orders) +
  (instrument === undefined ? 0 : SCOPE.instrument) +
  (expiry === undefined ? 0 : SCOPE.expiry);

/** The scope that {@link scopeCode} gave a number for, with the instrument and the expiry that it names. */
export const scopeOf = (code: number, instrument: InstrumentId, expiry: number): CancelScope => ({
  side: (code & SCOPE.bids) !== 0 ? 'buy' : (code & SCOPE.offers) !== 0 ? 'sell' : undefined,
  quotes: (code & SCOPE.quotes) !== 0 ? true : (code & SCOPE.orders) !== 0 ? false : undefined,
  instrument: (code & SCOPE.instrument) !== 0 ? instrument : undefined,
  expiry: (code & SCOPE.expiry) !== 0 ? expiry : undefined,
});

const CAUSE_CODES: Readonly<Record<FillCause, number>> = { touch: 0, crossed: 1, swept: 2 };

/** The number of a cause: the `extra` of a `hit` trace record. */
export const causeCode = (cause: FillCause): number => CAUSE_CODES[cause];
