import { performance } from 'node:perf_hooks';
import { blankGreeks, type Contract, greeks } from '../src/pricing/black-scholes.ts';
import { ChainGreeks } from '../src/pricing/chain-greeks.ts';
import { impliedVol, type OptionPrice } from '../src/pricing/implied-vol.ts';
import type { Figure } from './figure.ts';

/** Passes over the chain per timed round, and rounds; the best round counts, since others share the machine. */
const PASSES = 200;
const ROUNDS = 15;
const SPOT = 60_000;
const RATE = 0.04;
/** 400 series: 5 expiries, 40 strikes from 2.5 standard deviations below to 2.5 above, call and put. */
const SERIES = 400;

/** The package compared with: the fastest on npm that gives price and five Greeks. Without it there are figures and no ratios. */
const PEER = '@uqee/black-scholes';

/** What is used of the peer. Its theta has the other sign. */
interface Peer {
  option(of: PeerOption & { sigma: number }): { price: number; delta: number; gamma: number; vega: number; theta: number; rho: number };
  sigma(of: PeerOption & { price: number }): number;
}
interface PeerOption {
  readonly rate: number;
  readonly strike: number;
  readonly time: number;
  readonly type: 'call' | 'put';
  readonly underlying: number;
}

function expiries(): readonly { readonly years: number; readonly strikes: readonly number[] }[] {
  return [1, 7, 30, 90, 365].map((days) => {
    const years = days / 365;
    return { years, strikes: Array.from({ length: 40 }, (_, i) => SPOT * Math.exp(((i - 19.5) / 7.8) * 0.5 * Math.sqrt(years))) };
  });
}

function chain(): readonly Contract[] {
  return expiries().flatMap(({ years, strikes }) =>
    strikes.flatMap((strike) => [
      { right: 'call' as const, strike, years },
      { right: 'put' as const, strike, years },
    ]),
  );
}

/** Visits all series once, at a spot; what it returns keeps the work from being optimised away. */
type Pass = (spot: number) => number;

/**
 * Options per second of each pass, its best round. Rounds take turns, so that whatever else the machine does hits all alike; each pass is
 * its own loop, so that none slows another's code.
 */
function rates(passes: readonly Pass[]): number[] {
  const best = passes.map(() => 0);
  let checksum = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [k, pass] of passes.entries()) {
      const start = performance.now();
      for (let i = 0; i < PASSES; i += 1) checksum += pass(SPOT + i);
      best[k] = Math.max(best[k] ?? 0, (1000 * PASSES * SERIES) / (performance.now() - start));
    }
  }
  if (!Number.isFinite(checksum)) throw new Error('the chain has no finite value');
  return best;
}

/**
 * The peer, if it is installed. Vols are asked of its own Newton's method to a millionth of a dollar on a spot of 60,000, where ours gives
 * all digits.
 */
async function peer(): Promise<Peer | undefined> {
  try {
    // Named by a variable, so that neither types nor bundle need it.
    const loaded = (await import(PEER)) as { BlackScholes: new (options: Readonly<Record<string, unknown>>) => Peer };
    return new loaded.BlackScholes({
      sigmaToPricePrecision: 'double',
      priceToSigmaMethod: 'newton-raphson',
      priceToSigmaAccuracy: 1e-6,
      priceToSigmaNRIteractions: 50,
    });
  } catch {
    return undefined;
  }
}

function figure(name: string, unit: string, ours: Pass, theirs: Pass | undefined): Figure {
  const [value = 0, peerValue = 0] = rates(theirs === undefined ? [ours] : [ours, theirs]);
  return { name, value, unit, ...(theirs === undefined ? {} : { peer: PEER, peerValue, ratio: value / peerValue }) };
}

async function peerGreeks(): Promise<Pass | undefined> {
  const other = await peer();
  if (other === undefined) return undefined;
  const asked = chain().map(({ right, strike, years }) => ({ rate: RATE, sigma: 0.5, strike, time: years, type: right, underlying: SPOT }));
  return (spot) => {
    let sum = 0;
    for (const option of asked) {
      option.underlying = spot;
      const out = other.option(option);
      sum += out.price + out.delta + out.gamma + out.vega + out.theta + out.rho;
    }
    return sum;
  };
}

/** Options per second of `greeks`: price and five Greeks of each of 400 series by itself, on a spot that moves with every pass. */
export async function pricingGreeks(): Promise<Figure> {
  const contracts = chain();
  const at = { spot: SPOT, vol: 0.5, rate: RATE, yield: 0 };
  const out = blankGreeks();
  const pass: Pass = (spot) => {
    let sum = 0;
    at.spot = spot;
    for (const contract of contracts) {
      greeks(contract, at, out);
      sum += out.price + out.delta + out.gamma + out.vega + out.theta + out.rho;
    }
    return sum;
  };
  return figure('pricing.greeks', 'options/s', pass, await peerGreeks());
}

/** The same numbers of the same 400 series by `ChainGreeks`: call and put at one strike share d₁, d₂ and the density. */
export async function pricingChain(): Promise<Figure> {
  const all = expiries();
  const columns = new ChainGreeks(SERIES / 2);
  const at = { spot: SPOT, rate: RATE, yield: 0, vols: new Float64Array(SERIES / 10).fill(0.5) };
  const pass: Pass = (spot) => {
    at.spot = spot;
    let first = 0;
    for (const expiry of all) {
      columns.value(expiry, at, first);
      first += expiry.strikes.length;
    }
    return columns.price[0] ?? 0;
  };
  return figure('pricing.chain', 'options/s', pass, await peerGreeks());
}

/** Vols per second of `impliedVol` over the same 400 series, priced at vols between 30 % and 90 %. */
export async function pricingImpliedVol(): Promise<Figure> {
  const quotes = chain().map(({ right, strike, years }, i): OptionPrice => {
    const { price } = greeks({ right, strike, years }, { spot: SPOT, vol: 0.3 + 0.0015 * i, rate: RATE, yield: 0 });
    return { right, strike, years, forward: SPOT * Math.exp(RATE * years), discount: Math.exp(-RATE * years), price };
  });
  const pass: Pass = () => {
    let sum = 0;
    for (const quote of quotes) {
      const vol = impliedVol(quote);
      if (typeof vol === 'number') sum += vol;
    }
    return sum;
  };
  const other = await peer();
  if (other === undefined) return figure('pricing.impliedVol', 'vols/s', pass, undefined);
  const asked = quotes.map(({ right, strike, years, price }) => ({
    rate: RATE,
    price,
    strike,
    time: years,
    type: right,
    underlying: SPOT,
  }));
  const theirs: Pass = () => {
    let sum = 0;
    for (const quote of asked) {
      const vol = other.sigma(quote);
      // Newton's method leaves the range of vols in the wings.
      if (Number.isFinite(vol)) sum += vol;
    }
    return sum;
  };
  return figure('pricing.impliedVol', 'vols/s', pass, theirs);
}
