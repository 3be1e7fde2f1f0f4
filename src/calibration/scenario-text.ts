import { WORLD_PRESETS } from '../processes/presets.ts';
import type { ChainSnapshot } from './chain-snapshot.ts';
import { factorFit } from './factor-fit.ts';
import { type ChosenExpiry, chosenExpiries } from './scenario-choice.ts';
import type { SurfaceFit } from './surface-fit.ts';

/** A scenario made from a fitted chain. */
export interface CalibratedScenario {
  readonly name: string;
  /** The file, YAML with comments. */
  readonly text: string;
  readonly expiries: readonly ChosenExpiry[];
}

/** At-the-money vol at 30 days below which a market counts as calm, and as normal. */
const CALM_BELOW = 0.4;
const NORMAL_BELOW = 0.65;
/** Price level that the defaults of scenarios are made for, dollars: sizes in other coins are scaled to the same money. */
const DEFAULTS_SPOT = 70_000;

/**
 * A scenario file whose market opens on the fitted surface, complete and with its provenance in comments; no quote of the
 * chain is in it. The surface of the parsed file equals the fit to 1e-6 of vol (test/calibration/scenario-text.test.ts).
 *
 * @returns undefined when no fitted expiry lies between two days and a year.
 */
export function calibratedScenario(snapshot: ChainSnapshot, fit: SurfaceFit): CalibratedScenario | undefined {
  const expiries = chosenExpiries(snapshot, fit.expiries);
  if (expiries.length === 0) return undefined;
  const time = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)/.exec(fit.at)?.slice(1) ?? [];
  const [year, month, day, hour, minute] = time;
  const name = `${fit.symbol.toLowerCase()}-${year}${month}${day}-${hour}${minute}`;
  const question = `What does a maker that follows the forecast earn on the ${fit.symbol} surface of ${year}-${month}-${day}, ${hour}:${minute} UTC?`;
  const lines = [
    `# ${question}`,
    ...provenance(snapshot, fit, expiries),
    `name: ${name}`,
    `question: '${question}'`,
    'duration: 2 h',
    ...marketLines(fit, expiries),
    ...worldLines(fit, expiries),
    ...agentLines(moneyScale(fit)),
  ];
  return { name, text: lines.map((line) => `${line}\n`).join(''), expiries };
}

function provenance(snapshot: ChainSnapshot, fit: SurfaceFit, expiries: readonly ChosenExpiry[]): string[] {
  const { overall } = fit;
  const table = expiries.map(
    (one) =>
      `#   ${one.label.padEnd(8)} ${String(one.quotes).padStart(4)} quotes, error ${one.medianAbsErrorVolPoints.toFixed(2)} at a width of ` +
      `${one.medianWidthVolPoints.toFixed(2)} vol points, ${Math.round(100 * one.insideShare)} % inside; forward from ${one.forwardSource}`,
  );
  return [
    '#',
    `# Made by volpit calibrate from ${plain(snapshot.source)}, a snapshot of ${plain(snapshot.venue)} at ${plain(fit.at)}.`,
    `# Surface: eSSVI without static arbitrage on ${overall.quotes} out-of-the-money quotes of ${fit.expiries.length} expiries; median error ${overall.medianAbsErrorVolPoints.toFixed(2)}`,
    `# at a median bid-ask width of ${overall.medianWidthVolPoints.toFixed(2)} vol points, ${Math.round(100 * overall.insideShare)} % of the fitted vols between bid and ask. Expiries used here:`,
    ...table,
    snapshot.settlement === 'coin'
      ? '# Spot is the index price. Premiums are in coin at the venue and in dollars here. All else is a premise, not a fit.'
      : '# All else is a premise, not a fit: regimes and customers are those of the preset btc, for want of one of this market.',
  ];
}

function marketLines(fit: SurfaceFit, expiries: readonly ChosenExpiry[]): string[] {
  const { tenors } = factorFit(expiries);
  const scale = moneyScale(fit);
  const listing = [`  symbol: ${fit.symbol}`];
  if (scale !== 1) {
    listing.push(`  underlying: { tickSize: ${nice(1 / scale)}, lotSize: 0.1 }`, `  options: { tickSize: ${nice(5 / scale)}, lotSize: 1 }`);
  }
  const rows = expiries.flatMap((expiry, i) => {
    const { levelRatio = 1, rhoOffset = 0, etaRatio = 1 } = tenors[i] ?? {};
    return [
      `    - label: ${expiry.label}`,
      `      days: ${expiry.years * 365}`,
      `      strikes: [${expiry.strikes.join(', ')}]`,
      `      carry: ${Math.log(expiry.forward / fit.spot) / expiry.years}`,
      `      levelRatio: ${levelRatio}`,
      `      rhoOffset: ${rhoOffset}`,
      `      etaRatio: ${etaRatio}`,
    ];
  });
  return [
    'market:',
    ...listing,
    '  # Listed strikes near call deltas of .9 to .1. The last three fields are what a smile has beyond the four factors below.',
    '  expiries:',
    ...rows,
  ];
}

function worldLines(fit: SurfaceFit, expiries: readonly ChosenExpiry[]): string[] {
  const { level, slope, skew, curvature } = factorFit(expiries);
  const atmVol = Math.exp(level);
  const index = atmVol < CALM_BELOW ? 0 : atmVol < NORMAL_BELOW ? 1 : 2;
  const regime = WORLD_PRESETS.btc.regimes[index];
  const scale = moneyScale(fit);
  return [
    'world:',
    '  preset: btc',
    `  spot: ${fit.spot}`,
    `  # Premise: a vol of ${(100 * atmVol).toFixed(1)} % at 30 days is a ${regime.name} market (calm below ${100 * CALM_BELOW} %, normal below ${100 * NORMAL_BELOW} %) and stays one; the spot`,
    '  # moves at that vol less what the regime pays for variance risk.',
    `  start: { regime: ${regime.name}, vol: ${(atmVol * Math.exp(-regime.surface.premium)).toFixed(4)} }`,
    '  switching: false',
    `  surface: { atmVol: ${atmVol}, slope: ${slope}, skew: ${skew}, curvature: ${curvature} }`,
    ...(scale === 1
      ? []
      : [
          `  # Sizes are ${scale} times those in bitcoin, for the same money; a push per contract is as much smaller.`,
          '  regimes:',
          ...WORLD_PRESETS.btc.regimes.map(({ name, demand }) => `    ${name}: { demand: { impact: ${short(demand.impact / scale)} } }`),
        ]),
  ];
}

function agentLines(scale: number): string[] {
  const sized = (fields: string): string => (scale === 1 ? '' : `, ${fields}`);
  const flow = ['flow:', `  sizeScale: ${scale}`, `  sizeMaximum: ${WORLD_PRESETS.btc.flow.sizeMaximum * scale}`];
  const limits = `limits: { positionPerSeries: ${20 * scale}, gamma: ${10 * scale}, delta: ${8 * scale} }`;
  const picks = `size: ${2 * scale}, limits: { positionPerSeries: ${10 * scale}, contracts: ${60 * scale} }`;
  return [
    ...(scale === 1 ? [] : flow),
    'agents:',
    '  customers: { kind: customers }',
    `  insider: { kind: informed${sized(`size: ${scale}, positionPerSeries: ${6 * scale}`)} }`,
    `  liquidity: { kind: underlying-liquidity${sized(`size: ${4 * scale}`)} }`,
    `  maker: { kind: maker, forecaster: lstm${sized(`size: ${scale}, hedger: { kind: whalley-wilmott, bandMaximum: ${2 * scale} }, ${limits}`)} }`,
    `  rivals: { kind: reference, spreadPerVol: 0.0088, size: ${25 * scale}, remarkShare: 1, reactionMillis: 4 s, latency: { orderMillis: 3, dataMillis: 3 } }`,
    `  fast-rival: { kind: reference, spreadPerVol: 0.0075, size: ${15 * scale}, remarkShare: 0.5, reactionMillis: 1 s, latency: { orderMillis: 1, dataMillis: 1 } }`,
    `  pickers: { kind: sniper${sized(picks)}, latency: { orderMillis: { lognormal: { medianMillis: 6, sigma: 0.5 } }, dataMillis: 6 } }`,
    'subject: maker',
    'variants:',
    "  wide: ['agents.maker.widthMultiplier=1.4']",
    "  narrow: ['agents.maker.widthMultiplier=0.95']",
  ];
}

/** Contracts here for one in bitcoin, for which the defaults of scenarios are made. */
function moneyScale(fit: SurfaceFit): number {
  return fit.symbol === 'BTC' ? 1 : Math.max(1, nice(DEFAULTS_SPOT / fit.spot));
}

/** The nearest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, …, by ratio. */
function nice(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((digit) => Number(`${digit}e${exponent}`));
  return steps.reduce((best, step) => (Math.abs(Math.log(step / value)) < Math.abs(Math.log(best / value)) ? step : best));
}

const short = (value: number): number => Number(value.toPrecision(4));

/** A text from outside in a comment: one line, and nothing that a terminal would obey. */
const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
