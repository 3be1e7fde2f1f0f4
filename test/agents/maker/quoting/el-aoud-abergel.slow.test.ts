import { expect, test } from 'vitest';
import { asPrice } from '../../../../src/agents/maker/quoting/as-price.ts';
import { bestDistance } from '../../../../src/agents/maker/quoting/hamiltonian.ts';
import { blankQuote, type Quoter, type QuotingView } from '../../../../src/agents/maker/quoting/quoter.ts';
import { zeroIntelligence } from '../../../../src/agents/maker/quoting/zero-intelligence.ts';
import { normal } from '../../../../src/core/distributions.ts';
import { streams } from '../../../../src/core/rng.ts';
import { FACTOR_COUNT } from '../../../../src/pricing/factors.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

/** The experiment of El Aoud and Abergel (2015): one call of a month at the money, under Heston's law, not hedged. */
const LAW = { kappa: 4, theta: 0.04, xi: 0.5, rho: -0.4 };
const SPOT = 100;
const YEARS = 1 / 12;
const PATHS = 500;
const STEPS = 500;
/** Orders come at A/(B + δ^1.5) a year and side to a quote at a distance δ. */
const [A, B] = [500, 1];
/** δ A/(B + δ^1.5) is largest where δ^1.5 = 2. */
const BEST = Math.cbrt(4);
const arrivals = (distance: number): number => A / (B + (distance > 0 ? distance * Math.sqrt(distance) : 0));

interface Maker {
  readonly quoter: Quoter;
  readonly view: QuotingView & { readonly terms: { riskAversion: number } };
  cash: number;
  held: number;
  readonly wealth: number[];
  readonly inventory: number[];
}

const CHAIN = smallChain([{ days: 365 * YEARS, strikes: [SPOT] }]);
const THEO = new TheoChain(CHAIN, plainTerms(CHAIN));
const CALL = CHAIN.options.findIndex(({ right }) => right === 'call');

/** A view that differs from maker to maker in the position and the aversion alone. */
function viewOf(riskAversion: number): Maker['view'] {
  const n = CHAIN.options.length;
  const column = (value: number): Float64Array => new Float64Array(n).fill(value);
  return {
    chain: CHAIN,
    theo: THEO,
    nowYears: 0,
    terms: { riskAversion, widthMultiplier: 1, leanCap: 1, size: 1 },
    units: column(0),
    exposures: new Float64Array(FACTOR_COUNT),
    dollarGamma: 0,
    forecast: undefined,
    covariance: new Float64Array(FACTOR_COUNT * FACTOR_COUNT),
    perYear: column(A),
    buyers: column(0.5),
    balanceDecay: 0,
    beta: column(1),
    fee: column(0),
    valueSd: column(0),
    toxicity: column(0),
    bid: column(Number.NaN),
    ask: column(Number.NaN),
    isQuoted: new Uint8Array(n).fill(1),
  };
}

const maker = (quoter: Quoter, riskAversion: number): Maker => ({
  quoter,
  view: viewOf(riskAversion),
  cash: 0,
  held: 0,
  wealth: [],
  inventory: [],
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sd = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) * (value - centre))));
};

test('wealth is largest without aversion and smallest without intelligence, its risk and the inventory the other way round', () => {
  // What the month moves is the whole price: no hedge, so all of delta stays open, on average for half of the month.
  const whole = { residualDelta: 1, horizonSeconds: (365 * 86_400 * YEARS) / 2 };
  const makers = {
    zero: maker(zeroIntelligence.build({}), 1),
    neutral: maker(asPrice.build(whole), 1e-9),
    averse: maker(asPrice.build(whole), 0.1),
  };
  const rng = streams('el-aoud-abergel').stream('paths');
  const out = blankQuote();
  const dt = YEARS / STEPS;
  for (let path = 0; path < PATHS; path += 1) {
    let spot = SPOT;
    let variance = LAW.theta;
    for (const each of Object.values(makers)) {
      each.cash = 0;
      each.held = 0;
    }
    for (let step = 0; step < STEPS; step += 1) {
      const left = YEARS - step * dt;
      const v = Math.max(0, variance);
      // Mean variance until expiry.
      const ahead = LAW.theta + ((v - LAW.theta) * -Math.expm1(-LAW.kappa * left)) / (LAW.kappa * left);
      THEO.move([Math.log(Math.sqrt(Math.max(1e-4, ahead))), 0, 0, -4], spot, step * dt);
      THEO.valueAll();
      const vega = THEO.vega[CALL] ?? 0;
      const [buys, sells] = [rng.uniform(), rng.uniform()];
      if (vega > 1e-3) {
        for (const each of Object.values(makers)) {
          const { view, quoter } = each;
          // A belief about customers that has its best distance where theirs is.
          (view.beta as Float64Array)[CALL] = (bestDistance(0, 1) * vega) / BEST;
          (view.units as Float64Array)[CALL] = each.held;
          quoter.quote(view, CALL, out);
          // The same customers for all: each side with its own draw.
          if (sells < arrivals(out.fair - out.bid) * dt) {
            each.held += 1;
            each.cash -= out.bid;
          }
          if (buys < arrivals(out.ask - out.fair) * dt) {
            each.held -= 1;
            each.cash += out.ask;
          }
        }
      }
      const [z, w] = [normal(rng), normal(rng)];
      spot *= Math.exp(-0.5 * v * dt + Math.sqrt(v * dt) * z);
      variance += LAW.kappa * (LAW.theta - v) * dt + LAW.xi * Math.sqrt(v * dt) * (LAW.rho * z + Math.sqrt(1 - LAW.rho * LAW.rho) * w);
    }
    for (const each of Object.values(makers)) {
      each.wealth.push(each.cash + each.held * Math.max(0, spot - SPOT));
      each.inventory.push(each.held);
    }
  }
  const { zero, neutral, averse } = makers;
  console.log(
    Object.entries(makers)
      .map(
        ([name, { wealth, inventory }]) =>
          `${name}: ${mean(wealth).toFixed(1)}/${sd(wealth).toFixed(1)}, inventory ${sd(inventory).toFixed(1)}`,
      )
      .join('; '),
  );
  expect(mean(neutral.wealth)).toBeGreaterThan(mean(averse.wealth));
  expect(mean(averse.wealth)).toBeGreaterThan(mean(zero.wealth));
  expect(sd(zero.wealth)).toBeGreaterThan(sd(neutral.wealth));
  expect(sd(neutral.wealth)).toBeGreaterThan(sd(averse.wealth));
  expect(sd(zero.inventory)).toBeGreaterThan(sd(neutral.inventory));
  expect(sd(neutral.inventory)).toBeGreaterThan(sd(averse.inventory));
});
