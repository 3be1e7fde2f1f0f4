import type { Right } from '../../src/market/instrument.ts';

export interface TreeOption {
  readonly right: Right;
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly vol: number;
  readonly rate: number;
  readonly yield: number;
  readonly steps: number;
}

/** American value by the tree of Cox, Ross and Rubinstein (1979), the mean of two neighbouring numbers of steps. */
export function americanTree(option: TreeOption, early = true): number {
  return (tree(option, option.steps, early) + tree(option, option.steps + 1, early)) / 2;
}

function tree({ right, spot, strike, years, vol, rate, yield: paid }: TreeOption, steps: number, early: boolean): number {
  const dt = years / steps;
  const up = Math.exp(vol * Math.sqrt(dt));
  const p = (Math.exp((rate - paid) * dt) - 1 / up) / (up - 1 / up);
  const discount = Math.exp(-rate * dt);
  const payoff = (level: number): number =>
    Math.max(0, (right === 'call' ? 1 : -1) * (spot * Math.exp(level * vol * Math.sqrt(dt)) - strike));
  const values = Float64Array.from({ length: steps + 1 }, (_, i) => payoff(2 * i - steps));
  // Exercise values by level, once: a power for each node would be most of the work.
  const exercise = Float64Array.from({ length: 2 * steps + 1 }, (_, i) => payoff(i - steps));
  for (let n = steps - 1; n >= 0; n -= 1) {
    for (let i = 0; i <= n; i += 1) {
      const held = discount * (p * values[i + 1]! + (1 - p) * values[i]!);
      values[i] = early ? Math.max(held, exercise[2 * i - n + steps]!) : held;
    }
  }
  return values[0]!;
}
