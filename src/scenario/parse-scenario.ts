import type { AgentKind } from '../agents/agent.ts';
import { InputError, type Issue } from '../core/assert.ts';
import { buildChain, type Chain } from '../market/chain.ts';
import type { TickTable } from '../market/tick-table.ts';
import { FactorSurface, type TenorShape } from '../pricing/factors.ts';
import { type BaseReader, readExtended } from './extends.ts';
import { latencyLaws } from './latency-schema.ts';
import type { MarketDocument } from './market-schema.ts';
import { type Override, withOverrides } from './overrides.ts';
import { parseWith } from './parse-with.ts';
import type { AgentSpec, Scenario } from './scenario.ts';
import { type ScenarioDocument, scenarioSchema } from './schema.ts';
import { sessionCalendar, withSessions } from './session-hours.ts';
import { type Path, pathText } from './shown.ts';
import { outagesOf, tickTable, venueRules } from './venue.ts';
import { buildWorld } from './world-build.ts';
import type { YamlSource } from './yaml-source.ts';

const DAYS_PER_YEAR = 365;
/** Dollars. A strike or forward above it, or a finer tick, would leave the whole numbers in which prices and money are kept. */
const PRICE_MAXIMUM = 1e9;
const TICK_MINIMUM = 1e-6;

/**
 * Reads and checks a scenario file.
 *
 * @param source name of the file, for messages.
 * @param kinds the catalogue of agents that it may name.
 * @param overrides changes of single values, made before anything is checked, in the document with all that it extends.
 * @param readBase gives the files that a scenario extends; without it, one that does is refused.
 * @throws InputError with all issues: file, line, path, value and what was expected.
 */
export function parseScenario(
  source: string,
  text: string,
  kinds: readonly AgentKind[],
  overrides: readonly Override[] = [],
  readBase?: BaseReader,
): Scenario {
  const yaml = overridden(readExtended(source, text, readBase), overrides);
  const document = parseWith(scenarioSchema(kinds), yaml);
  const issues: Issue[] = [];
  const fault = (path: Path, message: string): void => {
    const place = yaml.place(path) ?? yaml.keyPlace(path.slice(0, -1));
    issues.push({ path: pathText(path), message, ...place });
  };
  checkMarket(document.market, document.world.spot, fault);
  checkForecast(document, fault);
  const agents = agentSpecs(document, kinds, fault);
  const lookahead = Math.max(0, ...agents.map((agent) => agent.kind.lookaheadSeconds(agent.params)));
  const sessions = sessionCalendar(document.market.sessions, fault);
  const built = buildWorld(document.world, document.flow, document.duration, lookahead, fault);
  const world = withSessions(built, sessions, document.world.overnightShare, fault);
  if (issues.length > 0) throw new InputError(source, issues);
  const chain = chainOf(document.market, tickTable(document.market, fault));
  const venue = venueRules(document.market, chain, sessions, document.world.stepMillis, fault);
  const tenors = tenorShapes(document.market);
  checkSurface(world.factors, tenors, fault);
  if (issues.length > 0) throw new InputError(source, issues);
  return {
    name: document.name,
    question: document.question,
    preset: document.world.preset,
    durationSeconds: document.duration,
    chain,
    valuation: { rate: document.market.rate, tenors },
    world,
    fees: document.market.fees,
    orderLimits: {
      lotsPerOrder: document.limits.lotsPerOrder,
      ordersPerAgent: document.limits.ordersPerAgent,
      requestRate: document.limits.requestRate,
    },
    venue,
    queueLimit: document.limits.queue,
    eventsLimit: document.limits.events,
    forecast: document.forecast,
    agents,
    subject: document.subject,
    variants: new Map(Object.entries(document.variants)),
  };
}

/** The document with its changes made. A value that was changed has no place in the file. */
function overridden(read: YamlSource, overrides: readonly Override[]): YamlSource {
  if (overrides.some(({ path }) => path[0] === 'extends')) {
    throw new InputError('--set', [{ path: 'extends', message: 'cannot be changed: write a file that extends the other one' }]);
  }
  const isChanged = (path: Path): boolean =>
    overrides.some((override) => override.path.every((part, i) => i >= path.length || part === String(path[i])));
  return {
    source: read.source,
    value: withOverrides(read.value, overrides),
    place: (path) => (isChanged(path) ? undefined : read.place(path)),
    keyPlace: (path) => (isChanged(path) ? undefined : read.keyPlace(path)),
  };
}

function checkMarket(market: MarketDocument, spot: number, fault: (path: Path, message: string) => void): void {
  for (const side of ['underlying', 'options'] as const) {
    const { tickSize, lotSize } = market[side];
    const path: Path = ['market', side, 'tickSize'];
    const value = tickSize * lotSize * 1e6;
    if (!Number.isSafeInteger(Math.round(value)) || Math.round(value) < 1 || Math.abs(value - Math.round(value)) > 1e-6 * value) {
      fault(path, `one tick of one lot is worth ${tickSize * lotSize} dollars, expected a whole number of millionths below 2^53`);
    }
    // Prices are whole ticks below 2^53.
    if (tickSize < TICK_MINIMUM) fault(path, `found ${tickSize}, expected at least ${TICK_MINIMUM}`);
  }
  market.expiries.forEach((expiry, i) => {
    const path: Path = ['market', 'expiries', i, 'days'];
    const before = market.expiries[i - 1]?.days ?? 0;
    if (expiry.days <= 0) fault(path, `found ${expiry.days}, expected days above 0: the expiry must lie after the opening`);
    else if (expiry.days <= before) fault(path, `found ${expiry.days}, expected more than the ${before} of the expiry before it`);
    const twin = market.expiries.findIndex((other) => labelOf(other) === labelOf(expiry));
    if (twin < i && expiry.days > before)
      fault(path, `"${labelOf(expiry)}" is the label of expiry ${twin} as well: give it one of its own`);
    expiry.strikes.forEach((strike, k) => {
      const last = expiry.strikes[k - 1] ?? 0;
      const at: Path = ['market', 'expiries', i, 'strikes', k];
      if (strike <= last) fault(at, `found ${strike}, expected more than the ${last} before it`);
      if (strike > PRICE_MAXIMUM) fault(at, `found ${strike}, expected at most ${PRICE_MAXIMUM}`);
    });
    const forward = spot * Math.exp((expiry.carry * expiry.days) / DAYS_PER_YEAR);
    if (forward > PRICE_MAXIMUM) {
      fault(['market', 'expiries', i, 'carry'], `the forward would be ${forward} dollars, expected at most ${PRICE_MAXIMUM}`);
    }
  });
}

function checkForecast(document: ScenarioDocument, fault: (path: Path, message: string) => void): void {
  const perStep = (document.forecast.stepSeconds * 1000) / document.world.stepMillis;
  if (perStep < 1 || Math.abs(perStep - Math.round(perStep)) > 1e-9 * perStep) {
    const message = `found ${document.forecast.stepSeconds}, expected a whole multiple of the world's step of ${document.world.stepMillis / 1000} s`;
    fault(['forecast', 'stepSeconds'], message);
  }
  document.forecast.horizonsSteps.forEach((steps, i) => {
    const before = document.forecast.horizonsSteps[i - 1] ?? 0;
    if (steps <= before) fault(['forecast', 'horizonsSteps', i], `found ${steps}, expected more than the ${before} before it`);
  });
}

function agentSpecs(document: ScenarioDocument, kinds: readonly AgentKind[], fault: (path: Path, message: string) => void): AgentSpec[] {
  const names = Object.keys(document.agents).sort();
  if (names.length === 0) fault(['agents'], 'expected at least one agent');
  if (!names.includes(document.subject)) fault(['subject'], `found "${document.subject}", expected one of ${names.join(', ')}`);
  return names.map((name): AgentSpec => {
    const {
      kind: kindName,
      latency,
      outages,
      ...params
    } = document.agents[name] as ScenarioDocument['agents'][string] & Record<string, unknown>;
    const kind = kinds.find((candidate) => candidate.kind === kindName);
    if (kind === undefined) throw new RangeError(`kind ${kindName} passed the schema but is in no catalogue`);
    return { name, kind, params, latency: latencyLaws(latency), outages: outagesOf(outages, name, fault) };
  });
}

const labelOf = (expiry: MarketDocument['expiries'][number]): string => expiry.label ?? `${Number(expiry.days.toPrecision(4))}d`;

function chainOf(market: MarketDocument, table: TickTable): Chain {
  return buildChain({
    symbol: market.symbol,
    underlying: market.underlying,
    options: { ...market.options, tickTable: table },
    expiries: market.expiries.map((expiry) => ({
      label: labelOf(expiry),
      years: expiry.days / DAYS_PER_YEAR,
      carry: expiry.carry,
      strikes: expiry.strikes,
    })),
  });
}

function tenorShapes(market: MarketDocument): TenorShape[] {
  return market.expiries.map(({ days, levelRatio, rhoOffset, etaRatio }) => ({
    years: days / DAYS_PER_YEAR,
    levelRatio,
    rhoOffset,
    etaRatio,
  }));
}

/** An opening surface with arbitrage would be repaired silently at every step: it is refused instead. */
function checkSurface(factors: readonly number[], tenors: readonly TenorShape[], fault: (path: Path, message: string) => void): void {
  const surface = new FactorSurface(tenors);
  surface.update(factors, 0);
  if (surface.repairs > 0) {
    fault(
      ['world', 'surface'],
      `the opening surface has arbitrage: ${surface.repairs} of ${tenors.length} expiries would have to be repaired`,
    );
  }
}
