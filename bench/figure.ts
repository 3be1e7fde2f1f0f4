/** One measured number. */
export interface Figure {
  /** Dotted, by what is measured: `pricing.greeks`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same process on the same input. */
  readonly peer?: string;
  readonly peerValue?: number;
  /** `value` over `peerValue`. */
  readonly ratio?: number;
}
