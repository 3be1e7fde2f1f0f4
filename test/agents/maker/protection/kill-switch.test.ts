import { expect, test } from 'vitest';
import { simulation, tinyScenario } from '../../../support/tiny.ts';

test('in a run with a loss: no quotes, delta at zero within 15 s, options closed over time, and nothing after that', () => {
  const scenario = tinyScenario([
    'agents.maker.widthMultiplier=0.1',
    'agents.maker.limits={ positionPerSeries: 3, vega: 600, delta: 8, lossDollars: 60 }',
    'flow.rate=20000',
    'world.timeline=[]',
  ]);
  const sim = simulation(scenario, '2', true);
  const maker = sim.subject;
  const inspected = () => {
    const found = maker.agent.inspect?.();
    if (found === undefined) throw new Error('no inspection');
    const held = scenario.chain.options.reduce((sum, { id }) => sum + Math.abs(maker.position(id)), 0);
    const resting = sim.exchange.openOrders(maker.id);
    return { state: found.state, delta: found.limits.find(({ name }) => name === 'delta')?.value ?? 0, held, resting };
  };
  let stoppedAt: number | undefined;
  let [flatAt, heldThen] = [Number.POSITIVE_INFINITY, 0];
  for (let second = 1; second <= 300; second += 1) {
    sim.advance(second);
    const { state, delta, held, resting } = inspected();
    if (stoppedAt === undefined) {
      if (!state.startsWith('flattening') && !state.startsWith('stopped')) continue;
      stoppedAt = second;
      heldThen = held;
    }
    if (delta < 2 * scenario.chain.underlying.lotSize) flatAt = Math.min(flatAt, second);
    // Hedges and what closes options are immediate orders: nothing rests.
    if (second > stoppedAt) expect(resting, `resting at ${second} s`).toBe(0);
    if (flatAt < second) expect(state).toMatch(/^stopped: loss of \d+ \$ beyond the limit of 60 \$$/);
  }
  expect(stoppedAt).toBeLessThan(250);
  expect(flatAt).toBeLessThanOrEqual((stoppedAt ?? 0) + 15);
  expect(heldThen).toBeGreaterThan(5);
  expect(inspected().held).toBeLessThan(heldThen / 2);
  const notes = sim.records.recorder.log.filter(({ kind }) => kind === 'limit').map(({ text }) => text);
  expect(notes).toContainEqual(expect.stringMatching(/^flatten \(loss\): loss of \d+ \$ beyond the limit of 60 \$$/));
});
