import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/assert.ts';
import { readDatedTable } from '../../../src/data/dated-table.ts';
import { HISTORY_LAYOUTS } from '../../../src/data/history-layouts.ts';
import { historyBaselines } from '../../../src/study/history/baselines.ts';
import { historyTable } from '../../../src/study/history/history-forecasts.ts';
import { historyPlan } from '../../../src/study/history/history-plan.ts';
import { averaged } from '../../../src/study/history/mixtures.ts';
import { type HistoryPanel, historyPanel, outcomesOf } from '../../../src/study/history/panel.ts';
import { prequential, type RowModel } from '../../../src/study/history/prequential.ts';
import { HISTORY_PRESETS, type HistoryPresetName } from '../../../src/study/history/presets.ts';
import { walkForwardFolds } from '../../../src/study/history/walk-forward.ts';
import { windowOrigins } from '../../../src/study/history/windows.ts';
import { cboeFile, deribitFile, dvolFile } from '../../support/history-files.ts';

const panelOf = (preset: HistoryPresetName, text: string): HistoryPanel =>
  historyPanel(readDatedTable('file.csv', text, HISTORY_LAYOUTS[preset]), HISTORY_PRESETS[preset].definition);
const FILES = { cboe: cboeFile({ rows: 330 }), 'deribit-panel': deribitFile({ rows: 200 }), dvol: dvolFile({ rows: 300 }) } as const;
const PRESETS = Object.keys(FILES) as HistoryPresetName[];
const lines = (text: string): string[] => text.trim().split('\n');

describe.each(PRESETS)('%s', (preset) => {
  const panel = panelOf(preset, FILES[preset]);

  test('has all inputs finite at usable rows, in order of time', () => {
    expect(panel.order.length).toBeGreaterThan(100);
    expect(panel.inputs).toHaveLength(panel.features.length);
    for (const values of panel.inputs) for (const row of panel.order) expect(Number.isFinite(values[row])).toBe(true);
    const times = [...panel.order].map((row) => panel.seconds[row] ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('no input, regime or baseline of a row is changed by later rows', () => {
    const all = lines(FILES[preset]);
    // The header, and whole times of both coins.
    const kept = 1 + 2 * Math.floor(0.4 * all.length);
    // The rows after the cut are those of another world.
    const other = lines(
      preset === 'cboe'
        ? cboeFile({ rows: 330, seed: '9' })
        : preset === 'dvol'
          ? dvolFile({ rows: 300, seed: '9' })
          : deribitFile({ rows: 200, seed: '9' }),
    );
    const changed = panelOf(preset, [...all.slice(0, kept), ...other.slice(kept)].join('\n'));
    const cutSeconds = Math.max(...[...panel.seconds].filter((_, row) => same(panel, changed, row)));
    const terms = { ...HISTORY_PRESETS[preset], linear: { firstOutcomes: 30, refitTimes: 60 } };
    const [before, after] = [historyBaselines(panel, terms), historyBaselines(changed, terms)];
    let compared = 0;
    const changes: string[] = [];
    const check = (name: string, row: number, is: number | undefined, was: number | undefined): void => {
      if (!Object.is(is, was)) changes.push(`${name} of row ${row}: ${was} became ${is}`);
    };
    for (const row of panel.order) {
      if ((panel.seconds[row] ?? 0) > cutSeconds) continue;
      panel.inputs.forEach((values, i) => {
        check(panel.features[i] ?? '', row, changed.inputs[i]?.[row], values[row]);
      });
      check('regime', row, changed.stressed[row], panel.stressed[row]);
      before.forEach(({ models, target }, t) => {
        for (const [name, { change, scale }] of models) {
          const twin = after[t]?.models.get(name);
          check(`${name}, ${target}`, row, twin?.change[row], change[row]);
          check(`scale of ${name}, ${target}`, row, twin?.scale[row], scale[row]);
          compared += Number.isFinite(change[row]) ? 1 : 0;
        }
      });
    }
    expect(changes).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });
});

/** Whether a row is the same in both panels, and all before it of its asset. */
function same(a: HistoryPanel, b: HistoryPanel, row: number): boolean {
  return a.states.every((values, i) =>
    values.slice(0, row + 1).every((value, at) => a.asset[at] !== a.asset[row] || b.states[i]?.[at] === value),
  );
}

describe('pauses', () => {
  test('part the rows: nothing reaches across', () => {
    const all = lines(FILES.cboe);
    const parted = panelOf('cboe', [...all.slice(0, 160), ...all.slice(190)].join('\n'));
    expect(parted.notes).toEqual(['1 pauses part the rows']);
    const border = parted.segment.indexOf(1);
    expect(border).toBe(159);
    expect(
      outcomesOf(parted, 0, 5)
        .slice(border - 5, border)
        .every(Number.isNaN),
    ).toBe(true);
    // 22 returns need 23 rows.
    expect([...parted.order].filter((row) => row >= border)[0]).toBe(border + 22);
    expect([...windowOrigins(parted, 15)].filter((row) => row >= border)[0]).toBe(border + 36);
  });

  test('a state that never moves, and a file too short for any row, are refused', () => {
    const still = lines(FILES.cboe).map((line, i) => (i === 0 ? line : line.replace(/^([^,]*,[^,]*,)[^,]*/, '$120.00')));
    expect(() => panelOf('cboe', still.join('\n'))).toThrow(/vix {2}never moves/);
    expect(() => panelOf('cboe', cboeFile({ rows: 20 }))).toThrow(/has 20 rows without a blank, none with enough rows before it/);
  });
});

describe('prequential forecasts', () => {
  test('learn each outcome at the time when it is known, and not before', () => {
    const panel = panelOf('deribit-panel', FILES['deribit-panel']);
    const outcomes = outcomesOf(panel, 0, 4);
    const known = new Set<number>();
    let now = Number.NEGATIVE_INFINITY;
    const faults: string[] = [];
    const model: RowModel = {
      learn(row, outcome) {
        const at = panel.seconds[row + 4] ?? Number.NaN;
        if (outcome !== outcomes[row] || known.has(row)) faults.push(`row ${row} is learned twice, or wrongly`);
        // Its outcome is known at the time of the fourth row after it, which comes next.
        if (!(at > now)) faults.push(`row ${row} is learned late`);
        latest = Math.max(latest, at);
        known.add(row);
      },
      refit: () => undefined,
      predict(row) {
        now = panel.seconds[row] ?? 0;
        if (latest > now) faults.push(`before row ${row} something is learned early`);
        return known.size;
      },
    };
    let latest = Number.NEGATIVE_INFINITY;
    const said = prequential(panel, 4, outcomes, model, { firstOutcomes: 10, refitTimes: 5 });
    // Ten outcomes of two coins are known at the ninth time.
    expect(said.filter(Number.isFinite).length).toBe(panel.order.length - 16);
    expect(faults).toEqual([]);
    expect(known.size).toBe(panel.order.length - 8);
  });
});

describe('walk-forward folds', () => {
  const panel = panelOf('cboe', FILES.cboe);
  const origins = windowOrigins(panel, 15);
  const at = (place: number): number => panel.seconds[origins[place] ?? -1] ?? Number.NaN;
  const terms = { fromSeconds: at(200), toSeconds: Number.POSITIVE_INFINITY, refitTimes: 30, validationShare: 0.12, trainingMin: 100 };

  test('train only on what was known, purged, and serve every origin once', () => {
    const folds = walkForwardFolds(panel, origins, terms);
    expect(folds).toHaveLength(Math.ceil((origins.length - 200) / 30));
    expect(folds.flatMap(({ served }) => served)).toEqual(Array.from({ length: origins.length - 200 }, (_, i) => 200 + i));
    for (const { cutSeconds, served, training, validation } of folds) {
      const label = (place: number): number => panel.seconds[(origins[place] ?? 0) + 5] ?? Number.NaN;
      for (const place of validation) expect(label(place)).toBeLessThanOrEqual(cutSeconds);
      for (const place of training) expect(label(place)).toBeLessThanOrEqual(at(validation[0] ?? 0));
      expect(at(served[0] ?? 0)).toBe(cutSeconds);
      expect(validation.length).toBe(Math.round(0.12 * (validation.length + training.length + 4)));
    }
  });

  test('say how many rows are needed where there are too few', () => {
    expect(() => walkForwardFolds(panel, origins, { ...terms, fromSeconds: at(60) })).toThrow(InputError);
    expect(() => walkForwardFolds(panel, origins, { ...terms, fromSeconds: at(60) })).toThrow(
      /has 56 usable rows with a known outcome before the first forecast, 45 of them to train on; expected at least 119/,
    );
    expect(() => walkForwardFolds(panel, origins, { ...terms, fromSeconds: 4e9 })).toThrow(/no origin between --from and --to/);
  });

  test('an input that does not move before the first forecast is left out, and said to be', () => {
    const still = lines(FILES.cboe).map((line, i) => (i === 0 || i > 250 ? line : line.replace(/,[^,]*(,[^,]*)$/, ',120.00$1')));
    const plan = historyPlan(panelOf('cboe', still.join('\n')), HISTORY_PRESETS.cboe, { fromSeconds: at(200) });
    expect(plan.notes).toEqual(['inputs that do not move before the first forecast are left out: skew less trend']);
    expect(plan.data.features).not.toContain('skew less trend');
  });
});

describe('the table of an ensemble', () => {
  test('holds every model at every origin, and intervals that hold 80 %', () => {
    const panel = panelOf('cboe', cboeFile({ rows: 700 }));
    const plan = historyPlan(panel, HISTORY_PRESETS.cboe, {});
    const outputs = 8;
    const ensemble = {
      change: new Float64Array(plan.served.length * outputs),
      scale: new Float64Array(plan.served.length * outputs).fill(0.2),
    };
    const { targets } = historyTable(
      'made up',
      panel,
      HISTORY_PRESETS.cboe,
      historyBaselines(panel, HISTORY_PRESETS.cboe),
      plan.served,
      ensemble,
    );
    expect(targets.map(({ target, horizon }) => `${target} ${horizon}`)).toEqual([
      ...['vix9d', 'vix', 'vix3m', 'vix6m'].flatMap((name) => [`${name} 1 d`, `${name} 5 d`]),
      'realised variance 5 d',
    ]);
    const first = targets[0];
    expect(first?.models.map(({ model }) => model)).toEqual([
      'rw',
      'ewma',
      'local-level',
      'ar1',
      'var',
      'har',
      'har-x',
      'lstm',
      'average',
      'gate',
    ]);
    expect(first?.outcome.length).toBe(plan.served.length - 1);
    for (const { model, change, scale } of first?.models ?? []) {
      const inside = change.reduce(
        (sum, said, i) => sum + (Math.abs((first?.outcome[i] ?? 0) - said) <= 1.2816 * (scale?.[i] ?? 0) ? 1 : 0),
        0,
      );
      // About 400 outcomes: four standard errors are .08. The net's scale of 0.2 is three times too wide on purpose.
      expect([model, Math.abs(inside / change.length - 0.8) < 0.08]).toEqual([model, true]);
    }
  });

  test('an average has the variance of a mixture', () => {
    const one = { change: Float64Array.of(1), scale: Float64Array.of(2) };
    const two = { change: Float64Array.of(3), scale: Float64Array.of(4) };
    const { change, scale } = averaged([one, two]);
    expect([change[0], scale[0]]).toEqual([2, Math.sqrt((4 + 16) / 2 + 1)]);
  });
});
