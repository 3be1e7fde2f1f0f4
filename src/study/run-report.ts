import type { LimitUse, ProtectionInspection } from '../agents/inspection.ts';
import type { AgentRisk } from '../sim/agent-risk.ts';
import { agentRisk } from '../sim/agent-risk.ts';
import type { SurfacePnl } from '../sim/forecast-pnl.ts';
import type { AdverseSelection, MarkoutSummary } from '../sim/markouts.ts';
import type { Simulation } from '../sim/simulation.ts';
import { forecastSkill, type SkillRow } from './forecast-skill.ts';

/** What a finished run is reported as; dollars, units of the underlying, seconds. Wall times are added by who has a clock. */
export interface RunReport {
  readonly scenario: string;
  readonly seed: string;
  readonly subject: string;
  readonly traceHash: string;
  readonly events: number;
  readonly simulatedSeconds: number;
  readonly agents: readonly AgentReport[];
  readonly forecast: ForecastReport;
  readonly market: MarketReport;
}

export interface AgentReport {
  readonly name: string;
  readonly kind: string;
  readonly pnl: {
    /** Marked at the world's fair values (decision 11). */
    readonly total: number;
    /** Marked at mids of books without the agent's own orders; of the subject only. */
    readonly screen?: number;
    readonly byCause: Readonly<Record<string, number>>;
    /** What the Greeks do not explain; part of the total. */
    readonly residual: number;
    /** The causes `level` to `curvature`, by what its exposures were held for; of the subject only. */
    readonly surface?: SurfacePnl & {
      /** What holding its exposures cost by the subject's own aversion γ: ½γ times the variance; 0 where it has none. */
      readonly riskCharge: number;
    };
  };
  readonly fees: number;
  readonly fills: number;
  /** Units traded in options. */
  readonly volume: number;
  readonly maxDrawdown: number;
  readonly position: AgentRisk;
  readonly limits: readonly LimitUse[];
  /** What its guards did; absent where it has none. */
  readonly protection?: ProtectionInspection;
  /** The subject's option fills judged later, by class of counterparty; empty for others. */
  readonly markouts: readonly MarkoutSummary[];
  /** What these gave back of their capture within five minutes; the subject only, too. */
  readonly adverseSelection: readonly AdverseSelection[];
  /** Orders that the hard position limit kept back. */
  readonly withheld: number;
}

export interface ForecastReport {
  readonly kind: string;
  /** The horizon of the headline figures: the second of the scenario's, or the only one. */
  readonly horizonSeconds: number;
  /** Forecasts at that horizon that do not overlap. */
  readonly samples: number;
  readonly r2VsRandomWalk: {
    readonly byFactor: Readonly<Record<string, number>>;
    readonly ci95: Readonly<Record<string, readonly [number, number]>>;
  };
  readonly coverage80: number;
  /** All factors and horizons. */
  readonly rows: readonly SkillRow[];
}

export interface MarketReport {
  readonly regime: string;
  readonly spot: number;
  /** What trades in the underlying did to the spot, in basis points of its log: at the end, and at most down and up. */
  readonly tradeImpactBp: { readonly last: number; readonly lowest: number; readonly highest: number };
  readonly realisedVol?: number;
  /** Prints in options, and their volume in units. */
  readonly prints: number;
  readonly volume: number;
  /** Repairs that kept the world's surface free of arbitrage. */
  readonly surfaceRepairs: number;
  readonly factors: readonly number[];
}

function impactBp(sim: Simulation): MarketReport['tradeImpactBp'] {
  const { logMove, lowest, highest } = sim.world.impact;
  return { last: 10_000 * logMove, lowest: 10_000 * lowest, highest: 10_000 * highest };
}

/** Reports a run as far as it has come. */
export function runReport(sim: Simulation): RunReport {
  const realisedVol = sim.records.recorder.realisedVol(sim.world.stepNanos / 1e9);
  return {
    scenario: sim.scenario.name,
    seed: sim.seed,
    subject: sim.subject.name,
    traceHash: sim.trace.hash(),
    events: sim.kernel.events,
    simulatedSeconds: sim.nowSeconds,
    agents: sim.desks.map((_, index) => agentReport(sim, index)),
    forecast: forecastReport(sim),
    market: {
      regime: sim.world.regimeName(),
      spot: sim.world.spot(),
      tradeImpactBp: impactBp(sim),
      ...(realisedVol === undefined ? {} : { realisedVol }),
      prints: sim.records.recorder.prints,
      volume: sim.records.recorder.volume,
      surfaceRepairs: sim.clock.fair.surface.repairs,
      factors: Array.from(sim.clock.factorsNow),
    },
  };
}

function agentReport(sim: Simulation, index: number): AgentReport {
  const desk = sim.desks[index] ?? sim.subject;
  const isSubject = desk === sim.subject;
  const inspection = desk.agent.inspect?.();
  const byCause = Object.fromEntries(
    sim.attribution.causes.filter((cause) => cause !== 'residual').map((cause) => [cause, sim.attribution.amount(desk.id, cause)]),
  );
  return {
    name: desk.name,
    kind: sim.scenario.agents[index]?.kind.kind ?? '',
    pnl: {
      total: sim.attribution.total(desk.id),
      ...(isSubject ? { screen: screenPnl(sim) } : {}),
      byCause,
      residual: sim.attribution.amount(desk.id, 'residual'),
      ...(isSubject ? { surface: surface(sim) } : {}),
    },
    fees: sim.ledger.fees(desk.id) / 1e6,
    fills: sim.ledger.fills(desk.id),
    volume: sim.scenario.chain.options.reduce((sum, option) => sum + sim.ledger.traded(desk.id, option.id) * option.lotSize, 0),
    maxDrawdown: sim.records.recorder.maxDrawdown(desk.id),
    position: agentRisk(sim, desk.id),
    limits: inspection?.limits ?? [],
    ...(inspection?.protection === undefined ? {} : { protection: inspection.protection }),
    markouts: isSubject ? sim.records.markouts.summaries() : [],
    adverseSelection: isSubject ? sim.records.markouts.adverseSelection() : [],
    withheld: desk.withheld,
  };
}

function surface(sim: Simulation): NonNullable<AgentReport['pnl']['surface']> {
  const { total } = sim.records.surfacePnl;
  return { ...total, riskCharge: 0.5 * (sim.subject.agent.inspect?.().riskAversion ?? 0) * total.variance };
}

function screenPnl(sim: Simulation): number {
  const desk = sim.subject;
  const inspection = desk.agent.inspect?.();
  let value = sim.ledger.cash(desk.id) / 1e6;
  for (const listing of sim.scenario.chain.instruments) {
    const held = sim.ledger.position(desk.id, listing.id) * listing.lotSize;
    if (held !== 0) value += held * sim.records.screen.mark(listing.id, inspection?.theo(listing.id) ?? sim.attribution.fair(listing.id));
  }
  return value;
}

function forecastReport(sim: Simulation): ForecastReport {
  const { forecast } = sim.scenario;
  const rows = forecastSkill([sim.records.forecasts.series], forecast.stepSeconds);
  const horizonSeconds = (forecast.horizonsSteps[1] ?? forecast.horizonsSteps[0] ?? 1) * forecast.stepSeconds;
  const headline = rows.filter((row) => row.horizonSeconds === horizonSeconds);
  return {
    kind: sim.subject.agent.inspect?.().forecaster ?? 'none',
    horizonSeconds,
    samples: headline[0]?.samples ?? 0,
    r2VsRandomWalk: {
      byFactor: Object.fromEntries(headline.map((row) => [row.factor, row.r2VsRandomWalk])),
      ci95: Object.fromEntries(headline.map((row) => [row.factor, row.ci95])),
    },
    coverage80: headline.length === 0 ? 0 : headline.reduce((sum, row) => sum + row.coverage80, 0) / headline.length,
    rows,
  };
}
