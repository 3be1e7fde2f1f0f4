import { describe, expect, test } from 'vitest';
import { maker } from '../../src/agents/maker/maker.ts';
import { FACTORS, type FactorName } from '../../src/pricing/factors.ts';
import { ForecastPnl } from '../../src/sim/forecast-pnl.ts';
import { runReport } from '../../src/study/run-report.ts';
import { runText } from '../../src/study/run-text.ts';
import { finished, tinyScenario } from '../support/tiny.ts';

/** Books exposures held over steps, and hands on what they earned, as the ledger would. */
class Holder {
  readonly split = new ForecastPnl([-0.7, 0.05, -0.2, 0]);
  readonly factors = [-0.7, 0.05, -0.2, 0];
  readonly #earned = [0, 0, 0, 0];

  step(held: readonly number[], moves: readonly number[], targets?: readonly number[]): void {
    moves.forEach((move, f) => {
      this.factors[f] = (this.factors[f] ?? 0) + move;
      this.#earned[f] = (this.#earned[f] ?? 0) + (held[f] ?? 0) * move;
    });
    const amountOf = (name: FactorName): number => this.#earned[FACTORS.indexOf(name)] ?? 0;
    this.split.step(targets === undefined ? undefined : Float64Array.from(targets), this.factors, amountOf);
  }
}

describe('what moves of the surface earned', () => {
  test('belongs to the forecast as far as it asked for what was held, factor by factor', () => {
    const holder = new Holder();
    // Less than held, more than held, of the other sign, and nothing held.
    holder.step([1000, -500, 300, 0], [0.01, 0.02, -0.01, 0.05], [400, -800, -200, 900]);
    expect(holder.split.total.forecast).toBeCloseTo(400 * 0.01 + -500 * 0.02, 9);
    expect(holder.split.total.inventory).toBeCloseTo(600 * 0.01 + 300 * -0.01, 9);
  });

  test('varies by the square of what a step earned in all factors together', () => {
    const holder = new Holder();
    holder.step([1000, -500, 0, 0], [0.01, 0.02, 0, 0]);
    expect(holder.split.total.variance).toBeCloseTo(0, 9);
    holder.step([1000, 500, 0, 0], [0.01, 0.02, 0, 0]);
    holder.step([0, 0, 300, 0], [0.5, 0, -0.01, 0]);
    expect(holder.split.total.variance).toBeCloseTo(400 + 9, 9);
  });

  test('counts from step to step, with the targets of each', () => {
    const holder = new Holder();
    holder.step([1000, 0, 0, 0], [0.01, 0, 0, 0], [250, 0, 0, 0]);
    holder.step([1000, 0, 0, 0], [-0.03, 0, 0, 0], [500, 0, 0, 0]);
    holder.step([-200, 0, 0, 0], [0.02, 0, 0, 0], [500, 0, 0, 0]);
    expect(holder.split.total.forecast).toBeCloseTo(2.5 - 15, 9);
    expect(holder.split.total.inventory).toBeCloseTo(7.5 - 15 - 4, 9);
  });

  test('is all of the inventory where nobody asked for anything', () => {
    const holder = new Holder();
    holder.step([1000, -500, 300, 20], [0.01, 0.02, -0.01, 0.05]);
    holder.step([1000, -500, 300, 20], [0.01, 0.02, -0.01, 0.05], [0, 0, 0, 0]);
    expect(holder.split.total.forecast).toBe(0);
    expect(holder.split.total.inventory).toBeCloseTo(2 * (10 - 10 - 3 + 1), 9);
  });
});

describe('in a run', () => {
  /** The maker, which says that it wants as much of the level as this; it trades as ever. */
  const wanting = (level: number) => ({
    ...maker,
    kind: 'wanting',
    build: (...[params, setup]: Parameters<typeof maker.build>) => {
      const agent = maker.build(params, setup);
      const targets = Float64Array.of(level, 0, 0, 0);
      agent.targetExposures = () => targets;
      return agent;
    },
  });
  const surfaceOf = (level: number) => {
    const sim = finished(tinyScenario(['agents.maker.kind=wanting'], [wanting(level)]), '2');
    const report = runReport(sim);
    const pnl = report.agents.find(({ name }) => name === 'maker')?.pnl;
    return {
      hash: report.traceHash,
      surface: pnl?.surface ?? { forecast: Number.NaN, inventory: Number.NaN },
      byCause: pnl?.byCause ?? {},
      report,
    };
  };
  const plain = runReport(finished(tinyScenario(), '2'));
  const parts = (byCause: Readonly<Record<string, number>>): number => FACTORS.reduce((sum, name) => sum + (byCause[name] ?? 0), 0);

  test('an agent that wants all it can get of the level, long or short, is told the level by its sign, and nothing else', () => {
    const [long, short] = [surfaceOf(1e12), surfaceOf(-1e12)];
    for (const { surface, byCause } of [long, short]) {
      expect(surface.forecast + surface.inventory).toBeCloseTo(parts(byCause), 8);
    }
    expect(long.byCause['level']).not.toBe(0);
    expect(long.surface.forecast + short.surface.forecast).toBeCloseTo(long.byCause['level'] ?? Number.NaN, 8);
  });

  test('what it says moves nothing, and is shown', () => {
    const { hash, surface, report } = surfaceOf(1e12);
    expect(hash).toBe(plain.traceHash);
    const line = `of that, moves of the surface ($): by forecast ${surface.forecast.toFixed(0)}, by inventory ${surface.inventory.toFixed(0)}`;
    expect(runText(report)).toContain(line);
  });

  test('an agent that says nothing has inventory only; others than the subject have neither', () => {
    for (const { name, pnl } of plain.agents) {
      if (name !== 'maker') expect(pnl.surface).toBeUndefined();
      else
        expect(pnl.surface).toMatchObject({
          forecast: 0,
          inventory: expect.closeTo(parts(pnl.byCause), 9),
          riskCharge: 0.001 * (pnl.surface?.variance ?? 0),
        });
    }
  });
});
