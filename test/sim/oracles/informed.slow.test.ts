import { describe, expect, test } from 'vitest';
import { changes, loadScenario } from '../../../src/app/run-setup.ts';
import { BURN_IN_ROWS } from '../../../src/forecast/lstm/scaling.ts';
import { FACTOR_COUNT } from '../../../src/pricing/factors.ts';
import { hiddenPath } from '../../../src/sim/oracles/hidden-path.ts';
import type { HiddenPath, MarketRecord } from '../../../src/sim/oracles/market-record.ts';
import { fitOracleLaw } from '../../../src/sim/oracles/oracle-law.ts';
import { oracleForecasts } from '../../../src/study/simulated/oracle-forecasts.ts';
import { RECORDED_WALK, recordedRun } from '../../../src/study/simulated/recorded-run.ts';
import { usableOrigins } from '../../../src/study/simulated/undisturbed.ts';

const FITTED = 20;
const SCORED = 12;
/** Level, slope and skew: of the curvature little is told. */
const FACTORS = [0, 1, 2];
const SHORT = 0;
/** Half an hour, a quarter of the two hours that informed traders see ahead. */
const LONG = 3;
const SHARE_AHEAD = 1 / 4;

const market = (edgeTicks: number) => {
  const overrides = [`agents.maker.forecaster=${RECORDED_WALK}`, `agents.insider.edgeTicks=${edgeTicks}`];
  const { scenario } = loadScenario('vol-regimes', changes(overrides));
  const record = (seed: string): MarketRecord => {
    const run = recordedRun(scenario, seed);
    for (;;) {
      const step = run.next();
      if (step.done === true) return step.value;
    }
  };
  return {
    scenario,
    learnt: Array.from({ length: FITTED }, (_, n) => record(`train/oracle/${n + 1}`)),
    scored: Array.from({ length: SCORED }, (_, n) => record(`${701 + n}`)),
  };
};

const deafened = (record: MarketRecord): MarketRecord => ({ ...record, signal: new Float64Array(record.signal.length) });

/** What a law that holds the signal and one that does not say of the same runs: squared errors against those of the walk, and what the difference knows. */
function compared({ scenario, learnt, scored }: ReturnType<typeof market>, worlds: readonly HiddenPath[]) {
  const hearing = fitOracleLaw(scenario, worlds, learnt);
  // The law of a market in which nobody is informed.
  const deaf = fitOracleLaw(
    { ...scenario, agents: scenario.agents.filter(({ name }) => name !== 'insider') },
    worlds,
    learnt.map(deafened),
  );
  const said = [hearing, deaf].map((law) => oracleForecasts(law, scored));
  const at = (step: number, h: number, f: number): number => (step * hearing.horizonsSteps.length + h) * FACTOR_COUNT + f;
  const r2 = (law: number, kind: 'filter' | 'state', h: number): number => {
    const ahead = hearing.horizonsSteps[h]!;
    const [walk, error] = [new Float64Array(FACTOR_COUNT), new Float64Array(FACTOR_COUNT)];
    for (const [n, seen] of scored.entries()) {
      const usable = usableOrigins(seen, ahead);
      for (let step = BURN_IN_ROWS; step + ahead <= seen.steps; step += 1)
        for (const f of usable[step] === 1 ? FACTORS : []) {
          const outcome = seen.truth[(step + ahead) * FACTOR_COUNT + f]! - seen.tracked[step * FACTOR_COUNT + f]!;
          const miss = outcome - said[law]![kind][n]!.change[at(step, h, f)]!;
          walk[f]! += outcome * outcome;
          error[f]! += miss * miss;
        }
    }
    return FACTORS.reduce((sum, f) => sum + (1 - error[f]! / walk[f]!) / FACTORS.length, 0);
  };
  /** Squares of what hearing adds half an hour ahead, and of that less the part of the signal that falls into it; over those of that part. */
  const signal = (kind: 'filter' | 'state'): { readonly added: number; readonly known: number } => {
    let [part, added, missed] = [0, 0, 0];
    for (const [n, seen] of scored.entries())
      for (let step = BURN_IN_ROWS; step < seen.steps; step += 1)
        for (const f of FACTORS) {
          const [more, less] = said.map((of) => of[kind][n]!.change[at(step, LONG, f)]!) as [number, number];
          const of = SHARE_AHEAD * seen.signal[step * FACTOR_COUNT + f]!;
          part += of * of;
          added += (more - less) * (more - less);
          missed += (of - (more - less)) * (of - (more - less));
        }
    return { added: added / part, known: 1 - missed / part };
  };
  return { sizes: hearing.surface.sizes, r2, signal };
}

const informed = market(0.5);
const worlds = Array.from({ length: 150 }, (_, n) => hiddenPath(informed.scenario, `train/oracle-world/${n + 1}`));

describe('where informed traders trade', () => {
  const { sizes, r2, signal } = compared(informed, worlds);

  test('the size that they always send is known as theirs', () => {
    expect(sizes.contracts).toEqual([1]);
  });

  test('filter and state learn a good part of what is known to them, though it is shown to neither', () => {
    expect(signal('filter').known).toBeGreaterThan(0.25);
    expect(signal('state').known).toBeGreaterThan(0.25);
    expect(signal('state').known).toBeLessThan(0.9);
  });

  test('both forecast better for it half an hour ahead, and the filter no worse at the next step', () => {
    for (const kind of ['filter', 'state'] as const) expect(r2(0, kind, LONG)).toBeGreaterThan(r2(1, kind, LONG));
    expect(r2(0, 'filter', SHORT)).toBeGreaterThan(r2(1, 'filter', SHORT) - 0.01);
  });

  test('knowing the hidden state stays worth more than the filter, at every horizon', () => {
    for (let h = SHORT; h <= LONG; h += 1) expect(r2(0, 'state', h)).toBeGreaterThan(r2(0, 'filter', h));
  });
});

test('where those who know never find edge enough to trade, nothing is heard', () => {
  const { sizes, r2, signal } = compared(market(1e9), worlds);
  expect(sizes.contracts).toEqual([]);
  for (const kind of ['filter', 'state'] as const) {
    expect(signal(kind).added).toBeLessThan(1e-12);
    for (let h = SHORT; h <= LONG; h += 1) expect(r2(0, kind, h)).toBeCloseTo(r2(1, kind, h), 6);
  }
});
