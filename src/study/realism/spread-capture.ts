import { MARKOUT_SECONDS } from '../../sim/markouts.ts';
import type { MarkoutSample } from './market-samples.ts';

/** A fill of a quote. Dollars per unit. */
export interface QuoteFill {
  readonly counterparty: string;
  readonly instrument: number;
  /** +1 where the quote bought. */
  readonly sign: 1 | -1;
  readonly units: number;
  readonly price: number;
  readonly fair: number;
  /** Of the book at the world step before; undefined where it had one side only. */
  readonly mid: number | undefined;
  /** Of all units, dollars per point of vol. */
  readonly vega: number;
  readonly delta: number;
  readonly spot: number;
  /** World step. */
  readonly step: number;
}

/** What quotes captured against the fair value at their fills, and what was kept of it later, over the same fills at each horizon. */
export class SpreadCapture {
  readonly #stepSeconds: number;
  readonly #rows = new Map<string, { -readonly [K in keyof MarkoutSample]: MarkoutSample[K] }>();
  #pending: { readonly fill: QuoteFill; next: number }[] = [];

  constructor(stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
  }

  note(fill: QuoteFill): void {
    this.#pending.push({ fill, next: 0 });
  }

  /** A settled series has no later value: what was not judged yet never is. */
  settled(instrument: number): void {
    this.#pending = this.#pending.filter(({ fill }) => fill.instrument !== instrument);
  }

  /** Judges what is due. `fairOf` gives an option's fair value now. */
  step(step: number, spot: number, fairOf: (instrument: number) => number): void {
    for (const pending of this.#pending) {
      for (;;) {
        const seconds = MARKOUT_SECONDS[pending.next];
        if (seconds === undefined || step < pending.fill.step + Math.ceil(seconds / this.#stepSeconds)) break;
        this.#judge(pending.fill, seconds, spot, fairOf(pending.fill.instrument));
        pending.next += 1;
      }
    }
    this.#pending = this.#pending.filter(({ next }) => next < MARKOUT_SECONDS.length);
  }

  #judge(fill: QuoteFill, seconds: number, spot: number, later: number): void {
    const { counterparty, sign, units, price, fair, mid, vega, delta, spot: before } = fill;
    const key = `${seconds} ${counterparty}`;
    const row = this.#rows.get(key) ?? { counterparty, seconds, vega: 0, captured: 0, kept: 0, quoted: 0, keptOfQuoted: 0 };
    row.vega += vega;
    row.captured += sign * (fair - price) * units;
    const kept = sign * (later - price - delta * (spot - before)) * units;
    row.kept += kept;
    if (mid !== undefined) {
      row.quoted += sign * (mid - price) * units;
      row.keptOfQuoted += kept;
    }
    this.#rows.set(key, row);
  }

  samples(): MarkoutSample[] {
    return [...this.#rows.values()].map((row) => ({ ...row }));
  }
}
