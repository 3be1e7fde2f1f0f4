/** The public API of volpit. What is not exported here may change at any time. */

export {
  type Agent,
  type AgentDefinition,
  type AgentKind,
  type AgentRights,
  type AgentSetup,
  type Desk,
  defineAgent,
  type Oracle,
} from './agents/agent.ts';
export { agentsWith, BUILT_IN_AGENTS } from './agents/built-in.ts';
export { defineHedger, type Hedger, type HedgerKind, type HedgingView } from './agents/maker/hedging/hedger.ts';
export { BUILT_IN_PARTS, type MakerParts } from './agents/maker/parts.ts';
export { bestDistance, quoteValue } from './agents/maker/quoting/hamiltonian.ts';
export { defineQuoter, finish, type Quote, type Quoter, type QuoterKind, type QuotingView } from './agents/maker/quoting/quoter.ts';
export { chooseRanked } from './agents/maker/selection/ranking.ts';
export { type Candidacy, defineSelector, type SelectionView, type Selector, type SelectorKind } from './agents/maker/selection/selector.ts';
export type { ChainQuote, ChainSnapshot } from './calibration/chain-snapshot.ts';
export { type FactorFit, factorFit } from './calibration/factor-fit.ts';
export type { FitQuality } from './calibration/fit-quality.ts';
export { smilePicture } from './calibration/smile-picture.ts';
export { type ExpiryFit, type SurfaceFit, type SurfaceFitOptions, surfaceFit } from './calibration/surface-fit.ts';
export { surfaceFitText } from './calibration/surface-fit-text.ts';
export { InputError, InvariantError, type Issue } from './core/assert.ts';
export { CHAIN_FORMATS, type ChainChoice, type ChainFormat, chainFormat, readChain } from './data/chain-formats.ts';
export { type DeribitCurrency, readDeribitChain } from './data/deribit-chain.ts';
export type { Forecast, Forecaster, ForecasterModel } from './forecast/forecaster.ts';
export { renderRecord, TRACE, type TraceObserver } from './kernel/trace.ts';
export { CAUSES } from './ledger/causes.ts';
export { earlyExercisePremium } from './pricing/american.ts';
export { blackPrice, type Conditions, type Contract, type Greeks, greeks } from './pricing/black-scholes.ts';
export { ChainGreeks, type ExpiryConditions, type ExpiryStrikes } from './pricing/chain-greeks.ts';
export { type DeskGreeks, deskGreeks } from './pricing/desk-units.ts';
export { assetOrNothing, cashOrNothing, type DigitalValue } from './pricing/digitals.ts';
export { FACTORS, FactorSurface, type TenorShape } from './pricing/factors.ts';
export { type HigherGreeks, higherGreeks } from './pricing/higher-greeks.ts';
export { type ImpliedVolFailure, impliedVol, type OptionPrice } from './pricing/implied-vol.ts';
export { coinFromUsd, type InverseValue, inverseValue, usdFromCoin } from './pricing/inverse.ts';
export { durrlemanOf, type SmileCurve, type VarianceJet } from './pricing/smile-curve.ts';
export { repairSlices, type Slice, sliceVol, totalVariance } from './pricing/ssvi.ts';
export { type SurfaceExpiry, VarianceSurface } from './pricing/surface.ts';
export { type Svi, sviCurve, sviJet, sviOfSlice } from './pricing/svi.ts';
export { type ByteSource, EventLogReader } from './replay/event-log-reader.ts';
export { EventLogWriter } from './replay/event-log-writer.ts';
export type { RecordSource } from './replay/record-queue.ts';
export { type Difference, type ReplayedMarket, Replayer } from './replay/replayer.ts';
export type { TraceRecord } from './replay/trace-record.ts';
export { type StressPlan, type StressResult, stress } from './risk/stress.ts';
export { stressText } from './risk/stress-text.ts';
export { type BaseReader, selfContainedText } from './scenario/extends.ts';
export { type Override, readOverride } from './scenario/overrides.ts';
export { parseScenario } from './scenario/parse-scenario.ts';
export { formatInputError } from './scenario/parse-with.ts';
export { type PortfolioDocument, portfolioSchema, stressPlan } from './scenario/portfolio.ts';
export type { AgentSpec, Scenario } from './scenario/scenario.ts';
export { scenarioSchema } from './scenario/schema.ts';
export { type ForecasterCatalog, forecasterCatalog } from './sim/forecasters.ts';
export { Simulation, type SimulationOptions } from './sim/simulation.ts';
export type { Snapshot } from './sim/snapshot.ts';
export { type ComparisonInput, type ComparisonOptions, compareVariants } from './study/compare.ts';
export type { Comparison } from './study/comparison.ts';
export { comparisonText } from './study/comparison-text.ts';
export { type Evaluation, type EvaluationTerms, evaluation } from './study/evaluation/evaluation.ts';
export type { EvaluationRow } from './study/evaluation/evaluation-row.ts';
export { evaluationText } from './study/evaluation/evaluation-text.ts';
export type { ForecastTable, ModelForecasts, OriginGroup, TargetForecasts } from './study/evaluation/forecast-table.ts';
export { type AuditedFit, type AuditFinding, auditFindings, auditText, leakageAudit } from './study/evaluation/leakage-audit.ts';
export { type AuditData, type AuditProblem, auditProblems, randomWalkLevels } from './study/evaluation/leakage-problems.ts';
