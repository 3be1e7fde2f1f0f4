import type { InstrumentId, Lots } from '../core/units.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Side, signOf } from '../market/order.ts';

/** Seconds after a fill at which it is judged. */
export const MARKOUT_SECONDS = [1, 10, 60, 300, 1800] as const;

/** Mean markouts of the fills against one class of counterparty, in dollars per contract. */
export interface MarkoutSummary {
  readonly counterparty: string;
  readonly seconds: number;
  readonly fills: number;
  readonly contracts: number;
  /** (fair value later − price) · side; after a settlement, its payout. */
  readonly raw: number;
  /** The same less delta at the fill times the spot's move. */
  readonly hedged: number;
}

interface Fill {
  readonly counterparty: string;
  readonly instrument: InstrumentId;
  readonly sign: number;
  readonly units: number;
  readonly price: number;
  readonly spot: number;
  readonly delta: number;
  readonly atStep: number;
  /** Payout per unit and spot at its settlement: from then on nothing of it moves. */
  end: { readonly fair: number; readonly spot: number } | undefined;
  next: number;
}

interface Sums {
  fills: number;
  contracts: number;
  raw: number;
  hedged: number;
}

/** Judges the option fills of one agent against later fair values, by class of counterparty (models 4f). */
export class Markouts {
  readonly #stepSeconds: number;
  readonly #fills: Fill[] = [];
  readonly #sums = new Map<string, Sums>();

  constructor(stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
  }

  note(
    listing: Instrument,
    side: Side,
    priceTicks: number,
    size: Lots,
    counterparty: string,
    marks: Attribution,
    spot: number,
    step: number,
  ): void {
    if (listing.kind !== 'option') return;
    const units = size * listing.lotSize;
    const price = priceTicks * listing.tickSize;
    this.#fills.push({
      counterparty,
      instrument: listing.id,
      sign: signOf(side),
      units,
      price,
      spot,
      delta: marks.delta(listing.id),
      atStep: step,
      end: undefined,
      next: 0,
    });
  }

  /** An expired series was paid out: its fills are judged against that, however late. */
  settled(instrument: InstrumentId, dollarsPerUnit: number, spot: number): void {
    for (const fill of this.#fills) if (fill.instrument === instrument) fill.end = { fair: dollarsPerUnit, spot };
  }

  /** Judges what is due at this step. */
  step(marks: Attribution, spot: number, step: number): void {
    let kept = 0;
    for (const fill of this.#fills) {
      while (fill.next < MARKOUT_SECONDS.length) {
        const seconds = MARKOUT_SECONDS[fill.next] ?? 0;
        if (step < fill.atStep + Math.ceil(seconds / this.#stepSeconds)) break;
        this.#judge(fill, seconds, marks, spot);
        fill.next += 1;
      }
      if (fill.next < MARKOUT_SECONDS.length) {
        this.#fills[kept] = fill;
        kept += 1;
      }
    }
    this.#fills.length = kept;
  }

  #judge(fill: Fill, seconds: number, marks: Attribution, spot: number): void {
    const key = `${seconds} ${fill.counterparty}`;
    const sums = this.#sums.get(key) ?? { fills: 0, contracts: 0, raw: 0, hedged: 0 };
    const { fair, spot: at } = fill.end ?? { fair: marks.fair(fill.instrument), spot };
    const raw = fill.sign * (fair - fill.price) * fill.units;
    sums.fills += 1;
    sums.contracts += fill.units;
    sums.raw += raw;
    sums.hedged += raw - fill.sign * fill.delta * (at - fill.spot) * fill.units;
    this.#sums.set(key, sums);
  }

  summaries(): MarkoutSummary[] {
    return [...this.#sums]
      .map(([key, sums]): MarkoutSummary => {
        const gap = key.indexOf(' ');
        const per = sums.contracts === 0 ? 0 : 1 / sums.contracts;
        return {
          counterparty: key.slice(gap + 1),
          seconds: Number(key.slice(0, gap)),
          fills: sums.fills,
          contracts: sums.contracts,
          raw: sums.raw * per,
          hedged: sums.hedged * per,
        };
      })
      .sort((a, b) => a.seconds - b.seconds || (a.counterparty < b.counterparty ? -1 : 1));
  }
}
