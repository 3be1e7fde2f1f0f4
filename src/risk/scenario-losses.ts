import type { Chain } from '../market/chain.ts';
import { blackPrice } from '../pricing/black-scholes.ts';
import type { TheoChain } from '../pricing/theo.ts';

/** Moves of spot and vols, each with each, that positions are revalued under. */
export interface LossGrid {
  /** Relative moves of the spot, > −1. */
  readonly spotMoves: readonly number[];
  /** Relative moves of every vol at 30 days, > −1; others by the tenor. */
  readonly volMoves: readonly number[];
  /** A vol moves by (30 days/time left)^p of the move at 30 days: p for shorter tenors, and for longer ones. */
  readonly tenorPower: { readonly short: number; readonly long: number };
  /** A vol that rises does so to this at least. */
  readonly volFloor: number;
}

/**
 * The 27 vectors of portfolio margin as Deribit publishes them: spot within ±16 % in eight steps, vol 50 % up, unchanged or 25 % down at 30 days,
 * powers .30 and .13 over tenors, and a floor of 50 % for vols that rise (models 4g). Its extended table, contingencies and delta shock are left
 * out: what is required here is that of a venue of that kind, and not to the dollar.
 */
export const MARGIN_GRID: LossGrid = {
  spotMoves: [-0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16],
  volMoves: [-0.25, 0, 0.5],
  tenorPower: { short: 0.3, long: 0.13 },
  volFloor: 0.5,
};

/** The house's own stress: spot −30 to +30 %, every vol −40 to +100 %. */
export const STRESS_GRID: LossGrid = {
  spotMoves: [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3],
  volMoves: [-0.4, 0, 0.5, 1],
  tenorPower: { short: 0, long: 0 },
  volFloor: 0,
};

const DAYS_30 = 30 / 365;

/**
 * What one unit of every series gains in each cell of a grid, by full revaluation at once with each strike's vol moved: positions and sets of
 * quotes are then sums. Columns are `cell · series + i` with i the instrument id − 1, dollars.
 */
export class ScenarioLosses {
  /** Cells of the grid. */
  readonly cells: number;
  readonly #grid: LossGrid;
  readonly #chain: Chain;
  readonly #gains: Float64Array;
  readonly #spotGains: Float64Array;

  constructor(chain: Chain, grid: LossGrid) {
    this.#chain = chain;
    this.#grid = grid;
    this.cells = grid.spotMoves.length * grid.volMoves.length;
    this.#gains = new Float64Array(this.cells * chain.options.length);
    this.#spotGains = new Float64Array(this.cells);
  }

  /** Revalues every series around these values; expired ones gain nothing. */
  update(theo: TheoChain): void {
    const { spotMoves, volMoves } = this.#grid;
    let cell = 0;
    for (const spotMove of spotMoves) {
      for (const volMove of volMoves) {
        this.#spotGains[cell] = theo.spot * spotMove;
        for (const option of this.#chain.options) {
          const i = option.id - 1;
          this.#gains[cell * this.#chain.options.length + i] = this.#gain(theo, i, spotMove, volMove);
        }
        cell += 1;
      }
    }
  }

  #gain(theo: TheoChain, i: number, spotMove: number, volMove: number): number {
    const option = this.#chain.options[i];
    const years = theo.yearsLeft(i);
    if (option === undefined || years <= 0) return 0;
    const forward = theo.forward[option.expiry] ?? theo.spot;
    const { short, long } = this.#grid.tenorPower;
    const share = Math.exp((years < DAYS_30 ? short : long) * Math.log(DAYS_30 / years));
    const vol = theo.vol[i] ?? 0;
    const raised = vol * (1 + volMove * share);
    const moved = volMove > 0 ? Math.max(raised, Math.min(this.#grid.volFloor, 1)) : Math.max(0, raised);
    const root = Math.sqrt(years);
    // Of the undiscounted values: over the days that margin looks ahead, the discount is nothing.
    const after = blackPrice(option.right, forward * (1 + spotMove), option.strike, (volMove === 0 ? vol : moved) * root);
    return after - blackPrice(option.right, forward, option.strike, vol * root);
  }

  /** Gain of one unit of a series in a cell. */
  gain(cell: number, series: number): number {
    return this.#gains[cell * this.#chain.options.length + series] ?? 0;
  }

  /**
   * Gains of a position in each cell.
   * @param units of each series. @param underlying units of the underlying.
   */
  position(units: Readonly<Float64Array>, underlying: number, out: Float64Array): Float64Array {
    for (let cell = 0; cell < this.cells; cell += 1) {
      let sum = underlying * (this.#spotGains[cell] ?? 0);
      for (let i = 0; i < units.length; i += 1) {
        const held = units[i] ?? 0;
        if (held !== 0) sum += held * this.gain(cell, i);
      }
      out[cell] = sum;
    }
    return out;
  }
}

/** The largest loss among gains, 0 where there is none. */
export function worstLoss(gains: Readonly<Float64Array>): number {
  let worst = 0;
  for (const gain of gains) if (-gain > worst) worst = -gain;
  return worst;
}
