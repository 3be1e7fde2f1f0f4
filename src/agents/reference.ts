import { z } from 'zod';
import { fraction, millis, nonNegative, positive, seconds, wholePositive } from '../config/quantity.ts';
import { exponential } from '../core/distributions.ts';
import type { Rng } from '../core/rng.ts';
import { inverseNormalCdf } from '../core/special.ts';
import { nanos, nanosFromMillis, ticks } from '../core/units.ts';
import type { Chain } from '../market/chain.ts';
import { type OptionSeries, ticksAbove, ticksBelow } from '../market/instrument.ts';
import type { Report } from '../market/order.ts';
import { nextAbove } from '../market/tick-table.ts';
import { screenHalfSpread } from '../pricing/flow-shape.ts';
import { type Agent, type AgentSetup, type Desk, defineAgent, type Oracle } from './agent.ts';
import { ReferenceQuote } from './reference-quote.ts';

const params = z.strictObject({
  remarkMillis: millis({ about: 'time between two comparisons of its marks with the fair values', minimum: 1 }).prefault(1000),
  lagMillis: millis({ about: 'how late it learns of a new fair value', minimum: 0 }).prefault(5),
  reactionMillis: millis({
    about: 'mean time from finding marks stale to quoting them anew, exponentially distributed; 0: at once',
    minimum: 0,
  }).prefault(2000),
  remarkShare: positive({ about: 'a mark is stale once its fair value has moved by this share of its half-spread' }).default(0.8),
  remarkBp: nonNegative({
    about: 'and not before the index has moved by so many basis points, if that alone makes the difference',
  }).default(5),
  refreshSeconds: seconds({ about: 'time in which every series is marked anew, one after the other, whatever has moved' }).prefault(300),
  spreadPerVol: positive({
    about: 'half-spread in vol at 30 days net of fees, as a share of the at-the-money vol; other tenors by the usual shape of screens',
  }).default(0.0063),
  feeShare: nonNegative({ about: 'share of the fee per contract that is added to the half-spread, in vol as it is at the money' }).default(
    0.87,
  ),
  widthSd: nonNegative({ about: 'standard deviation of the log of the width of each new mark', maximum: 1 }).default(0.2),
  spreadTicksMinimum: wholePositive({ about: 'smallest half-spread, in ticks' }).default(1),
  noiseShare: nonNegative({
    about:
      'standard deviation of the error of each new mark, as a share of the half-spread; independent from series to series and mark to mark',
  }).default(0.2),
  size: positive({ about: 'contracts on each side of a quote' }).default(20),
  deepShare: fraction({ about: 'the same share of the size in series with a delta beyond 0.65, in the money' }).prefault(0.25),
  refillSeconds: seconds({ about: 'time before a quote that traded is filled up again' }).prefault(3),
});

type ReferenceParams = z.output<typeof params>;

const YEARS_30_DAYS = 30 / 365;
const BASIS_POINTS = 10_000;
/** Beyond this delta a series is deep in the money. */
const DEEP_DELTA = 0.65;

/**
 * The rest of the market: it alone is told the world's fair values, sees them late, errs in each mark, and quotes every series around them
 * with a screen-like spread (decision 7): a share of the vol, and most of the fee (spreads of models 4c).
 *
 * It does not follow every move. A mark stands until its fair value has left it by a share of the half-spread; then it takes the maker some
 * time to react, in which all marks that have become stale meanwhile are seen to as well. Several of these, with parameters and names of
 * their own, are several makers who err and react apart.
 */
export const reference = defineAgent({
  kind: 'reference',
  summary: 'stands for the rest of the market: quotes every series around the fair value, late and with errors',
  params,
  rights: { oracle: true },
  create: (p, setup) => new ReferenceMaker(p, setup),
});

/** Looks at every series every second or so: nothing is made anew per look. */
class ReferenceMaker implements Agent {
  readonly #params: ReferenceParams;
  readonly #setup: AgentSetup;
  readonly #chain: Chain;
  readonly #oracle: Oracle | undefined;
  readonly #errors: Rng;
  readonly #reactions: Rng;
  /** By instrument id; none for the underlying. */
  readonly #quoted: readonly (ReferenceQuote | undefined)[];
  readonly #widths: Rng;
  /** Half-spread in vol of each expiry, its fee included, as of the present look. */
  readonly #halfSpreadVols: Float64Array;
  /** By expiry: the largest vega, and the series that has it. */
  readonly #vegas: Float64Array;
  readonly #atTheMoney: Int32Array;
  /** Fair values by series, and uniforms on (0, 1) by instrument id, of the present look. */
  readonly #fair: Float64Array;
  readonly #chances: Float64Array;
  readonly #widthChances: Float64Array;
  /** Series marked anew so far because their turn came, as if that went on steadily; the whole part is done. */
  #refreshed = 0;
  #nextLook = 0;
  /** When it will have reacted to stale marks; none are known while this is Infinity. */
  #reactAt = Number.POSITIVE_INFINITY;

  constructor(p: ReferenceParams, setup: AgentSetup) {
    this.#params = p;
    this.#setup = setup;
    this.#chain = setup.chain;
    this.#oracle = setup.oracle;
    this.#errors = setup.stream('errors');
    this.#reactions = setup.stream('reactions');
    this.#widths = setup.stream('widths');
    this.#quoted = setup.chain.instruments.map((listing) => (listing.kind === 'option' ? new ReferenceQuote(listing) : undefined));
    this.#halfSpreadVols = new Float64Array(setup.chain.expiries.length);
    this.#vegas = new Float64Array(setup.chain.expiries.length);
    this.#atTheMoney = new Int32Array(setup.chain.expiries.length);
    this.#fair = new Float64Array(setup.chain.options.length);
    this.#chances = new Float64Array(setup.chain.instruments.length);
    this.#widthChances = new Float64Array(setup.chain.instruments.length);
  }

  onOpen(desk: Desk): void {
    desk.wakeAt(nanosFromMillis(this.#params.lagMillis));
  }

  onWake(desk: Desk): void {
    const oracle = this.#oracle;
    if (oracle === undefined) return;
    if (desk.now >= this.#nextLook) this.#look(oracle, desk);
    if (desk.now >= this.#reactAt) this.#react(oracle, desk);
  }

  /** Quotes of a session do not wait for the next one. */
  onClosed(desk: Desk): void {
    desk.cancelAll();
  }

  onReport(report: Readonly<Report>, desk: Desk): void {
    this.#quoted[report.instrument]?.hear(report, desk);
  }

  /** Learns the fair values, sees to what is new, traded or due, and notices what is stale. */
  #look(oracle: Oracle, desk: Desk): void {
    const p = this.#params;
    this.#fair.set(oracle.fair.price);
    this.#widen(oracle);
    // Drawn whether or not they are used, so that nobody's trades shift what follows.
    const reaction = exponential(this.#reactions, p.reactionMillis);
    for (const option of this.#chain.options) {
      this.#chances[option.id] = this.#errors.uniform();
      this.#widthChances[option.id] = this.#widths.uniform();
    }
    const first = Math.floor(this.#refreshed);
    this.#refreshed += (this.#chain.options.length * p.remarkMillis) / (p.refreshSeconds * 1000);
    for (let n = first; n < Math.floor(this.#refreshed); n += 1) this.#refresh(oracle, n % this.#chain.options.length, desk);
    for (const option of this.#chain.options) {
      const quoted = this.#quoted[option.id];
      if (quoted === undefined || !desk.listed(option.id)) continue;
      if (quoted.isFresh || quoted.isShort(p.refillSeconds, desk)) this.#mark(oracle, quoted, desk);
      else if (this.#isStale(quoted)) this.#reactAt = Math.min(this.#reactAt, desk.now + nanosFromMillis(reaction));
    }
    this.#nextLook = desk.now + nanosFromMillis(p.remarkMillis);
    desk.wakeAt(nanos(this.#nextLook));
    if (this.#reactAt < this.#nextLook) desk.wakeAt(nanos(this.#reactAt));
  }

  #refresh(oracle: Oracle, series: number, desk: Desk): void {
    const quoted = this.#quoted[series + 1];
    if (quoted !== undefined && desk.listed(quoted.option.id)) this.#mark(oracle, quoted, desk);
  }

  /** Marks everything anew that is stale by now, at the fair values of the last look. */
  #react(oracle: Oracle, desk: Desk): void {
    this.#reactAt = Number.POSITIVE_INFINITY;
    for (const option of this.#chain.options) {
      const quoted = this.#quoted[option.id];
      if (quoted !== undefined && desk.listed(option.id) && this.#isStale(quoted)) this.#mark(oracle, quoted, desk);
    }
  }

  #isStale({ option, marked, tolerance }: ReferenceQuote): boolean {
    return Math.abs((this.#fair[option.id - 1] ?? 0) - marked) > tolerance;
  }

  /** Half-spreads in vol: one for all strikes of an expiry, with the fee as it is at the money, where vega is largest. */
  #widen(oracle: Oracle): void {
    const { surface, vega, spot } = oracle.fair;
    this.#vegas.fill(0);
    for (const option of this.#chain.options) {
      const own = vega[option.id - 1] ?? 0;
      if (own <= (this.#vegas[option.expiry] ?? 0)) continue;
      this.#vegas[option.expiry] = own;
      this.#atTheMoney[option.expiry] = option.id;
    }
    for (let expiry = 0; expiry < this.#halfSpreadVols.length; expiry += 1) {
      const net = screenHalfSpread(this.#params.spreadPerVol, surface.vol(expiry, 0), surface.yearsLeft(expiry) / YEARS_30_DAYS);
      const option = this.#chain.options[(this.#atTheMoney[expiry] ?? 0) - 1];
      const largest = this.#vegas[expiry] ?? 0;
      const fee = option === undefined || largest <= 0 ? 0 : this.#fee(option, spot) / largest;
      this.#halfSpreadVols[expiry] = net + this.#params.feeShare * fee;
    }
  }

  /** Dollars per contract at the fair value of the last look. */
  #fee(option: OptionSeries, spot: number): number {
    const at = ticksBelow(option, Math.max(option.tickSize, this.#fair[option.id - 1] ?? 0));
    return this.#setup.feePerUnit(option.id, at, 'maker', spot);
  }

  /** Quotes a series around its fair value of the last look, with a new error and in full size. */
  #mark(oracle: Oracle, quoted: ReferenceQuote, desk: Desk): void {
    const p = this.#params;
    const { option } = quoted;
    const i = option.id - 1;
    const fair = this.#fair[i] ?? 0;
    const width = Math.exp(p.widthSd * inverseNormalCdf(this.#widthChances[option.id] ?? 0.5));
    const half = Math.max(
      p.spreadTicksMinimum * option.tickSize,
      width * (this.#halfSpreadVols[option.expiry] ?? 0) * (oracle.fair.vega[i] ?? 0),
    );
    const delta = Math.abs(oracle.fair.delta[i] ?? 0);
    quoted.marked = fair;
    quoted.tolerance = Math.max(p.remarkShare * half, (p.remarkBp / BASIS_POINTS) * delta * oracle.fair.spot);
    const size = Math.max(1, Math.round((p.size * (delta > DEEP_DELTA ? p.deepShare : 1)) / option.lotSize));
    const centre = fair + p.noiseShare * half * inverseNormalCdf(this.#chances[option.id] ?? 0.5);
    const below = ticksBelow(option, centre - half);
    const bidPrice = below >= 1 ? below : undefined;
    const askPrice = ticks(Math.max(ticksAbove(option, centre + half), nextAbove(option.tickTable, below), 1));
    quoted.place(desk, bidPrice, askPrice, size);
  }
}
