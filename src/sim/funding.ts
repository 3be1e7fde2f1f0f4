import { agentId, MONEY_PER_DOLLAR, NANOS_PER_SECOND } from '../core/units.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { type FundingTerms, fundingPerLot, fundingRate } from '../exchange/funding.ts';
import type { Attribution } from '../ledger/attribution.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AgentDesk } from './desk.ts';
import type { ImpactedWorld } from './impacted-world.ts';

/** What funding looks at, and what it moves. */
export interface FundedParts {
  readonly scenario: Scenario;
  readonly world: ImpactedWorld;
  readonly exchange: Exchange;
  readonly ledger: Ledger;
  readonly attribution: Attribution;
  readonly desks: readonly AgentDesk[];
}

/**
 * Funding of the perpetual: watches how far its mid stands from the index, and has its holders pay each other at the end of each interval. The mean
 * is over the steps of the world at whose end the book had two sides; without any, the rate is 0.
 */
export class Funding {
  readonly #terms: FundingTerms;
  readonly #parts: FundedParts;
  readonly #onPaid: (rate: number) => void;
  readonly #steps: number;
  #step = 0;
  #sum = 0;
  #samples = 0;

  /** @param onPaid told of each payment: the share of the index that longs paid. */
  constructor(terms: FundingTerms, parts: FundedParts, onPaid: (rate: number) => void) {
    this.#terms = terms;
    this.#parts = parts;
    this.#onPaid = onPaid;
    this.#steps = Math.round((terms.intervalSeconds * NANOS_PER_SECOND) / parts.world.stepNanos);
  }

  /** To be called at the end of each step, before the index moves: the book has had the step's time to follow it. */
  stepEnds(indexDollars: number): void {
    const { underlying } = this.#parts.scenario.chain;
    const book = this.#parts.exchange.book(underlying.id);
    const bid = book.best('buy');
    const ask = book.best('sell');
    if (bid !== undefined && ask !== undefined) {
      this.#sum += (((bid + ask) / 2) * underlying.tickSize) / indexDollars - 1;
      this.#samples += 1;
    }
    this.#step += 1;
    if (this.#step < this.#steps) return;
    this.#pay(indexDollars, this.#samples === 0 ? 0 : fundingRate(this.#sum / this.#samples, this.#terms));
    this.#step = 0;
    this.#sum = 0;
    this.#samples = 0;
  }

  #pay(indexDollars: number, rate: number): void {
    const { scenario, exchange, ledger, attribution, desks } = this.#parts;
    const { underlying } = scenario.chain;
    const perLot = fundingPerLot(underlying, indexDollars, rate);
    const agents = scenario.agents.map((_, index) => agentId(index));
    exchange.lifecycle.fund(perLot, (instrument, moneyPerLot) => {
      ledger.fund(instrument, moneyPerLot);
      attribution.fund(moneyPerLot, ledger, agents);
    });
    this.#onPaid(rate);
    for (const desk of desks) {
      const held = ledger.position(desk.id, underlying.id);
      if (held !== 0) desk.agent.onFunding?.((-held * perLot) / MONEY_PER_DOLLAR, desk);
    }
  }
}
