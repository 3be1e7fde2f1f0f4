import { expect, test } from 'vitest';
import { CALM, PULL } from '../../../../src/agents/maker/protection/level.ts';
import { StaleFeed, staleFeedParams } from '../../../../src/agents/maker/protection/stale-feed.ts';
import { FakeDesk } from '../../../support/fake-desk.ts';
import { smallChain } from '../../../support/small-chain.ts';

const CHAIN = smallChain();
const UNDERLYING = CHAIN.underlying.id;

function stage(params: Record<string, unknown> = {}, readsIndex = false) {
  const desk = new FakeDesk();
  const guard = new StaleFeed(staleFeedParams.parse({ unchangedSeconds: 60, ...params }), CHAIN, readsIndex);
  let tick = 0;
  const live = () => {
    tick += 1;
    desk.show(UNDERLYING, 70_000 + (tick % 2), 70_003 + (tick % 2));
  };
  for (const option of CHAIN.options) desk.show(option.id, 100, 110);
  return { desk, guard, live, vote: (seconds: number) => guard.vote(desk.at(seconds)) };
}

test('a market that goes on is fresh', () => {
  const { live, vote } = stage();
  for (let second = 0; second < 300; second += 1) {
    live();
    expect(vote(second)).toBe(CALM);
  }
});

test('a side of the underlying that is missing for longer than it may', () => {
  const { desk, live, vote } = stage();
  live();
  vote(10);
  desk.show(UNDERLYING, undefined, 70_003);
  expect(vote(12)).toBe(CALM);
  expect(vote(13)).toEqual({ level: PULL, reason: 'the book of the underlying has lacked a side for 3 s' });
  live();
  expect(vote(14)).toBe(CALM);
});

test('a book of the underlying that stands, while its sizes change nothing and then something', () => {
  const { desk, live, vote } = stage();
  live();
  vote(0);
  expect(vote(60)).toBe(CALM);
  expect(vote(61)).toEqual({ level: PULL, reason: 'the book of the underlying has stood for 61 s' });
  desk.show(UNDERLYING, 70_001, 70_004, 11);
  expect(vote(62)).toBe(CALM);
});

test('an index that stands, only where it is read', () => {
  for (const readsIndex of [false, true]) {
    const { desk, live, vote } = stage({}, readsIndex);
    desk.indexDollars = 70_000;
    live();
    vote(0);
    live();
    expect(vote(61)).toEqual(readsIndex ? { level: PULL, reason: 'the index has stood for 61 s' } : CALM);
    desk.indexDollars = 70_001;
    live();
    expect(vote(62)).toBe(CALM);
  }
});

test('option books that have stopped, counted among those that ever had two sides', () => {
  const { desk, live, vote } = stage();
  // Never seen with two sides: these do not count.
  for (const option of CHAIN.options.slice(0, 10)) desk.show(option.id, undefined, 110);
  live();
  vote(0);
  const seen = CHAIN.options.slice(10);
  const stop = (count: number) => {
    for (const option of seen.slice(0, count)) desk.show(option.id, 100, undefined);
  };
  stop(seen.length / 2);
  live();
  expect(vote(40)).toBe(CALM);
  stop(seen.length / 2 + 1);
  live();
  expect(vote(41)).toBe(CALM);
  live();
  expect(vote(71)).toEqual({ level: PULL, reason: '11 of 20 option books have lacked a side for more than 30 s' });
});

test('expired series do not count', () => {
  const { desk, guard, live } = stage({ booksShare: 0.2 });
  live();
  guard.vote(desk.at(0));
  for (const option of CHAIN.options.filter(({ expiry }) => expiry === 0)) desk.show(option.id, undefined, undefined);
  live();
  expect(guard.vote(desk.at(100)).level).toBe(PULL);
  live();
  expect(guard.vote(desk.at(7 * 86_400 + 1)).reason).not.toMatch(/option books/);
});

test('forgets a night', () => {
  const { guard, live, vote } = stage();
  live();
  vote(0);
  guard.forget();
  expect(vote(50_000)).toBe(CALM);
});
