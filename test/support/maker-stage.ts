import type { AgentSetup } from '../../src/agents/agent.ts';
import type { AgentInspection } from '../../src/agents/inspection.ts';
import { maker } from '../../src/agents/maker/maker.ts';
import type { Forecast, ForecasterModel } from '../../src/forecast/forecaster.ts';
import { ticksAbove, ticksBelow } from '../../src/market/instrument.ts';
import { FACTOR_COUNT } from '../../src/pricing/factors.ts';
import { FakeDesk, FakeOracle, fakeSetup, type Message, sidesOf } from './fake-desk.ts';
import { smallChain } from './small-chain.ts';

export const MAKER_CHAIN = smallChain();

/** A forecaster that says what a test tells it to say. */
function scripted(says: { forecast: Forecast | undefined }): { readonly model: ForecasterModel; readonly rows: Float64Array[] } {
  const rows: Float64Array[] = [];
  const model: ForecasterModel = {
    kind: 'scripted',
    stepSeconds: 30,
    horizonsSeconds: [30, 300],
    features: [],
    warmupSteps: 3,
    start: () => ({ observe: (_factors, row) => rows.push(Float64Array.from(row)), forecast: () => says.forecast }),
  };
  return { model, rows };
}

/** Of the level alone, at both horizons. */
export const expects = (change: number): Forecast => ({
  horizonsSeconds: [30, 300],
  change: Float64Array.from({ length: 2 * FACTOR_COUNT }, (_, i) => (i % FACTOR_COUNT === 0 ? change : 0)),
  scale: new Float64Array(2 * FACTOR_COUNT).fill(0.004),
});

/**
 * A maker at a desk without a market behind it. The books are 30 dollars wide around the oracle's values.
 *
 * @param says what its forecaster answers.
 */
export function makerStage(
  params: Record<string, unknown> = {},
  says: { forecast: Forecast | undefined } = { forecast: undefined },
  hasBasis = false,
) {
  const { model, rows } = scripted(says);
  const notes: string[] = [];
  const setup: AgentSetup = { ...fakeSetup(MAKER_CHAIN, { hasBasis, note: (text) => notes.push(text) }), forecaster: () => model };
  const agent = maker.build({ forecaster: 'scripted', ...params }, setup);
  const desk = new FakeDesk();
  const oracle = new FakeOracle(MAKER_CHAIN);
  const show = (): void => {
    const { fair } = oracle;
    desk.show(MAKER_CHAIN.underlying.id, Math.floor(fair.spot) - 1, Math.floor(fair.spot) + 1);
    for (const option of MAKER_CHAIN.options) {
      const price = fair.price[option.id - 1] ?? 0;
      const bid = ticksBelow(option, price - 15);
      desk.show(option.id, bid >= 1 ? bid : undefined, ticksAbove(option, price + 15));
    }
  };
  agent.onOpen(desk);
  const opened = desk.heard();
  show();
  return {
    agent,
    /** What it sent at the opening, and what it told its reader so far. */
    opened,
    notes,
    desk,
    oracle,
    show,
    rows,
    wake: (seconds: number): Message[] => {
      agent.onWake?.(desk.at(seconds));
      return desk.heard();
    },
    inspection: (): AgentInspection => {
      const found = agent.inspect?.();
      if (found === undefined) throw new Error('no inspection');
      return found;
    },
  };
}

/** Prices in ticks of the new quotes of a side, by instrument. */
export const pricesOf = (messages: readonly Message[], side: 'buy' | 'sell') =>
  new Map(
    sidesOf(messages)
      .filter((sent) => sent.side === side)
      .map((sent) => [sent.instrument, sent.price]),
  );
