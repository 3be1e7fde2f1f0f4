/**
 * Order of events at one nanosecond (the kernel's `tie`): first the world moves, then messages and wake-ups in the order in which they
 * were scheduled, then requests at the exchange, in an order drawn per instant and sender.
 */
export const TIE_WORLD = 0;
export const TIE_DELIVERY = 1;
export const TIE_REQUEST_MINIMUM = 2;
