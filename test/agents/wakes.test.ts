import { describe, expect, test } from 'vitest';
import { customers } from '../../src/agents/customers.ts';
import { maker } from '../../src/agents/maker/maker.ts';
import { reference } from '../../src/agents/reference.ts';
import { underlyingLiquidity } from '../../src/agents/underlying-liquidity.ts';
import { NANOS_PER_SECOND, nanos } from '../../src/core/units.ts';
import { FakeDesk, FakeOracle, fakeSetup } from '../support/fake-desk.ts';
import { smallChain } from '../support/small-chain.ts';

const CHAIN = smallChain();
const oracle = new FakeOracle(CHAIN);

/** The first moments at which an agent is woken, as it asks for them. */
function wakes(agent: ReturnType<typeof customers.build>, desk: FakeDesk, count: number): number[] {
  const times: number[] = [];
  agent.onOpen(desk);
  while (times.length < count) {
    const at = desk.wakes.shift();
    if (at === undefined) break;
    times.push(at);
    desk.now = at;
    agent.onWake?.(desk);
  }
  return times;
}

describe('agents that look in their own time', () => {
  test.each([
    ['maker', maker, 'requoteMillis'],
    ['reference', reference, 'remarkMillis'],
    ['underlying-liquidity', underlyingLiquidity, 'requoteMillis'],
  ] as const)('%s: a period that is no whole number of nanoseconds is rounded, and none at all is refused', (_name, kind, field) => {
    const agent = kind.build(
      { [field]: 1.234_567_8, ...(kind === maker ? { forecaster: 'rw' } : {}), ...(kind === reference ? { lagMillis: 0 } : {}) },
      fakeSetup(CHAIN, { oracle }),
    );
    expect(wakes(agent, new FakeDesk(), 4)).toEqual([0, 1_234_568, 2_469_136, 3_703_704]);
    expect(kind.params.safeParse({ [field]: 0 }).success).toBe(false);
  });

  test('customers: a wish at the very start of a step is sent once, also when it is the only one', () => {
    for (const others of [[], [0], [0, 400]]) {
      const wishes = [0, ...others].map((at) => ({
        at: nanos(at),
        instrument: CHAIN.options[14]?.id ?? CHAIN.underlying.id,
        side: 'buy' as const,
        contracts: 1,
        reservationVol: 0.004,
        follows: false,
      }));
      const desk = new FakeDesk();
      // The world's answer does not change within a step.
      const agent = customers.build({}, fakeSetup(CHAIN, { oracle, wishes: () => (desk.now < NANOS_PER_SECOND ? wishes : []) }));
      const times = wakes(agent, desk, 20);
      expect(desk.sent.length).toBe(wishes.length);
      expect(times.at(-1)).toBeGreaterThanOrEqual(10 * NANOS_PER_SECOND);
    }
  });
});
