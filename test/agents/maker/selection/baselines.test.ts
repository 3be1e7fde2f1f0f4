import { describe, expect, test } from 'vitest';
import { all } from '../../../../src/agents/maker/selection/all.ts';
import { moneyness, nearestAtm } from '../../../../src/agents/maker/selection/nearest-atm.ts';
import { random } from '../../../../src/agents/maker/selection/random.ts';
import type { Candidacy, Selection, SelectionView, Selector } from '../../../../src/agents/maker/selection/selector.ts';
import { staticValue } from '../../../../src/agents/maker/selection/static-value.ts';
import { streams } from '../../../../src/core/rng.ts';
import { quotingView } from '../../../support/quoting-view.ts';

const QUOTING = quotingView();
const { options: OPTIONS } = QUOTING.chain;

function view(changes: Partial<SelectionView> = {}): SelectionView {
  return {
    quoting: QUOTING,
    candidacies: OPTIONS.map(({ id }): Candidacy => ({ series: id - 1, score: 1, reason: '' })),
    current: OPTIONS.map((): Selection => ({ selected: false, sinceSeconds: 0, reason: '' })),
    nowSeconds: 0,
    maximum: 1000,
    dwellSeconds: 0,
    staticScores: () => OPTIONS.map((_, i) => i),
    admit: () => undefined,
    startOver: () => {},
    ...changes,
  };
}

function chosen(selector: Selector, of: SelectionView): number[] {
  selector.choose(of);
  return of.current.flatMap(({ selected }, i) => (selected ? [i] : []));
}

const stream = (seed: string) => streams(seed).stream('agents/maker/selector');

describe('nearest-atm', () => {
  test('takes the strikes next to the money of each expiry, calls and puts', () => {
    const members = chosen(nearestAtm.build({ strikes: 2 }, stream('1')), view());
    for (const { index, strikes } of QUOTING.chain.expiries) {
      const wanted = [...strikes]
        .sort((a, b) => Math.abs(Math.log(a / 70_000)) - Math.abs(Math.log(b / 70_000)))
        .slice(0, 2)
        .sort((a, b) => a - b);
      const taken = OPTIONS.filter(({ id, expiry }) => expiry === index && members.includes(id - 1));
      expect(taken).toHaveLength(4);
      expect([...new Set(taken.map(({ strike }) => strike))]).toEqual(wanted);
    }
  });

  test('with less room the nearest of all come first, and each is told where it stands', () => {
    const of = view({ maximum: 3 });
    const members = chosen(nearestAtm.build({ strikes: 3 }, stream('1')), of);
    expect(members).toHaveLength(3);
    const out = OPTIONS.map(({ id }) => id - 1).filter((i) => !members.includes(i));
    expect(Math.max(...members.map((i) => moneyness(QUOTING, i)))).toBeLessThanOrEqual(Math.min(...out.map((i) => moneyness(QUOTING, i))));
    expect(of.current[members[0] ?? 0]?.reason).toMatch(/^\d\.\d\d standard deviations from the money$/);
  });
});

test('static-value goes by the scores without a forecast', () => {
  const of = view({ maximum: 2, candidacies: OPTIONS.map(({ id }) => ({ series: id - 1, score: -id, reason: '' })) });
  expect(chosen(staticValue.build({}, stream('1')), of)).toEqual([OPTIONS.length - 2, OPTIONS.length - 1]);
});

test('all takes the first ones of the chain where not all may be quoted', () => {
  expect(chosen(all.build({}, stream('1')), view())).toHaveLength(OPTIONS.length);
  expect(chosen(all.build({}, stream('1')), view({ maximum: 3 }))).toEqual([0, 1, 2]);
});

describe('random', () => {
  test('keeps a draw until the next one is due; another seed draws others', () => {
    const selector = random.build({ redrawSeconds: 100 }, stream('1'));
    const at = (nowSeconds: number): number[] => chosen(selector, view({ maximum: 4, nowSeconds }));
    const first = at(0);
    expect(first).toHaveLength(4);
    expect(at(99)).toEqual(first);
    expect(at(100)).not.toEqual(first);
    expect(chosen(random.build({}, stream('1')), view({ maximum: 4 }))).toEqual(first);
    expect(chosen(random.build({}, stream('2')), view({ maximum: 4 }))).not.toEqual(first);
  });

  test('takes every series about equally often', () => {
    const selector = random.build({ redrawSeconds: 1 }, stream('1'));
    const counts = OPTIONS.map(() => 0);
    for (let n = 0; n < 600; n += 1)
      for (const i of chosen(selector, view({ maximum: 5, nowSeconds: n }))) counts[i] = (counts[i] ?? 0) + 1;
    const expected = (600 * 5) / OPTIONS.length;
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});
