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
export { BUILT_IN_AGENTS } from './agents/built-in.ts';
export type { ChainQuote, ChainSnapshot } from './calibration/chain-snapshot.ts';
export { type FactorFit, factorFit } from './calibration/factor-fit.ts';
export type { FitQuality } from './calibration/fit-quality.ts';
export { type ExpiryFit, type SurfaceFit, type SurfaceFitOptions, surfaceFit } from './calibration/surface-fit.ts';
export { surfaceFitText } from './calibration/surface-fit-text.ts';
export { InputError, InvariantError, type Issue } from './core/assert.ts';
export { type DeribitCurrency, readDeribitChain } from './data/deribit-chain.ts';
export type { Forecast, Forecaster, ForecasterModel } from './forecast/forecaster.ts';
export { CAUSES } from './ledger/attribution.ts';
export { blackPrice, type Contract, type Greeks, greeks } from './pricing/black-scholes.ts';
export { FACTORS, FactorSurface, type TenorShape } from './pricing/factors.ts';
export { impliedVol } from './pricing/implied-vol.ts';
export { repairSlices, type Slice, sliceVol, totalVariance } from './pricing/ssvi.ts';
export { type StressPlan, type StressResult, stress } from './risk/stress.ts';
export { stressText } from './risk/stress-text.ts';
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
