// A kind of agent for the command line: it trades against moves of the perpetual. From the root of a built checkout, or with volpit installed:
//   volpit run tiny --plugin docs/examples/plugin.mjs --set 'agents.fader={ kind: fader }'
import { defineAgent } from 'volpit';
import { z } from 'zod';

const fader = defineAgent({
  kind: 'fader',
  summary: 'sells the perpetual after it has risen, and buys it after it has fallen',
  params: z.strictObject({
    moveBp: z.number().positive().default(3).describe('move since its last look that it trades against, in basis points'),
    everySeconds: z.number().min(1).default(10).describe('time between two looks'),
    units: z.number().positive().default(0.5).describe('units of the underlying per order'),
    unitsMaximum: z.number().positive().default(3).describe('units that it holds at most, long or short'),
  }),
  create: (params, { chain: { underlying } }) => {
    let before;
    return {
      onOpen(desk) {
        desk.watchQuietly(underlying.id);
        desk.wakeAt(0);
      },
      onWake(desk) {
        desk.wakeAt(desk.now + Math.round(params.everySeconds * 1e9));
        const { bid, ask } = desk.bbo(underlying.id);
        if (bid === undefined || ask === undefined) return;
        const mid = (bid + ask) / 2;
        const moveBp = before === undefined ? 0 : 10_000 * Math.log(mid / before);
        before = mid;
        if (Math.abs(moveBp) < params.moveBp) return;
        const side = moveBp > 0 ? 'sell' : 'buy';
        const held = desk.position(underlying.id) * underlying.lotSize * (side === 'buy' ? 1 : -1);
        const units = Math.min(params.units, params.unitsMaximum - held);
        const lots = Math.floor(units / underlying.lotSize + 1e-9);
        if (lots > 0) desk.submit({ instrument: underlying.id, side, type: 'ioc', price: side === 'buy' ? ask : bid, lots });
      },
    };
  },
});

export const agents = [fader];
