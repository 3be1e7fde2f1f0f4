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
  readonly flow: FlowSpec;
  /** What trades in the underlying do to the spot; the path of the world itself knows none. */
  readonly impact: ImpactParameters;
  /** How far the path is computed ahead, for those that may know it (decision 9). */
  readonly lookaheadSteps: number;
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
  /** Added to the tilt toward buying for puts out of the money: 0.1 makes 55 % of them buyers. */
  readonly putTilt: number;
}

export interface FlowSpec {
  /** Candidates per hour before the regime's activity; one value per world step where it varies, the last holds on. */
  readonly ratePerHour: number | Readonly<Float64Array>;
  /** Half-life of the memory of net demand that {@link DemandParameters.continuation} acts on. */
  readonly memoryMinutes: number;
  /** Lognormal size in contracts (units of the underlying): mean and sd of the log, and the largest. */
  readonly sizeLogMean: number;
  readonly sizeLogSd: number;
  readonly sizeMaximum: number;
  /**
   * Reservation offset R from the fair vol in favour of trading: P(R ≥ δ) = 1/(1 + exp(α + βδ)), β = 1.156/y0 (economics 1),
   * y0 = `reservationPerVol` · σ_ATM · (T/30 d)^(−0.4).
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
  /** Moves of level, slope, skew, curvature. */
  readonly factors: readonly number[];
}
