import type { SessionCalendar } from '../market/session-calendar.ts';
import type { ActivitySpec } from './activity.ts';
import type { BasisParameters } from './basis.ts';
import type { ImpactParameters } from './spot-impact.ts';

/** Parameters of the hidden world. Units stand in the names; vols and rates are annual unless a name says per day. */
export interface WorldSpec {
  readonly stepMillis: number;
  /** Dollars. */
  readonly spot: number;
  /** Annual vol at which the spot's variance starts. */
  readonly startVol: number;
  /** Level, slope, skew, curvature at the opening (`pricing/factors.ts`). */
  readonly factors: readonly number[];
  /** Converts parameters per day into time: 365 for round-the-clock markets, 252 for index days. */
  readonly daysPerYear: number;
  readonly regimes: readonly RegimeSpec[];
  /** Index into {@link regimes}. */
  readonly startRegime: number;
  /** Rates per day of moving from one regime to another; 0 on the diagonal. */
  readonly transitionsPerDay: readonly (readonly number[])[];
  /** Multiplies all transition rates; 0 keeps the regime until the timeline changes it. */
  readonly regimeSpeed: number;
  readonly timeline: readonly TimelineShift[];
  /** Half-lives of the slow factors, in days. */
  readonly halfLifeDays: readonly number[];
  /** False: slow factors are random walks without a long-run mean. */
  readonly meanReversion: boolean;
  /** Added to the long-run mean of the level, per world step; the last value holds on. */
  readonly levelPath: Readonly<Float64Array> | undefined;
  /** Multiplies the long-run variance of the spot, per world step; the last value holds on. */
  readonly thetaPath: Readonly<Float64Array> | undefined;
  /** Pace of the market within the day. */
  readonly activity: ActivitySpec;
  readonly flow: FlowSpec;
  /** Undefined: the perpetual is worth the index. */
  readonly basis?: BasisParameters | undefined;
  /** Undefined: the market never closes. */
  readonly sessions?: WorldSessions | undefined;
  /** What trades in the underlying do to the spot; the path of the world itself knows none. */
  readonly impact: ImpactParameters;
  /** How far the path is computed ahead, for those that may know it (decision 9). */
  readonly lookaheadSteps: number;
}

/** When the market is open, and how much of what moves by itself moves while it is closed. */
export interface WorldSessions {
  readonly calendar: SessionCalendar;
  /** Share of a day's variance that falls outside the session. */
  readonly overnightShare: number;
}

export interface RegimeSpec {
  readonly name: string;
  readonly spot: SpotParameters;
  readonly surface: SurfaceParameters;
  readonly demand: DemandParameters;
}

/** Stochastic volatility with correlated jumps (models 4a): Duffie, Pan and Singleton (2000). Annual. */
export interface SpotParameters {
  readonly drift: number;
  readonly kappa: number;
  /** Long-run variance (vol squared). */
  readonly theta: number;
  readonly volOfVol: number;
  readonly correlation: number;
  readonly jumpsPerYear: number;
  readonly jumpMean: number;
  readonly jumpSd: number;
  /** Mean of the exponential jump in variance that comes with each jump of the spot. */
  readonly varianceJumpMean: number;
}

export interface SurfaceParameters {
  /** Long-run level minus half the log of the expected mean variance over 30 days: the variance risk premium. */
  readonly premium: number;
  /** Long-run means of slope, skew, curvature. */
  readonly slope: number;
  readonly skew: number;
  readonly curvature: number;
  /** Standard deviation of each slow factor's change over one day. */
  readonly dailySd: readonly number[];
  /** Correlation of each factor's shock with the level's: 1 for the level itself. */
  readonly withLevel: readonly number[];
  /** Correlation of the level's shock with the spot's. */
  readonly spotLevelCorrelation: number;
  /** Change of the level per unit log jump of the spot; negative lifts vol when the spot falls. */
  readonly levelPerSpotJump: number;
}

/** How customers' demand arrives and presses on the surface (decisions 6 and 8). */
export interface DemandParameters {
  /** Multiplies the arrival rate. */
  readonly activity: number;
  /**
   * Branching ratio of direction: by how much past net demand calls for more of the same. Below 0 buyers are followed by
   * sellers, near 1 demand runs on. Must be below 1.
   */
  readonly continuation: number;
  readonly pressureHalfLifeMinutes: number;
  /** Move of the pressure per contract of typical exposure, in daily standard deviations of the factor. */
  readonly impact: number;
  /** Orders that one order draws after it, in the mean: parts of the same interest, and reactions of others. Below 1. */
  readonly branching: number;
  /** Added to the tilt toward buying for puts out of the money: 0.1 makes 55 % of them buyers. */
  readonly putTilt: number;
}

/** One part of a mixture of lognormal sizes. */
export interface SizePart {
  /** Relative weight. */
  readonly share: number;
  /** Contracts. */
  readonly median: number;
  /** Standard deviation of the log; 0 for a round size. */
  readonly logSd: number;
}

/** One part of a mixture of exponential delays. */
export interface DelayPart {
  /** Relative weight. */
  readonly share: number;
  readonly meanSeconds: number;
}

export interface FlowSpec {
  /** Orders per hour in the long run, before the regime's activity; one value per world step where it varies, the last holds on. */
  readonly ratePerHour: number | Readonly<Float64Array>;
  /** How far the rate follows the activity of the market: 0 not at all, 1 in proportion. Its mean stays what it is. */
  readonly activityElasticity: number;
  /** Half-life of the memory of net demand that {@link DemandParameters.continuation} acts on. */
  readonly memoryMinutes: number;
  /** Sizes in contracts (units of the underlying): a mixture, its scale, and the largest. */
  readonly sizes: readonly SizePart[];
  readonly sizeScale: number;
  readonly sizeMaximum: number;
  /** Delay of an order behind the one that drew it: a mixture of exponentials. */
  readonly delays: readonly DelayPart[];
  /** Share of the drawn orders that are further parts of the same interest: same series, side and reservation. */
  readonly splitShare: number;
  /** Probability that another, who reacts, takes the same side. */
  readonly sameSide: number;
  /** Share of first orders that come for puts below the spot to hedge. */
  readonly hedgerShare: number;
  /** Tilt toward buying of a hedger, per standard deviation that the spot has fallen. */
  readonly hedgerResponse: number;
  /** How many more hedgers come, per standard deviation that the spot has fallen: 1 doubles them at one. */
  readonly hedgerRush: number;
  /** Half-life of the memory of the spot's moves that hedgers react to. */
  readonly trendMinutes: number;
  /** Share of the other first orders that are packages of two legs. */
  readonly packageShare: number;
  /**
   * Reservation offset R from the fair vol in favour of trading: P(R ≥ δ) = 1/(1 + exp(α + βδ)), β = 1.156/y0 (economics 1),
   * y0 = `reservationPerVol` · σ_ATM · a shape over tenors (`pricing/flow-shape.ts`).
   */
  readonly reservationAlpha: number;
  readonly reservationPerVol: number;
}

/** A scripted change of the world. Moves are spread evenly over `overSeconds`. */
export interface TimelineShift {
  readonly atSeconds: number;
  readonly overSeconds: number;
  readonly regime: number | undefined;
  /** Log return of the spot. */
  readonly spotLogReturn: number;
  /** Change of ln of the spot's own vol: its variance is multiplied by exp(2 · change), and from there returns to its mean at its own speed. */
  readonly spotVolLogChange: number;
  /** Moves of level, slope, skew, curvature. */
  readonly factors: readonly number[];
}
