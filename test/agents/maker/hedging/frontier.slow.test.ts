import { describe, expect, test } from 'vitest';
import { every } from '../../../../src/agents/maker/hedging/every.ts';
import { fixedBand } from '../../../../src/agents/maker/hedging/fixed-band.ts';
import { hedgeUnits } from '../../../../src/agents/maker/hedging/hedge-units.ts';
import type { Hedger, HedgingView } from '../../../../src/agents/maker/hedging/hedger.ts';
import { whalleyWilmott } from '../../../../src/agents/maker/hedging/whalley-wilmott.ts';
import { zakamouline } from '../../../../src/agents/maker/hedging/zakamouline.ts';
import { normal } from '../../../../src/core/distributions.ts';
import { streams } from '../../../../src/core/rng.ts';
import { TheoChain } from '../../../../src/pricing/theo.ts';
import { hedgingView } from '../../../support/hedging-view.ts';
import { quotingView } from '../../../support/quoting-view.ts';
import { plainTerms, smallChain } from '../../../support/small-chain.ts';

const SPOT = 70_000;
const VOL = 0.5;
const COST_BP = 5.5;
const DAYS = 30;
const STEPS_PER_DAY = 48;
const STEP_SECONDS = 86_400 / STEPS_PER_DAY;
const STEP_YEARS = 1 / (365 * STEPS_PER_DAY);
const PATHS = 1500;
const LOT = 1e-4;
/** No smile, so that the paths are what the values take them for. */
const FLAT = [Math.log(VOL), 0, 0, -12];

interface Strategy {
  readonly family: string;
  readonly setting: number;
  readonly hedger: () => Hedger;
}

const grid = (from: number, to: number, points: number): number[] =>
  Array.from({ length: points }, (_, i) => from * Math.exp((i * Math.log(to / from)) / (points - 1)));

const WIDE = { costBp: COST_BP, bandMaximum: 1e9 };
const STRATEGIES: readonly Strategy[] = [
  ...grid(1e-5, 0.03, 10).map((riskAversion) => ({
    family: 'whalley-wilmott',
    setting: riskAversion,
    hedger: () => whalleyWilmott.build({ ...WIDE, riskAversion }),
  })),
  ...grid(1e-5, 0.03, 10).map((riskAversion) => ({
    family: 'zakamouline',
    setting: riskAversion,
    hedger: () => zakamouline.build({ ...WIDE, riskAversion }),
  })),
  ...grid(0.01, 0.4, 10).map((halfWidth) => ({ family: 'fixed-band', setting: halfWidth, hedger: () => fixedBand.build({ halfWidth }) })),
  ...[1, 2, 4, 8, 16, 32, 64, 128, 240].map((steps) => ({
    family: 'every',
    setting: steps * STEP_SECONDS,
    hedger: () => every.build({ seconds: steps * STEP_SECONDS }),
  })),
];

/** Mean cost and standard deviation of the profit of one strategy, dollars per option. */
interface Point {
  readonly family: string;
  readonly setting: number;
  readonly cost: number;
  readonly sd: number;
}

/** Sells one at-the-money call, and hedges it to its end on the same paths in every way. */
function simulate(units: 1 | -1): Point[] {
  const chain = smallChain([{ days: DAYS, strikes: [SPOT] }]);
  const theo = new TheoChain(chain, plainTerms(chain));
  const quoting = { ...quotingView({ chain, units: Float64Array.from([units, 0]) }), theo };
  const sums = STRATEGIES.map(() => ({ cost: 0, profit: 0, square: 0 }));
  const chance = streams('frontier').stream('paths');
  const steps = DAYS * STEPS_PER_DAY;
  const sd = VOL * Math.sqrt(STEP_YEARS);
  for (let path = 0; path < PATHS; path += 1) {
    const runs = STRATEGIES.map(({ hedger }) => ({ hedger: hedger(), held: 0, cost: 0, profit: 0 }));
    let spot = SPOT;
    for (let step = 0; step < steps; step += 1) {
      theo.move(FLAT, spot, step * STEP_YEARS);
      theo.valueAll();
      const delta = units * (theo.delta[0] ?? 0);
      const gamma = units * (theo.gamma[0] ?? 0);
      const view: HedgingView = hedgingView({
        quoting,
        gamma,
        spot,
        lotSize: LOT,
        nowSeconds: step * STEP_SECONDS,
      });
      const next = spot * Math.exp(sd * normal(chance) - (sd * sd) / 2);
      for (const run of runs) {
        const { centre, halfWidth } = run.hedger.band(view);
        const traded = hedgeUnits(delta + run.held, halfWidth, LOT, centre);
        run.held += traded;
        run.cost += Math.abs(traded) * spot * (COST_BP / 10_000);
        run.profit += run.held * (next - spot);
      }
      spot = next;
    }
    runs.forEach((run, i) => {
      const sum = sums[i];
      if (sum === undefined) return;
      const cost = run.cost + Math.abs(run.held) * spot * (COST_BP / 10_000);
      const profit = units * Math.max(0, spot - SPOT) + run.profit - cost;
      sum.cost += cost;
      sum.profit += profit;
      sum.square += profit * profit;
    });
  }
  return STRATEGIES.map(({ family, setting }, i) => {
    const { cost, profit, square } = sums[i] ?? { cost: 0, profit: 0, square: 0 };
    return { family, setting, cost: cost / PATHS, sd: Math.sqrt(square / PATHS - (profit / PATHS) ** 2) };
  });
}

/** Cost of a family at a standard deviation, in a straight line between its settings in logs; not a number outside them. */
function costAt(points: readonly Point[], family: string, sd: number): number {
  const own = points.filter((point) => point.family === family).sort((a, b) => a.sd - b.sd);
  for (let i = 1; i < own.length; i += 1) {
    const [a, b] = [own[i - 1], own[i]];
    if (a === undefined || b === undefined || sd < a.sd || sd > b.sd) continue;
    const share = Math.log(sd / a.sd) / Math.log(b.sd / a.sd);
    return Math.exp((1 - share) * Math.log(a.cost) + share * Math.log(b.cost));
  }
  return Number.NaN;
}

const FAMILIES = ['whalley-wilmott', 'zakamouline', 'fixed-band', 'every'];
const SDS = [350, 500, 700, 1000];

describe.each([
  ['a sold call', -1],
  ['a bought call', 1],
] as const)('%s at the money of 30 days, costs of 5.5 bp', (name, units) => {
  const points = simulate(units);
  const rows = SDS.map((sd) => FAMILIES.map((family) => costAt(points, family, sd)));
  console.log(
    [
      `${name}: mean cost in dollars at a standard deviation of the profit`,
      ['sd', ...FAMILIES].map((word) => word.padStart(16)).join(''),
      ...SDS.map((sd, i) => [sd, ...(rows[i] ?? [])].map((value) => value.toFixed(1).padStart(16)).join('')),
      ...points.map(
        ({ family, setting, cost, sd }) =>
          `${family.padEnd(16)} ${setting.toPrecision(3).padStart(9)} cost ${cost.toFixed(1)} sd ${sd.toFixed(1)}`,
      ),
    ].join('\n'),
  );

  test('both bands cost less than hedging on a grid of times at equal risk', () => {
    for (const [whalley = Number.NaN, zak = Number.NaN, , timed = Number.NaN] of rows) {
      expect(whalley).toBeLessThan(0.95 * timed);
      expect(zak).toBeLessThan(0.95 * timed);
    }
  });

  test('and no more than a band of one width', () => {
    for (const [whalley = Number.NaN, zak = Number.NaN, fixed = Number.NaN] of rows) {
      expect(whalley).toBeLessThan(1.01 * fixed);
      expect(zak).toBeLessThan(1.01 * fixed);
    }
  });
});
