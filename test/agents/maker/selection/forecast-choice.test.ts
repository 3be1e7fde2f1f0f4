import { expect, test } from 'vitest';
import { factors } from '../../../../src/agents/maker/quoting/factors.ts';
import { blankQuote } from '../../../../src/agents/maker/quoting/quoter.ts';
import { moneyness } from '../../../../src/agents/maker/selection/nearest-atm.ts';
import { costParams, net, seriesValue } from '../../../../src/agents/maker/selection/quoting-costs.ts';
import type { Candidacy, Selection } from '../../../../src/agents/maker/selection/selector.ts';
import { value } from '../../../../src/agents/maker/selection/value.ts';
import { streams } from '../../../../src/core/rng.ts';
import { quotingView, steadyForecast } from '../../../support/quoting-view.ts';

const MAXIMUM = 10;

/** The series that are chosen by value when the factors are expected to move so, within minutes. */
function chosen(changes: readonly number[]) {
  const view = quotingView({ forecast: steadyForecast(changes, 300), terms: { leanCap: 1 } });
  const quoter = factors.build({});
  quoter.prepare(view);
  const out = blankQuote();
  const candidacies = view.chain.options.map(({ id }): Candidacy => {
    quoter.quote(view, id - 1, out);
    return { series: id - 1, score: net(seriesValue(view, id - 1, out, costParams.parse({}), 0)), reason: '' };
  });
  const current = view.chain.options.map((): Selection => ({ selected: false, sinceSeconds: 0, reason: '' }));
  value.build({}, streams('1').stream('selector')).choose({
    quoting: view,
    candidacies,
    current,
    nowSeconds: 0,
    maximum: MAXIMUM,
    dwellSeconds: 0,
    staticScores: () => [],
    admit: () => undefined,
    startOver: () => {},
  });
  const members = current.flatMap(({ selected }, i) => (selected ? [i] : []));
  const expiryOf = (i: number): number => view.chain.options[i]?.expiry ?? -1;
  return {
    members,
    atExpiry: (expiry: number): number => members.filter((i) => expiryOf(i) === expiry).length,
    distance: members.reduce((sum, i) => sum + moneyness(view, i), 0) / members.length,
  };
}

test('a slope that will change draws the choice from 30 days, where it does nothing, to the other expiries', () => {
  const still = chosen([0, 0, 0, 0]);
  for (const sign of [1, -1]) {
    const moved = chosen([0, sign * 0.02, 0, 0]);
    expect(moved.members).not.toEqual(still.members);
    expect(moved.atExpiry(0) + moved.atExpiry(2)).toBeGreaterThan(still.atExpiry(0) + still.atExpiry(2));
  }
});

test('a skew that will change draws it to the wings', () => {
  const still = chosen([0, 0, 0, 0]);
  for (const sign of [1, -1]) expect(chosen([0, 0, sign * 0.05, 0]).distance).toBeGreaterThan(still.distance);
});

test('a level that will change leaves the expiries of the choice much as they are', () => {
  const still = chosen([0, 0, 0, 0]);
  const moved = chosen([0.004, 0, 0, 0]);
  for (const expiry of [0, 1, 2]) expect(Math.abs(moved.atExpiry(expiry) - still.atExpiry(expiry))).toBeLessThanOrEqual(3);
});
