import { mean, median, standardDeviation } from '../statistics.ts';
import { changes, correlation, firstComponentShare, varianceRatio } from './series-statistics.ts';

const SECONDS_PER_DAY = 86_400;
const MOVES_MINIMUM = 30;
const REGIMES = ['calm', 'normal', 'stressed'] as const;
/** Of daily rows, so many days are between a Friday and a Tuesday. */
const DAILY_GAP_MAXIMUM = 4.5;

/** Vols at constant maturities at one time, annual fractions. What is not known is left out. */
export interface PanelRow {
  /** Since any moment. */
  readonly seconds: number;
  readonly spot?: number;
  /** At-the-money vols at about 7, 30 and 90 days. */
  readonly week?: number;
  readonly month?: number;
  readonly quarter?: number;
  /** Vol of the 25-delta put less that of the call, at 30 days. */
  readonly skew?: number;
}
type Field = Exclude<keyof PanelRow, 'seconds'>;

interface Move {
  readonly from: PanelRow;
  readonly to: PanelRow;
  readonly days: number;
}

/**
 * Vols over time at the times of a data set, in the order of time. Changes between neighbouring rows are put on one scale by the square
 * root of time, and pairs that are not about one step apart are left out. Daily rows without weekends count in trading days.
 */
export class VolPanel {
  readonly rows: readonly PanelRow[];
  /** 252 of daily rows without weekends, else 365. */
  readonly daysPerYear: number;
  readonly #moves: readonly Move[];

  constructor(rows: readonly PanelRow[]) {
    this.rows = rows;
    const gaps = changes(rows.map((row) => row.seconds / SECONDS_PER_DAY));
    const step = gaps.length === 0 ? 1 : median(gaps);
    const isDaily = Math.abs(step - 1) < 0.1 && gaps.some((gap) => gap > 2);
    this.daysPerYear = isDaily ? 252 : 365;
    this.#moves = rows.slice(1).flatMap((to, i) => {
      const [from, gap] = [rows[i], gaps[i] ?? 0];
      const fits = isDaily ? gap > 0.5 && gap < DAILY_GAP_MAXIMUM : gap > step / 2 && gap < 2 * step;
      return from !== undefined && fits ? [{ from, to, days: isDaily ? 1 : gap }] : [];
    });
  }

  /** Changes per root day of some functions of the rows, over the pairs that have them all; undefined where those are few. */
  #changes(of: readonly ((row: PanelRow) => number | undefined)[], moves = this.#moves): number[][] | undefined {
    const found = moves.flatMap(({ from, to, days }) => {
      const pair = of.map((field) => {
        const [before, after] = [field(from), field(to)];
        return before === undefined || after === undefined ? undefined : (after - before) / Math.sqrt(days);
      });
      return pair.includes(undefined) ? [] : [pair];
    });
    return found.length < MOVES_MINIMUM ? undefined : of.map((_, i) => found.flatMap((pair) => pair[i] ?? []));
  }

  #values(field: Field): number[] {
    return this.rows.flatMap((row) => row[field] ?? []);
  }

  /** Standard deviation of changes of the log 30-day vol per day, of those that start in a third of its levels. */
  regimeSd(regime: string): number | undefined {
    const levels = this.#values('month').sort((a, b) => a - b);
    const cuts = [1 / 3, 2 / 3].map((share) => levels[Math.floor(share * levels.length)] ?? 0);
    const third = (level: number): string | undefined => REGIMES[cuts.filter((cut) => level >= cut).length];
    const own = this.#moves.filter(({ from }) => from.month !== undefined && third(from.month) === regime);
    return deviationOf(this.#changes([log('month')], own));
  }

  spotCorrelation(): number | undefined {
    const [vols, spots] = this.#changes([log('month'), log('spot')]) ?? [];
    return vols === undefined || spots === undefined ? undefined : correlation(vols, spots);
  }

  skewSd(): number | undefined {
    return deviationOf(this.#changes([({ skew }) => skew]));
  }

  firstComponent(): number | undefined {
    const moves = this.#changes([({ week }) => week, ({ month }) => month, ({ quarter }) => quarter]);
    return moves === undefined ? undefined : firstComponentShare(moves);
  }

  volOfVolTerm(): number | undefined {
    const [short, long] = (this.#changes([log('week'), log('quarter')]) ?? []).map((moves) => standardDeviation(moves) ?? 0);
    return short !== undefined && long !== undefined && long > 0 ? short / long : undefined;
  }

  /** Of the log 30-day vol, over six rows. */
  varianceRatio(): number | undefined {
    const levels = this.#values('month').map(Math.log);
    return levels.length < MOVES_MINIMUM ? undefined : varianceRatio(levels, 6);
  }

  skewLevel(): number | undefined {
    return meanOf(this.rows.map(({ skew, month }) => (skew === undefined || month === undefined ? undefined : skew / month)));
  }

  termSlope(): number | undefined {
    return meanOf(
      this.rows.map(({ quarter, month }) => (quarter === undefined || month === undefined ? undefined : Math.log(quarter / month))),
    );
  }

  /** Mean 30-day vol over the vol of the spot from row to row. */
  premium(): number | undefined {
    const [returns] = this.#changes([log('spot'), log('month')]) ?? [];
    const level = meanOf(this.rows.map(({ spot, month }) => (spot === undefined ? undefined : month)));
    if (returns === undefined || level === undefined) return undefined;
    const realised = Math.sqrt(mean(returns.map((value) => value * value)) * this.daysPerYear);
    return realised > 0 ? level / realised : undefined;
  }

  /** Log 30-day vols, and the mean days from one to the next: what a half-life is estimated from. */
  get logLevels(): { readonly values: readonly number[]; readonly stepDays: number } {
    const values = this.#values('month').map(Math.log);
    return { values, stepDays: this.#moves.length === 0 ? 1 : mean(this.#moves.map(({ days }) => days)) };
  }
}

function log(field: Field): (row: PanelRow) => number | undefined {
  return (row) => (row[field] === undefined ? undefined : Math.log(row[field]));
}

function deviationOf(moves: readonly (readonly number[])[] | undefined): number | undefined {
  return moves?.[0] === undefined ? undefined : standardDeviation(moves[0]);
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? undefined : mean(known);
}
