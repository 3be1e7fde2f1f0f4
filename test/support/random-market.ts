import { contractMeasures, MEASURE_COUNT, MEASURES, scopeOf, WHOLE } from '../../src/agents/maker/exposures.ts';
import { limitParams, measureLimits } from '../../src/agents/maker/measure-limits.ts';
import { streams } from '../../src/core/rng.ts';
import { instrumentId } from '../../src/core/units.ts';
import type { Simulation } from '../../src/sim/simulation.ts';
import { simulation, tinyScenario } from './tiny.ts';

const SECONDS = 40;
/** Delta of a maker that has stopped is to have been at zero so soon, in seconds, and in as many times its latency. */
const FLAT_WITHIN = 15;
const FLAT_LATENCIES = 4;

/** What came of one short run. */
export interface RandomRun {
  readonly changes: readonly string[];
  readonly fills: number;
  /** Levels of protection that were reached, and guards that asked for them. */
  readonly guards: readonly string[];
  /** What was not as promised. */
  readonly faults: readonly string[];
  readonly isStopped: boolean;
}

/** A run of `tiny` over some seconds, with sizes, limits, jumps, latencies, outages and rules of the venue drawn from a seed. */
export function randomRun(seed: string, verify = false): RandomRun {
  const chance = streams(seed).stream('market');
  const draw = (low: number, high: number): number => low + (high - low) * chance.uniform();
  const whole = (low: number, high: number): number => Math.floor(draw(low, high + 1));
  const once = (share: number, ...made: readonly string[]): readonly string[] => (chance.uniform() < share ? made : []);
  const size = [0.1, 0.5, 1, 2, 5][whole(0, 4)] ?? 1;
  const positionPerSeries = Number((size * draw(1, 6)).toFixed(1));
  const limits = {
    positionPerSeries,
    vega: Math.round(size * draw(100, 1500)),
    gamma: Number((size * draw(0.1, 2)).toFixed(3)),
    theta: Math.round(size * draw(500, 8000)),
    delta: Number((size * draw(0.5, 5)).toFixed(2)),
    openDelta: Number((size * draw(3, 20)).toFixed(2)),
    perExpiry: { vega: Math.round(size * draw(100, 1000)) },
    lossDollars: Math.round(size * draw(5, 2000)),
  };
  const latency = Math.round(draw(0, 1) * draw(0, 1) * 1500);
  const seriesMaximum = whole(2, 12);
  const jump = `[{ at: ${whole(3, 30)}, over: ${whole(1, 5)}, spotReturn: ${draw(-0.04, 0.04).toFixed(4)}, level: ${draw(-0.2, 0.2).toFixed(3)} }]`;
  const changes = [
    `duration=${SECONDS}`,
    `flow.rate=${whole(20, 150) * 1000}`,
    `agents.maker.size=${size}`,
    `agents.maker.seriesMaximum=${seriesMaximum}`,
    `agents.maker.widthMultiplier=${draw(0.1, 0.9).toFixed(2)}`,
    `agents.maker.requoteMillis=${whole(2, 20) * 100}`,
    `agents.maker.limits=${JSON.stringify(limits)}`,
    `agents.maker.latency={ orderMillis: ${latency}, dataMillis: ${latency} }`,
    `agents.maker.protection.venue={ frozenSeconds: ${whole(0, 1) * whole(1, 8)}, restartSeconds: 3 }`,
    // The jump of the file is too late for so short a run.
    `world.timeline=${chance.uniform() < 0.6 ? jump : '[]'}`,
    `agents.insider.looksPerHour=${whole(1, 10) * 360}`,
    ...once(0.3, `agents.maker.outages=[{ at: ${whole(5, 25)}, lasts: ${whole(1, 8)} }]`),
    ...once(0.2, `agents.rivals.outages=[{ at: ${whole(5, 25)}, lasts: ${whole(1, 15)} }]`),
    ...once(0.2, `limits.requestRate={ perSecond: ${whole(1, 4)}, burst: ${whole(1, 6)} }`),
    ...once(0.2, `limits.ordersPerAgent=${whole(4, 30)}`),
    ...once(0.2, `market.priceBand={ fraction: 0.1, ticksMinimum: 3 }`),
  ];
  const isLiquid = chance.uniform() < 0.8;
  if (!isLiquid) changes.push(`agents.liquidity.outages=[{ at: ${whole(5, 25)}, lasts: ${whole(1, 15)} }]`);
  const sim = simulation(tinyScenario(changes), seed, verify);
  const watch = new Watch(sim, limits, latency / 1000);
  for (let quarter = 1; quarter <= 4 * SECONDS; quarter += 1) {
    while (!watch.reached(quarter / 4)) {
      sim.advance(quarter / 4, 1);
      watch.look();
    }
    watch.quarter();
  }
  const inspection = sim.subject.agent.inspect?.();
  return {
    changes,
    fills: sim.ledger.fills(sim.subject.id),
    guards: (inspection?.protection?.guards ?? []).map(({ guard, highest }) => `${guard}: ${highest}`),
    faults: watch.faults(isLiquid),
    isStopped: watch.stoppedAt !== undefined,
  };
}

/** Looks at the subject after every event. */
class Watch {
  stoppedAt: number | undefined;
  readonly #sim: Simulation;
  readonly #table: Float64Array;
  readonly #positionLimit: number;
  readonly #latencySeconds: number;
  readonly #faults = new Set<string>();
  /** What one contract of each series had of each measure, at the steps of the last seconds: a quote was sized by one of them. */
  readonly #steps: Float64Array[] = [];
  readonly #held: Float64Array;
  #step = -1;
  #fills = 0;
  #leastDelta = Number.POSITIVE_INFINITY;
  #isQuotingStopped = false;

  constructor(sim: Simulation, limits: Record<string, unknown>, latencySeconds: number) {
    this.#sim = sim;
    this.#table = measureLimits(limitParams.parse(limits), sim.scenario.chain);
    this.#positionLimit = Number(limits['positionPerSeries']);
    this.#latencySeconds = latencySeconds;
    this.#held = new Float64Array(sim.scenario.chain.instruments.length);
  }

  reached(seconds: number): boolean {
    return this.#sim.kernel.now >= seconds * 1e9 && (this.#sim.kernel.next ?? Number.POSITIVE_INFINITY) > seconds * 1e9;
  }

  look(): void {
    const { world, ledger, subject } = this.#sim;
    if (world.step !== this.#step) {
      this.#step = world.step;
      this.#note();
    }
    const fills = ledger.fills(subject.id);
    if (fills === this.#fills) return;
    this.#fills = fills;
    this.#checkPosition();
  }

  /** Four times a second: whether it has stopped, and what it does then. */
  quarter(): void {
    const inspection = this.#sim.subject.agent.inspect?.();
    const now = this.#sim.nowSeconds;
    if (inspection === undefined || !/^(flattening|stopped)/.test(inspection.state)) return;
    this.stoppedAt ??= now;
    const delta = inspection.limits.find(({ name }) => name === 'delta')?.value ?? 0;
    if (now <= this.stoppedAt + this.#flatWithin) this.#leastDelta = Math.min(this.#leastDelta, delta);
    // A cancel needs its time to the exchange and back.
    if (now < this.stoppedAt + 1 + 2 * this.#latencySeconds) return;
    for (const { id } of this.#sim.scenario.chain.options) {
      if (this.#sim.exchange.book(id).best('buy') === undefined) continue;
      const open = this.#sim.subject.openLots(id, 'buy') + this.#sim.subject.openLots(id, 'sell');
      // Orders that close options are immediate: none stands for longer than that.
      if (open > 0 && this.#isResting(id)) this.#isQuotingStopped = true;
    }
  }

  faults(isLiquid: boolean): string[] {
    const faults = [...this.#faults];
    if (this.#isQuotingStopped) faults.push('quotes stand after it has stopped');
    const lasted = this.stoppedAt !== undefined && this.stoppedAt + this.#flatWithin <= SECONDS;
    // A hedge goes back to the edge of one lot, by whole lots.
    if (isLiquid && lasted && this.#leastDelta >= 0.02 && !this.#wasCut()) {
      faults.push(`delta of ${this.#leastDelta.toFixed(3)} units ${this.#flatWithin} s after it has stopped`);
    }
    return faults;
  }

  /** Whether its connection was lost while it was to flatten. */
  #wasCut(): boolean {
    const outages = this.#sim.scenario.agents[this.#sim.subject.id]?.outages ?? [];
    const from = this.stoppedAt ?? 0;
    return outages.some(({ fromSeconds, toSeconds }) => toSeconds >= from && fromSeconds <= from + this.#flatWithin);
  }

  get #flatWithin(): number {
    return FLAT_WITHIN + FLAT_LATENCIES * this.#latencySeconds;
  }

  #isResting(id: number): boolean {
    let rests = false;
    this.#sim.subject.forEachOrder((order, instrument) => {
      if (instrument === id && this.#sim.exchange.book(instrument).lotsAhead(order) !== undefined) rests = true;
    });
    return rests;
  }

  #note(): void {
    const { chain } = this.#sim.scenario;
    const one = new Float64Array(MEASURE_COUNT);
    const worth = new Float64Array(chain.options.length * MEASURE_COUNT);
    for (const { id } of chain.options) worth.set(contractMeasures(this.#sim.clock.fair, id - 1, one), (id - 1) * MEASURE_COUNT);
    this.#steps.push(worth);
    while (this.#steps.length > 5 + Math.ceil(4 * this.#latencySeconds)) this.#steps.shift();
  }

  #checkPosition(): void {
    const { chain } = this.#sim.scenario;
    const { ledger, subject, nowSeconds } = this.#sim;
    const fill = new Float64Array(chain.instruments.length);
    for (const listing of chain.instruments) {
      const held = ledger.position(subject.id, instrumentId(listing.id)) * listing.lotSize;
      fill[listing.id] = held - (this.#held[listing.id] ?? 0);
      this.#held[listing.id] = held;
      if (listing.kind === 'option' && Math.abs(held) > this.#positionLimit + 1e-9) {
        this.#faults.add(`${held.toFixed(2)} contracts of ${listing.symbol} at ${nowSeconds} s`);
      }
    }
    // What hedges do to delta is not the fill of a quote.
    const traded = chain.options.filter(({ id }) => Math.abs(fill[id] ?? 0) > 1e-9);
    for (const scope of new Set([WHOLE, ...traded.map(({ expiry }) => scopeOf(expiry))])) {
      if (traded.length > 0) this.#checkScope(scope, fill);
    }
  }

  #checkScope(scope: number, fill: Float64Array): void {
    const { chain } = this.#sim.scenario;
    for (let m = 0; m < MEASURE_COUNT; m += 1) {
      const limit = this.#table[scope * MEASURE_COUNT + m] ?? Number.POSITIVE_INFINITY;
      const beyond = this.#steps.map((worth) => {
        let held = scope === WHOLE && m === 0 ? (this.#held[chain.underlying.id] ?? 0) : 0;
        let [sum, largest] = [0, 0];
        for (const { id, expiry } of chain.options) {
          if (scope !== WHOLE && scopeOf(expiry) !== scope) continue;
          const of = worth[(id - 1) * MEASURE_COUNT + m] ?? 0;
          held += (this.#held[id] ?? 0) * of;
          sum += (fill[id] ?? 0) * of;
          largest = Math.max(largest, Math.abs((fill[id] ?? 0) * of));
        }
        return Math.sign(held) === Math.sign(sum) ? Math.abs(held) - limit - largest : Number.NEGATIVE_INFINITY;
      });
      // The maker counts at tracked values, which are some way from the true ones.
      const excess = Math.min(...beyond) / limit;
      if (excess > 0.1) {
        this.#faults.add(
          `${MEASURES[m]} in scope ${scope} ${(100 * excess).toFixed(0)} % beyond limit and fill at ${this.#sim.nowSeconds} s`,
        );
      }
    }
  }
}
