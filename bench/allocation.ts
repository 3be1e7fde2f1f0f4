import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { agentId, instrumentId, lots, nanos, orderId, ticks } from '../src/core/units.ts';
import { Exchange } from '../src/exchange/exchange.ts';
import { Kernel, type Target } from '../src/kernel/kernel.ts';
import { buildChain } from '../src/market/chain.ts';
import type { OrderRequest } from '../src/market/order.ts';
import { ADD, CANCEL, type Commands, mixedCommands, ownerOf, RESTING, TAKER } from './book-commands.ts';
import type { Figure } from './figure.ts';
import { sessionScenario, simulationOf } from './sim.ts';

const COMMANDS = 600_000;
/** Events per look at the heap: few enough that the collector seldom comes in between, enough that the look itself is nothing. */
const EVENTS_PER_LOOK = 4_000;

/**
 * `exchange.allocation`: bytes of the heap that an event of kernel and exchange takes, the mixed commands of the books arriving one by one,
 * each as an event, with every report and match told. Typed arrays that grow are done with it by then.
 */
export async function exchangeAllocation(): Promise<Figure> {
  const kernel = new Kernel({ seed: 'bench', queueCapacity: 16 });
  kernel.register(new CommandFeed(kernel, mixedCommands(COMMANDS)));
  kernel.schedule(nanos(0), 0, 0, 0);
  kernel.advance(nanos(Number.MAX_SAFE_INTEGER), RESTING + COMMANDS / 2);
  const value = await bytesPerEvent(COMMANDS / 2 / EVENTS_PER_LOOK - 1, () =>
    kernel.advance(nanos(Number.MAX_SAFE_INTEGER), EVENTS_PER_LOOK),
  );
  return { name: 'exchange.allocation', value, unit: 'bytes/event' };
}

/**
 * `sim.allocation`: the same of the session that `sim.session` runs, agents, world and records included, after as much of it as the compiler
 * takes to settle.
 */
export async function sessionAllocation(root: string): Promise<Figure> {
  const scenario = sessionScenario(root);
  for (let round = 0; round < 3; round += 1) simulationOf(scenario).advance(3600);
  const simulation = simulationOf(scenario);
  simulation.advance(600);
  const value = await bytesPerEvent(100, () => {
    const before = simulation.kernel.events;
    simulation.advance(3600, EVENTS_PER_LOOK);
    return simulation.kernel.events - before;
  });
  return { name: 'sim.allocation (60 series, 3 makers)', value, unit: 'bytes/event' };
}

/** How much the heap grew over the events of each look, those left out in which the collector took something away. */
async function bytesPerEvent(looks: number, advance: () => number): Promise<number> {
  const collections: { readonly start: number; readonly end: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) collections.push({ start: startTime, end: startTime + duration });
  });
  observer.observe({ entryTypes: ['gc'] });
  const columns = {
    events: new Float64Array(looks),
    grown: new Float64Array(looks),
    start: new Float64Array(looks),
    end: new Float64Array(looks),
  };
  // What a look allocates itself: the least that is ever seen.
  let own = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i += 1) {
    const before = used();
    own = Math.min(own, Math.max(0, used() - before));
  }
  for (let i = 0; i < looks; i += 1) {
    columns.start[i] = performance.now();
    const before = used();
    columns.events[i] = advance();
    columns.grown[i] = used() - before - own;
    columns.end[i] = performance.now();
  }
  // Collections are told of in a later turn.
  await setImmediate();
  await setImmediate();
  observer.disconnect();
  let events = 0;
  let bytes = 0;
  for (let i = 0; i < looks; i += 1) {
    const from = columns.start[i] ?? 0;
    const to = columns.end[i] ?? 0;
    if (collections.some(({ start, end }) => start <= to && end >= from)) continue;
    events += columns.events[i] ?? 0;
    bytes += columns.grown[i] ?? 0;
  }
  if (events < 5 * EVENTS_PER_LOOK) throw new Error(`the collector left ${events} events alone`);
  return Math.max(0, bytes / events);
}

const used = (): number => getHeapStatistics().used_heap_size;

/** Sends one command per event to an exchange, and the next one a microsecond later. */
class CommandFeed implements Target {
  readonly #kernel: Kernel;
  readonly #commands: Commands;
  readonly #exchange: Exchange;
  readonly #request: { -readonly [K in keyof OrderRequest]: OrderRequest[K] } = {
    instrument: instrumentId(1),
    side: 'buy',
    type: 'limit',
    price: ticks(0),
    lots: lots(0),
    post: undefined,
    day: undefined,
  };
  #told = 0;

  constructor(kernel: Kernel, commands: Commands) {
    this.#kernel = kernel;
    this.#commands = commands;
    const chain = buildChain({
      symbol: 'BENCH',
      underlying: { tickSize: 1, lotSize: 1 },
      options: { tickSize: 1, lotSize: 1 },
      expiries: [{ label: '30d', years: 30 / 365, carry: 0, strikes: [1_000] }],
    });
    const fees = { option: { maker: 0.0003, taker: 0.0003, premiumCap: 0.125 }, perpetual: { maker: 0, taker: 0.0005 } };
    const told = (): void => {
      this.#told += 1;
    };
    const limits = { lotsPerOrder: 1_000, ordersPerAgent: 2 * RESTING };
    this.#exchange = new Exchange(chain, { fees, limits, agents: TAKER + 1 }, { report: told, match: told, changed: told, record: told });
    this.#exchange.setIndex(1_000);
  }

  on(_code: number, i: number): void {
    const { kinds, sides, orders, prices, sizes } = this.#commands;
    const kind = kinds[i] ?? CANCEL;
    const order = orders[i] ?? orderId(0);
    const request = this.#request;
    request.side = sides[i] ?? 'buy';
    request.price = prices[i] ?? ticks(1);
    request.lots = sizes[i] ?? lots(1);
    if (kind === CANCEL) this.#exchange.cancel(ownerOf(order - 1), order);
    else if (kind === ADD) {
      request.type = 'limit';
      this.#exchange.submit(ownerOf(i), order, request);
    } else {
      request.type = 'market';
      this.#exchange.submit(agentId(TAKER), orderId(i + 1), request);
    }
    this.#kernel.schedule(nanos(this.#kernel.now + 1_000), 0, 0, i + 1);
  }
}
