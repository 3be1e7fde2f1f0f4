import { hashText } from '../../core/hash.ts';
import { type InstrumentId, instrumentId, NANOS_PER_SECOND, type Nanos } from '../../core/units.ts';
import { TRACE, type TraceObserver } from '../../kernel/trace.ts';
import type { OptionSeries } from '../../market/instrument.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { Simulation, type SimulationOptions } from '../../sim/simulation.ts';
import { ConstantMaturity } from './constant-maturity.ts';
import {
  type MarketSamples,
  type MinuteSample,
  type PrintSample,
  type TenorBucket,
  tenorBucket,
  type VolumeSample,
} from './market-samples.ts';
import { OrderLives } from './order-lives.ts';
import { RemarkTimes } from './remark-times.ts';
import { SpreadCapture } from './spread-capture.ts';

const MINUTE_SECONDS = 60;
const YEAR_DAYS = 365;
const VOL_POINTS = 100;

/** Widths by tenor, none yet. */
function widths(): Record<TenorBucket, number[]> {
  return { '<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': [] };
}

/** Units in a contract: one, or a lot where lots are larger, as options on an index have them. */
const contractUnits = (lotSize: number): number => Math.max(1, lotSize);

/** Runs a scenario and takes the samples that stylised facts are measured from. It only reads: the run is the same as without it. */
export class MarketWatch implements TraceObserver {
  readonly simulation: Simulation;
  readonly #stepSeconds: number;
  readonly #lives = new OrderLives();
  readonly #capture: SpreadCapture;
  readonly #remarks = new RemarkTimes();
  readonly #surface = new ConstantMaturity();
  readonly #kinds: ReadonlyMap<number, string>;
  readonly #subject: number;
  readonly #minutes: MinuteSample[] = [];
  readonly #spreads = widths();
  readonly #wingSpreads = widths();
  readonly #tenors = new Set<TenorBucket>();
  /** By instrument, in dollars: of the books with two sides at the last world step. */
  readonly #mids = new Map<InstrumentId, number>();
  readonly #touchSizes: number[] = [];
  readonly #prints: PrintSample[] = [];
  readonly #volumes: VolumeSample[] = [];
  #taker = { agent: 0, order: 0 };
  #looks = 0;
  #twoSided = 0;
  #steps = 0;

  /** @throws InputError as {@link Simulation} does. */
  constructor(scenario: Scenario, options: Omit<SimulationOptions, 'observer'>) {
    this.#stepSeconds = scenario.world.stepMillis / 1000;
    this.#capture = new SpreadCapture(this.#stepSeconds);
    this.#kinds = new Map(scenario.agents.map((agent) => [hashText(agent.name), agent.kind.kind]));
    this.#subject = hashText(scenario.subject);
    this.simulation = new Simulation(scenario, { ...options, observer: this });
  }

  /** Runs on until so many seconds after the opening, a world step at a time. */
  advance(untilSeconds: number): void {
    while (!this.simulation.done && (this.#steps + 1) * this.#stepSeconds <= untilSeconds) {
      this.#steps += 1;
      this.simulation.advance(this.#steps * this.#stepSeconds);
      this.#step(this.#steps * this.#stepSeconds);
    }
    // A horizon between two steps.
    this.simulation.advance(untilSeconds);
  }

  onRecord(kind: number, at: Nanos, instrument: number, agent: number, order: number, price: number, size: number, extra: number): void {
    if (instrument !== 0 && kind === TRACE.filled) this.#taker = { agent, order };
    if (instrument !== 0 && kind === TRACE.hit) this.#printed(at, instrument, agent, order, price, size);
    if (kind === TRACE.settled) this.#capture.settled(instrument);
    this.#lives.onRecord(kind, at, instrument, agent, order, price, size, extra);
  }

  /** A match, by its maker's half: the order still rests in what is known of the books. */
  #printed(at: Nanos, instrument: number, maker: number, order: number, price: number, size: number): void {
    const { scenario, clock, attribution, world } = this.simulation;
    const option = scenario.chain.options[instrument - 1];
    const sells = this.#lives.sells(order);
    if (option === undefined || sells === undefined) return;
    const units = size * option.lotSize;
    const vega = ((clock.fair.vega[instrument - 1] ?? 0) * units) / VOL_POINTS;
    this.#prints.push({
      seconds: at / NANOS_PER_SECOND,
      takerOrder: this.#taker.order,
      size: units / contractUnits(option.lotSize),
      sign: sells ? 1 : -1,
      vega,
    });
    this.#volumes.push({ contracts: units, right: option.right, delta: this.#delta(option), tenor: this.#tenor(option) });
    if (maker !== this.#subject) return;
    this.#capture.note({
      counterparty: this.#kinds.get(this.#taker.agent) ?? '',
      instrument,
      sign: sells ? -1 : 1,
      units,
      price: price * option.tickSize,
      fair: attribution.fair(option.id),
      mid: this.#mids.get(option.id),
      vega,
      delta: attribution.delta(option.id),
      spot: world.spot(),
      step: world.step,
    });
  }

  #step(seconds: number): void {
    const { world, attribution } = this.simulation;
    this.#capture.step(world.step, world.spot(), (instrument) => attribution.fair(instrumentId(instrument)));
    this.#remarks.step(
      seconds,
      world.spot(),
      (instrument) => this.#touch(instrumentId(instrument)),
      () => this.#atTheMoney(),
    );
    this.#noteMids();
    if (Math.floor(seconds / MINUTE_SECONDS) > Math.floor((seconds - this.#stepSeconds) / MINUTE_SECONDS)) this.#minute();
  }

  #noteMids(): void {
    this.#mids.clear();
    for (const { id, tickSize } of this.#trading()) {
      const { bid, ask } = this.#touch(id);
      if (bid !== undefined && ask !== undefined) this.#mids.set(id, ((bid + ask) / 2) * tickSize);
    }
  }

  #touch(instrument: InstrumentId): { bid: number | undefined; ask: number | undefined } {
    const book = this.simulation.exchange.book(instrument);
    return { bid: book.best('buy'), ask: book.best('sell') };
  }

  /** Of each expiry that trades, the call with delta nearest to a half. */
  #atTheMoney(): InstrumentId[] {
    const nearest = new Map<number, OptionSeries>();
    const distance = (option: OptionSeries): number => Math.abs(this.#delta(option) - 0.5);
    for (const option of this.#trading()) {
      const best = nearest.get(option.expiry);
      if (option.right === 'call' && (best === undefined || distance(option) < distance(best))) nearest.set(option.expiry, option);
    }
    return [...nearest.values()].map((option) => option.id);
  }

  #trading(): OptionSeries[] {
    const { scenario, exchange } = this.simulation;
    return scenario.chain.options.filter((option) => exchange.lifecycle.listed(option.id));
  }

  /** Absolute delta at the world's fair value. */
  #delta(option: OptionSeries): number {
    return Math.abs(this.simulation.clock.fair.delta[option.id - 1] ?? 0);
  }

  #tenor(option: OptionSeries): TenorBucket {
    return tenorBucket(this.simulation.clock.fair.surface.yearsLeft(option.expiry) * YEAR_DAYS);
  }

  #minute(): void {
    const { world, clock } = this.simulation;
    this.#surface.update(clock.factorsNow);
    this.#minutes.push({ regime: world.regimeName(), spot: world.spot(), atmVols: this.#surface.atmVols, skew: this.#surface.skew });
    for (const option of this.#trading()) this.#look(option);
  }

  #look(option: OptionSeries): void {
    const { clock, exchange } = this.simulation;
    const [delta, tenor] = [this.#delta(option), this.#tenor(option)];
    this.#tenors.add(tenor);
    if (!(delta >= 0.1 && delta <= 0.9)) return;
    const { bid, ask } = this.#touch(option.id);
    this.#looks += 1;
    if (delta >= 0.35 && delta <= 0.65) {
      const book = exchange.book(option.id);
      if (bid !== undefined) this.#touchSizes.push((book.bestLots('buy') * option.lotSize) / contractUnits(option.lotSize));
      if (ask !== undefined) this.#touchSizes.push((book.bestLots('sell') * option.lotSize) / contractUnits(option.lotSize));
    }
    if (bid === undefined || ask === undefined) return;
    this.#twoSided += 1;
    const vega = clock.fair.vega[option.id - 1] ?? 0;
    if (!(vega > 0)) return;
    const width = ((ask - bid) * option.tickSize * VOL_POINTS) / vega;
    if (delta >= 0.4 && delta <= 0.6) this.#spreads[tenor].push(width);
    if (delta <= 0.25) this.#wingSpreads[tenor].push(width);
  }

  /** What has been seen so far. */
  samples(): MarketSamples {
    return {
      simulatedSeconds: this.simulation.nowSeconds,
      daysPerYear: this.simulation.scenario.world.daysPerYear,
      tenors: [...this.#tenors],
      minutes: this.#minutes,
      spreads: this.#spreads,
      wingSpreads: this.#wingSpreads,
      touchSizes: this.#touchSizes,
      looks: this.#looks,
      twoSided: this.#twoSided,
      prints: this.#prints,
      volumes: this.#volumes,
      remarks: this.#remarks.samples,
      cancelledLives: this.#lives.cancelled,
      cancels: this.#lives.cancelled.length,
      markouts: this.#capture.samples(),
    };
  }
}
