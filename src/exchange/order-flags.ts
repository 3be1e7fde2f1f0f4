import type { OrderRequest } from '../market/order.ts';

/** What the exchange remembers of a resting order beside its place in the book: bits of a small number. */
export const FLAG = { day: 1, quote: 2, postReject: 4, postSlide: 8 } as const;

/** The flags that a request asks for. */
export function flagsOf(request: OrderRequest): number {
  const post = request.post === undefined ? 0 : request.post === 'reject' ? FLAG.postReject : FLAG.postSlide;
  return post + (request.day === true ? FLAG.day : 0);
}

/** The post-only mode that stands in flags. */
export function postOf(flags: number): OrderRequest['post'] {
  if ((flags & FLAG.postReject) !== 0) return 'reject';
  return (flags & FLAG.postSlide) === 0 ? undefined : 'slide';
}
