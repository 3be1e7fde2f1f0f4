import { expect, test } from 'vitest';
import { agentId, nanos } from '../../src/core/units.ts';
import { IndexFeed } from '../../src/sim/index-feed.ts';
import { arrivalsOf, constantLine, lineOf, lognormal } from '../support/lines.ts';

const A = agentId(0);
const B = agentId(1);

/** A feed whose clock is set by hand. */
function feed(...lines: ConstructorParameters<typeof IndexFeed>[1]) {
  let now = 0;
  const index = new IndexFeed(() => nanos(now), lines);
  const at = (time: number): IndexFeed => {
    now = time;
    return index;
  };
  return { at };
}

test('each agent reads the last price that its line has brought', () => {
  const { at } = feed(constantLine(10), constantLine(100));
  at(0).publish(70_000);
  at(0).watch(A);
  at(0).watch(B);
  expect([at(9).view(A), at(10).view(A), at(99).view(B), at(100).view(B)]).toEqual([undefined, 70_000, undefined, 70_000]);
  at(150).publish(70_001);
  at(155).publish(70_002);
  at(158).publish(70_003);
  expect([at(159).view(A), at(160).view(A), at(166).view(A), at(168).view(A)]).toEqual([70_000, 70_001, 70_002, 70_003]);
  expect([at(249).view(B), at(256).view(B), at(1000).view(B)]).toEqual([70_000, 70_002, 70_003]);
});

test('nobody is sent what it has not asked for, and nobody twice', () => {
  const { at } = feed(constantLine(10), constantLine(10));
  at(0).publish(70_000);
  at(0).watch(A);
  at(5).watch(A);
  expect([at(10).view(A), at(10).view(B)]).toEqual([70_000, undefined]);
  at(20).watch(B);
  expect([at(29).view(B), at(30).view(B)]).toEqual([undefined, 70_000]);
  // Asked for before there was a price: it comes with the first.
  const early = feed(constantLine(10));
  early.at(0).watch(A);
  expect(early.at(50).view(A)).toBeUndefined();
  early.at(60).publish(1);
  expect([early.at(69).view(A), early.at(70).view(A)]).toEqual([undefined, 1]);
});

test('with a law, each price is one message on the line, and none overtakes another', () => {
  const law = lognormal(1000, 1);
  const { at } = feed(lineOf(law, '1', 'data'));
  const arrival = arrivalsOf(law, '1', 'data');
  at(0).publish(0);
  at(0).watch(A);
  const arrivals = [arrival(0)];
  for (let n = 1; n < 200; n += 1) {
    at(100 * n).publish(n);
    arrivals.push(arrival(100 * n));
  }
  // What has arrived by a moment is what the arrivals say, however seldom the agent looks.
  for (let time = 0; time < 30_000; time += 50) {
    const last = arrivals.findLastIndex((each) => each <= time);
    if (time >= 20_000) expect(at(time).view(A)).toBe(last < 0 ? undefined : last);
  }
});
