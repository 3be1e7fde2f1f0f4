// A whole agent in one file. It takes offers whose implied vol, fee included, is below what it is willing to pay, and runs beside the built-in
// agents on scenarios/tiny.yaml. Run from the root of the repository; `npm test` runs it too.
import { readFileSync } from 'node:fs';
import { BUILT_IN_AGENTS, defineAgent, forecasterCatalog, impliedVol, parseScenario, readOverride, Simulation } from 'volpit';
import { z } from 'zod';

const bargainHunter = defineAgent({
  kind: 'bargain-hunter',
  summary: 'takes whole offers whose implied vol is low',
  params: z.strictObject({
    volMaximum: z.number().positive().max(5).describe('annual vol that it pays at most, fee included; 0.5 is 50 %'),
    positionPerSeries: z.number().positive().default(10).describe('contracts that it holds in a series at most'),
  }),
  // The desk enforces this limit: an order that could break it is never sent.
  positionPerSeries: (params) => params.positionPerSeries,
  create: (params, { chain, valuation, feePerUnit }) => ({
    onOpen(desk) {
      desk.watchQuietly(chain.underlying.id);
      for (const option of chain.options) desk.watch(option.id);
    },
    // Called when the book of a watched series has changed, after this agent's data latency.
    onData(instrument, desk) {
      const option = chain.instruments[instrument];
      if (option?.kind !== 'option') return;
      const expiry = chain.expiries[option.expiry];
      // What bbo returns is valid until its next call: take the numbers out.
      const { bid, ask: perpetualAsk } = desk.bbo(chain.underlying.id);
      const { ask, askLots } = desk.bbo(instrument);
      if (expiry === undefined || bid === undefined || perpetualAsk === undefined || ask === undefined) return;
      const years = expiry.years - desk.nowYears;
      const spot = ((bid + perpetualAsk) / 2) * chain.underlying.tickSize;
      const vol = impliedVol({
        right: option.right,
        forward: spot * Math.exp(expiry.carry * years),
        strike: option.strike,
        years,
        discount: Math.exp(-valuation.rate * years),
        price: ask * option.tickSize + feePerUnit(instrument, ask, 'taker', spot),
      });
      // A price without an implied vol comes with the reason in words instead.
      if (typeof vol === 'string' || vol > params.volMaximum) return;
      desk.submit({ instrument, side: 'buy', type: 'ioc', price: ask, lots: askLots });
    },
  }),
});

const file = 'scenarios/tiny.yaml';
const scenario = parseScenario(
  file,
  readFileSync(file, 'utf8'),
  [...BUILT_IN_AGENTS, bargainHunter],
  [readOverride('agents.hunter={ kind: bargain-hunter, volMaximum: 0.502 }')],
);
const simulation = new Simulation(scenario, { seed: '1', forecasters: forecasterCatalog(scenario.forecast, []), verify: true });
simulation.advance(scenario.durationSeconds);

const hunter = simulation.desks.find((desk) => desk.name === 'hunter');
if (hunter === undefined) throw new Error('the scenario has no hunter');
console.log(`fills ${simulation.ledger.fills(hunter.id)}, orders held back by the limit ${hunter.withheld}`);
console.log(`profit and loss ${simulation.attribution.total(hunter.id).toFixed(0)} $`);

//> fills 1, orders held back by the limit 6
//> profit and loss 361 $
