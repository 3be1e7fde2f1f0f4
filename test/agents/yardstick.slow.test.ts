import { beforeAll, describe, expect, test } from 'vitest';
import { studentInterval } from '../../src/study/bootstrap.ts';
import { median } from '../../src/study/statistics.ts';
import { type CounterpartySums, type QuoteResult, quoteFills } from '../support/quote-fills.ts';

const SEEDS = Array.from({ length: 48 }, (_, n) => String(n + 1));
const NOTHING: CounterpartySums = { fills: 0, quoted: 0, captured: 0, kept: 0 };

const sumsOf = (run: QuoteResult, counterparty: string): CounterpartySums => run.counterparties.get(counterparty) ?? NOTHING;
/** 95 % of a figure's mean over the seeds. */
const interval = (runs: readonly QuoteResult[], figure: (run: QuoteResult) => number): { low: number; high: number } => {
  const [low, high] = studentInterval(runs.map(figure), 0.95);
  return { low, high };
};
const total = (runs: readonly QuoteResult[], counterparty: string, part: keyof CounterpartySums): number =>
  runs.reduce((sum, run) => sum + sumsOf(run, counterparty)[part], 0);
const afterCosts = (run: QuoteResult): number => sumsOf(run, 'all').kept + run.fees + run.hedgeCost;
const withoutOpenDelta = (run: QuoteResult): number => run.pnl - run.openDelta;

/** The figures, for whoever tunes the market. */
function print(name: string, runs: readonly QuoteResult[]): void {
  const shown = (figure: (run: QuoteResult) => number): string => {
    const { low, high } = interval(runs, figure);
    return `[${low.toFixed(0)}, ${high.toFixed(0)}]`;
  };
  const rows = ['all', 'customers', 'informed', 'sniper'].map((counterparty) => {
    const [quoted, captured, kept] = (['quoted', 'captured', 'kept'] as const).map((part) => total(runs, counterparty, part)) as [
      number,
      number,
      number,
    ];
    return [
      `${counterparty.padEnd(10)} ${(total(runs, counterparty, 'fills') / runs.length).toFixed(1).padStart(6)} fills a run`,
      `$ quoted ${shown((run) => sumsOf(run, counterparty).quoted)}`,
      `captured ${shown((run) => sumsOf(run, counterparty).captured)}`,
      `kept ${shown((run) => sumsOf(run, counterparty).kept)}`,
      quoted > 0
        ? `given back of quoted ${(1 - kept / quoted).toFixed(2)}, of captured ${(1 - kept / captured).toFixed(2)}`
        : 'nothing quoted',
    ].join('  ');
  });
  const net = `after fees and hedging $ ${shown(afterCosts)}; profit without open delta $ ${shown(withoutOpenDelta)}, with it $ ${shown(({ pnl }) => pnl)}`;
  console.log([name, ...rows, net].join('\n'));
}

describe('on a quiet day', () => {
  let runs: QuoteResult[] = [];
  beforeAll(() => {
    runs = SEEDS.map((seed) => quoteFills('yardstick-calm', seed));
    print('yardstick-calm', runs);
  }, 900_000);

  test('a maker with a fixed width earns after fees and hedging', () => {
    expect(interval(runs, afterCosts).low).toBeGreaterThan(0);
  });

  test('customers take nothing from it once the trade is done', () => {
    const customers = (run: QuoteResult) => sumsOf(run, 'customers');
    expect(interval(runs, (run) => customers(run).kept - 0.9 * customers(run).captured).low).toBeGreaterThan(0);
  });
});

describe('on an ordinary day', () => {
  let runs: QuoteResult[] = [];
  beforeAll(() => {
    runs = SEEDS.map((seed) => quoteFills('yardstick-normal', seed));
    print('yardstick-normal', runs);
  }, 900_000);

  test('a maker with a fixed width gives back 10 to 40 % of what it quoted within five minutes', () => {
    const all = (run: QuoteResult) => sumsOf(run, 'all');
    // At least a tenth in the mean: its interval reaches below.
    expect(total(runs, 'all', 'kept')).toBeLessThan(0.9 * total(runs, 'all', 'quoted'));
    expect(interval(runs, (run) => all(run).kept - 0.6 * all(run).quoted).low).toBeGreaterThan(0);
  });

  test('informed traders are a tenth of its fills or so', () => {
    const share = total(runs, 'informed', 'fills') / total(runs, 'all', 'fills');
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.2);
  });
});

describe('where those who know and those who are quick come all the time', () => {
  let runs: QuoteResult[] = [];
  beforeAll(() => {
    runs = SEEDS.map((seed) => quoteFills('yardstick-toxic', seed));
    print('yardstick-toxic', runs);
  }, 900_000);

  test('the same maker loses', () => {
    expect(interval(runs, withoutOpenDelta).high).toBeLessThan(0);
  });

  test('it earns from customers, gives informed traders back a quarter and more of what it quoted in most runs, and loses to snipers at once', () => {
    expect(interval(runs, (run) => sumsOf(run, 'customers').kept).low).toBeGreaterThan(0);
    // The median: in a run in thirty or so the maker loses the surface after news, and what it then quotes around means nothing.
    const gaps = runs.map((run) => 0.75 * sumsOf(run, 'informed').quoted - sumsOf(run, 'informed').kept);
    expect(median(gaps)).toBeGreaterThan(0);
    expect(interval(runs, (run) => sumsOf(run, 'sniper').captured).high).toBeLessThan(0);
    expect(interval(runs, (run) => sumsOf(run, 'sniper').kept).high).toBeLessThan(0);
  });
});
