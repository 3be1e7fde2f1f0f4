import type { InstrumentId, Lots, Ticks } from '../core/units.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Chain } from '../market/chain.ts';
import { type Side, signOf } from '../market/order.ts';

/** Seconds after a fill at which it is judged. */
export const MARKOUT_SECONDS = [1, 10, 60, 300, 1800] as const;
/** Adverse selection is read at this horizon. */
export const ADVERSE_SECONDS = 300;

/** What fills are put together by. */
export const MARKOUT_GROUPS = ['counterparty', 'series', 'expiry', 'regime', 'side'] as const;
export type MarkoutGroup = (typeof MARKOUT_GROUPS)[number];

/** Means over some fills, in dollars per contract; above 0 was good for who traded. */
export interface MarkoutFigures {
  readonly seconds: number;
  readonly fills: number;
  readonly contracts: number;
  /** (fair value at the fill − price) · side. */
  readonly capture: number;
  /** (fair value later − price) · side; after a settlement, its payout. */
  readonly raw: number;
  /** The same less delta at the fill times the spot's move. */
  readonly hedged: number;
  /** That less the exposure to the level at the fill times the level's move, too: what a hedge of delta and vega would have left. */
  readonly vegaHedged: number;
}

/** Markouts of the fills against one class of counterparty. */
export interface MarkoutSummary extends MarkoutFigures {
  readonly counterparty: string;
}

/** Markouts of the fills that have something in common. */
export interface MarkoutRow extends MarkoutFigures {
  readonly by: MarkoutGroup;
  /** Kind of the counterparty, symbol of the series, label of the expiry, name of the regime at the fill, or side of the one judged. */
  readonly name: string;
}

/** What fills against one class of counterparty gave back of their capture within five minutes, dollars per contract. */
export interface AdverseSelection {
  readonly counterparty: string;
  readonly seconds: number;
  readonly fills: number;
  readonly contracts: number;
  readonly capture: number;
  readonly hedged: number;
  /** `hedged` − `capture`: below 0 when the value moved against the fills. */
  readonly adverseSelection: number;
}

/** A fill of the one who is judged. */
export interface NotedFill {
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly price: Ticks;
  readonly size: Lots;
  readonly counterparty: string;
  readonly regime: string;
}

/** The world by which fills are judged, as of a step. */
export interface MarkoutMarks {
  readonly values: Pick<Attribution, 'fair' | 'delta' | 'exposure'>;
  readonly spot: number;
  readonly level: number;
  readonly step: number;
}

interface Fill {
  readonly instrument: InstrumentId;
  /** One for each of {@link MARKOUT_GROUPS}. */
  readonly names: readonly string[];
  readonly sign: number;
  readonly units: number;
  readonly price: number;
  readonly capture: number;
  readonly spot: number;
  readonly level: number;
  readonly delta: number;
  readonly levelExposure: number;
  readonly atStep: number;
  /** Payout per unit, spot and level at its settlement: from then on nothing of it moves. */
  end: Later | undefined;
  next: number;
}

interface Later {
  readonly fair: number;
  readonly spot: number;
  readonly level: number;
}

interface Sums {
  readonly by: MarkoutGroup;
  readonly name: string;
  readonly seconds: number;
  fills: number;
  contracts: number;
  capture: number;
  raw: number;
  hedged: number;
  vegaHedged: number;
}

/** Judges the option fills of one agent against later fair values (models 4f). Fills younger than a horizon at the end are not judged by it. */
export class Markouts {
  readonly #chain: Chain;
  readonly #stepSeconds: number;
  readonly #fills: Fill[] = [];
  readonly #sums = new Map<string, Sums>();

  constructor(chain: Chain, stepSeconds: number) {
    this.#chain = chain;
    this.#stepSeconds = stepSeconds;
  }

  /** Notes a fill, at the marks of the present step. Those in the underlying are left out. */
  note(fill: NotedFill, { values, spot, level, step }: MarkoutMarks): void {
    const listing = this.#chain.instruments[fill.instrument];
    if (listing?.kind !== 'option') return;
    const sign = signOf(fill.side);
    const price = fill.price * listing.tickSize;
    const expiry = this.#chain.expiries[listing.expiry]?.label ?? '';
    this.#fills.push({
      instrument: listing.id,
      names: [fill.counterparty, listing.symbol, expiry, fill.regime, fill.side],
      sign,
      units: fill.size * listing.lotSize,
      price,
      capture: sign * (values.fair(listing.id) - price),
      spot,
      level,
      delta: values.delta(listing.id),
      levelExposure: values.exposure(listing.id, 0),
      atStep: step,
      end: undefined,
      next: 0,
    });
  }

  /** An expired series was paid out: its fills are judged against that, however late. */
  settled(instrument: InstrumentId, dollarsPerUnit: number, spot: number, level: number): void {
    for (const fill of this.#fills) if (fill.instrument === instrument) fill.end = { fair: dollarsPerUnit, spot, level };
  }

  /** Judges what is due at this step. */
  step(marks: MarkoutMarks): void {
    let kept = 0;
    for (const fill of this.#fills) {
      while (fill.next < MARKOUT_SECONDS.length) {
        const seconds = MARKOUT_SECONDS[fill.next] ?? 0;
        if (marks.step < fill.atStep + Math.ceil(seconds / this.#stepSeconds)) break;
        this.#judge(fill, seconds, fill.end ?? { fair: marks.values.fair(fill.instrument), spot: marks.spot, level: marks.level });
        fill.next += 1;
      }
      if (fill.next < MARKOUT_SECONDS.length) {
        this.#fills[kept] = fill;
        kept += 1;
      }
    }
    this.#fills.length = kept;
  }

  #judge(fill: Fill, seconds: number, later: Later): void {
    const { sign, units } = fill;
    const raw = sign * (later.fair - fill.price) * units;
    const hedged = raw - sign * fill.delta * (later.spot - fill.spot) * units;
    const vegaHedged = hedged - sign * fill.levelExposure * (later.level - fill.level) * units;
    for (const [i, by] of MARKOUT_GROUPS.entries()) {
      const sums = this.#sumsOf(by, fill.names[i] ?? '', seconds);
      sums.fills += 1;
      sums.contracts += units;
      sums.capture += fill.capture * units;
      sums.raw += raw;
      sums.hedged += hedged;
      sums.vegaHedged += vegaHedged;
    }
  }

  #sumsOf(by: MarkoutGroup, name: string, seconds: number): Sums {
    const key = `${by} ${seconds} ${name}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sums = { by, name, seconds, fills: 0, contracts: 0, capture: 0, raw: 0, hedged: 0, vegaHedged: 0 };
    this.#sums.set(key, sums);
    return sums;
  }

  /** Means of all that has been judged so far: by horizon, then series and expiries in the order of the chain, others by name. */
  rows(by: MarkoutGroup): MarkoutRow[] {
    const { options, expiries } = this.#chain;
    const order = by === 'series' ? options.map(({ symbol }) => symbol) : by === 'expiry' ? expiries.map(({ label }) => label) : [];
    return [...this.#sums.values()]
      .filter((sums) => sums.by === by)
      .map(({ name, seconds, fills, contracts, capture, raw, hedged, vegaHedged }): MarkoutRow => {
        const per = contracts === 0 ? 0 : 1 / contracts;
        const means = { capture: capture * per, raw: raw * per, hedged: hedged * per, vegaHedged: vegaHedged * per };
        return { by, name, seconds, fills, contracts, ...means };
      })
      .sort((a, b) => a.seconds - b.seconds || order.indexOf(a.name) - order.indexOf(b.name) || (a.name < b.name ? -1 : 1));
  }

  /** The rows by class of counterparty. */
  summaries(): MarkoutSummary[] {
    return this.rows('counterparty').map(({ by: _, name, ...figures }) => ({ counterparty: name, ...figures }));
  }

  /** By class of counterparty, of the fills that are old enough. */
  adverseSelection(): AdverseSelection[] {
    return this.summaries()
      .filter(({ seconds }) => seconds === ADVERSE_SECONDS)
      .map(({ counterparty, seconds, fills, contracts, capture, hedged }) => ({
        ...{ counterparty, seconds, fills, contracts, capture, hedged },
        adverseSelection: hedged - capture,
      }));
  }
}
