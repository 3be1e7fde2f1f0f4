import type { QuoteExplanation } from '../../src/agents/explanation.ts';
import { instrumentId } from '../../src/core/units.ts';
import { blackPrice } from '../../src/pricing/black-scholes.ts';
import type { BookView, ExpiryView, SeriesView, Snapshot } from '../../src/sim/snapshot.ts';

/** A fixed, plausible moment of a run: BTC at 70,000, 4 expiries of 9 strikes, the maker quoting around the money. */
const SPOT = 70_012.5;
const STRIKES = [55_000, 60_000, 64_000, 67_000, 70_000, 73_000, 76_000, 80_000, 86_000];
const EXPIRIES = [
  { label: '7d', days: 7, vol: 0.462 },
  { label: '14d', days: 14, vol: 0.478 },
  { label: '30d', days: 30, vol: 0.5015 },
  { label: '90d', days: 90, vol: 0.5342 },
];
const TICK = 0.5;
/** Parts, in 1e-4 of vol, by which our view of each expiry is off, and by which it is expected to change. */
const TRACKED = [-12, 8, 3, -4];
const EXPECTED = [31, 19, 9, -2];

const smile = (vol: number, moneyness: number): number => vol - 0.012 * moneyness + 0.009 * moneyness * moneyness;
/** A number in [0, 1) that depends on its argument only. */
const scatter = (n: number): number => {
  const x = Math.sin(n * 12.9898 + 4.1) * 43_758.5453;
  return x - Math.floor(x);
};

function expiryView(index: number): ExpiryView {
  const { label, days, vol } = EXPIRIES[index] ?? EXPIRIES[0] ?? { label: '', days: 1, vol: 0.5 };
  const years = days / 365;
  const forward = SPOT * Math.exp(0.06 * years);
  const tracked = vol + (TRACKED[index] ?? 0) / 10_000;
  return {
    label,
    years,
    forward,
    worldAtmVol: vol,
    trackedAtmVol: tracked,
    forecastAtmVol: tracked + (EXPECTED[index] ?? 0) / 10_000,
    smile: Array.from({ length: 17 }, (_, i) => {
      const sd = -2 + i / 4;
      return { strike: forward * Math.exp(sd * vol * Math.sqrt(years)), world: smile(vol, sd), tracked: smile(tracked, sd) + 0.0008 * sd };
    }),
  };
}

function seriesView(expiry: ExpiryView, index: number, strike: number, right: 'call' | 'put', id: number): SeriesView {
  const stdev = expiry.worldAtmVol * Math.sqrt(expiry.years);
  const moneyness = Math.log(strike / expiry.forward) / stdev;
  const vol = smile(expiry.worldAtmVol, moneyness);
  const fair = blackPrice(right, expiry.forward, strike, vol * Math.sqrt(expiry.years));
  const theo = fair * (1 + 0.004 * (scatter(id) - 0.5));
  const half = Math.max(TICK, fair * 0.012 + 4);
  const down = (price: number): number => Math.floor(price / TICK) * TICK;
  const bid = down(fair - half);
  const ask = down(fair + half) + TICK;
  const selected = Math.abs(moneyness) < 1.6;
  const atBest = scatter(id + 7) > 0.35;
  const empty = bid <= 0;
  return {
    id: instrumentId(id),
    symbol: `BTC-${expiry.label}-${strike}-${right === 'call' ? 'C' : 'P'}`,
    expiry: index,
    strike,
    right,
    bid: empty ? undefined : bid,
    bidSize: empty ? 0 : 1 + Math.floor(scatter(id + 1) * 60) / 10,
    ask,
    askSize: 1 + Math.floor(scatter(id + 2) * 60) / 10,
    ourBid: selected && !empty ? (atBest ? bid : bid - 2) : undefined,
    ourBidSize: selected && !empty ? 1 : 0,
    ourAsk: selected ? (atBest ? ask : ask + 2) : undefined,
    ourAskSize: selected ? 1 : 0,
    fair,
    theo,
    vol,
    position: selected ? Math.round((scatter(id + 3) - 0.5) * 24) / 2 : 0,
    selected,
    reason: selected ? `expected gain ${(40 * scatter(id + 4)).toFixed(1)} $/h` : 'expected gain 0.4 $/h, below the 24th at 1.9 $/h',
  };
}

function bookView(series: SeriesView): BookView {
  const levels = (best: number, step: number, ours: number | undefined, salt: number) =>
    Array.from({ length: 8 }, (_, i) => {
      const price = best + step * i;
      const own = price === ours;
      return {
        price,
        size: 1.5 + Math.floor(scatter(i * 3 + salt) * 70) / 10,
        orders: 1 + (i % 3),
        ours: own ? 1 : 0,
        ahead: own ? 2.5 : undefined,
      };
    });
  const [bid, ask] = [series.bid ?? TICK, series.ask ?? 2 * TICK];
  return {
    id: series.id,
    symbol: series.symbol,
    bids: levels(bid, -2, series.ourBid, 11),
    asks: levels(ask, 2, series.ourAsk, 23),
    lastTrades: Array.from({ length: 14 }, (_, i) => ({
      seconds: 1500 + i * 47,
      price: i % 3 === 0 ? bid : ask,
      size: 0.5 + Math.floor(scatter(i) * 20) / 10,
      aggressor: i % 3 === 0 ? ('sell' as const) : ('buy' as const),
    })),
  };
}

function explanationOf({ id, fair, theo, vol, ourBid, ourAsk, selected, reason }: SeriesView): QuoteExplanation {
  const lean = (theo ?? fair) - fair;
  const half = 14.5;
  return {
    instrument: id,
    atSeconds: 2166,
    state: 'quoting',
    quoter: 'factors',
    selector: 'value',
    selection: { selected, sinceSeconds: 1830, reason },
    worth: { gain: 12.4, messages: 0.5, margin: 0.2, toxicity: 1.1 },
    quote: {
      vol,
      vegaPerPoint: 39.4,
      valueSd: 1.9,
      fair,
      forecast: [
        { name: 'level', dollars: lean + 0.6 },
        { name: 'slope', dollars: -0.4 },
        { name: 'skew', dollars: -0.3 },
        { name: 'curvature', dollars: 0.1 },
      ],
      forecastLean: lean,
      isForecastCapped: false,
      forecastAgeSeconds: 6,
      flowLean: 0,
      theo: fair + lean,
      inventoryLean: -1.2,
      halfSpread: [
        { name: 'fee', dollars: 8.1 },
        { name: 'neutral', dollars: 5.2 },
        { name: 'uncertainty', dollars: 0.9 },
        { name: 'clip', dollars: 0.3 },
      ],
      halfSpreadTotal: half,
    },
    sides: [
      { side: 'buy', wanted: fair + lean - 1.2 - half, price: ourBid, size: 1, expectedGain: 3.1, chance: 0.08, reasons: [] },
      {
        side: 'sell',
        wanted: fair + lean - 1.2 + half,
        price: ourAsk,
        size: 1,
        expectedGain: 3.4,
        chance: 0.09,
        reasons: ['left where it is: the move is less than 0.25 of the half-spread'],
      },
    ],
  };
}

/** The fixed snapshot, with the book of the series of that id; parts may be replaced. */
export function fixedSnapshot(selected = 1, change: Partial<Snapshot> = {}): Snapshot {
  const expiries = EXPIRIES.map((_, index) => expiryView(index));
  const series = expiries.flatMap((expiry, index) =>
    STRIKES.flatMap((strike, k) =>
      (['call', 'put'] as const).map((right, r) => seriesView(expiry, index, strike, right, 1 + (index * STRIKES.length + k) * 2 + r)),
    ),
  );
  const chosen = series.find((one) => one.id === selected) ?? series[8];
  if (chosen === undefined) throw new Error('no series');
  return {
    scenario: 'btc-calm-morning',
    seed: '42',
    nowSeconds: 2167,
    horizonSeconds: 14_400,
    events: 1_234_567,
    done: false,
    market: { regime: 'calm', spot: SPOT, bid: 70_010, ask: 70_015, realisedVol: 0.4386, prints: 1843, volume: 2218.5 },
    expiries,
    series,
    book: bookView(chosen),
    explanation: explanationOf(chosen),
    forecast: {
      kind: 'lstm',
      horizonsSeconds: [30, 300, 900, 1800],
      factors: [
        { name: 'level', tracked: -0.6899, change: [0.0004, 0.0031, 0.0058, 0.0071], scale: [0.0021, 0.0064, 0.0108, 0.0149] },
        { name: 'slope', tracked: 0.0688, change: [-0.0001, -0.0004, -0.0006, -0.0007], scale: [0.0004, 0.0012, 0.0019, 0.0027] },
        { name: 'skew', tracked: -0.1731, change: [0, 0.0003, -0.0011, -0.0019], scale: [0.0011, 0.0032, 0.0057, 0.0081] },
        { name: 'curvature', tracked: -0.0513, change: [0.0002, 0.0009, 0.0014, 0.0016], scale: [0.0012, 0.0035, 0.0061, 0.0086] },
      ],
      warmup: { seen: 72, needed: 16 },
    },
    subject: {
      name: 'mm',
      kind: 'maker',
      state: 'quoting',
      pnl: {
        total: 4316.27,
        byCause: [
          { cause: 'spreadCapture', amount: 9120.4 },
          { cause: 'delta', amount: -612.33 },
          { cause: 'gamma', amount: 388.9 },
          { cause: 'theta', amount: -214.18 },
          { cause: 'level', amount: -2871.56 },
          { cause: 'slope', amount: 143.02 },
          { cause: 'skew', amount: -96.71 },
          { cause: 'curvature', amount: 31.4 },
          { cause: 'vanna', amount: -12.06 },
          { cause: 'volga', amount: 5.61 },
          { cause: 'jump', amount: 0 },
          { cause: 'hedgeCost', amount: -918.05 },
          { cause: 'settlement', amount: 0 },
          { cause: 'fees', amount: -540.9 },
          { cause: 'residual', amount: -7.27 },
        ],
      },
      history: Array.from({ length: 200 }, (_, i) => ({
        seconds: (i * 2167) / 199,
        total:
          4316.27 * (i / 199) +
          700 * Math.sin(i / 11) * Math.sin(i / 63) -
          380 * Math.exp(-((i - 60) * (i - 60)) / 200) * 3 * (i < 199 ? 1 : 0),
      })),
      greeks: { delta: -0.842, gamma: 1.317, vega: -2871.4, theta: 1911.6 },
      limits: [
        { name: 'vega', unit: '$ per vol point', value: -2871.4, limit: 6000 },
        { name: 'gamma', unit: 'units per 1 %', value: 1.317, limit: 10 },
        { name: 'delta', unit: 'units', value: -6.9, limit: 8 },
        { name: 'position', unit: 'units', value: 20, limit: 20 },
        { name: 'loss', unit: '$', value: 0, limit: 50_000 },
      ],
      fills: 412,
      volume: 386.5,
      fees: 540.9,
    },
    log: [
      { seconds: 1804, kind: 'info', text: 'run opened: 72 series, 24 quoted' },
      { seconds: 1861.2, kind: 'regime', text: 'regime turned from normal to calm' },
      { seconds: 1979.4, kind: 'forecast', text: 'level +0.0058 in 15 min (±0.0108): quotes leaned up by 0.11 vol points' },
      { seconds: 2041.9, kind: 'fill', text: 'sold 1.00 BTC-7d-73000-C at 941.5, edge +12.8' },
      { seconds: 2042.0, kind: 'hedge', text: 'bought 0.42 BTC-PERP at 70,016.0: delta -0.42 outside ±0.35' },
      { seconds: 2108.3, kind: 'limit', text: 'vega at 48 % of its limit after 3 quotes in BTC-30d' },
      { seconds: 2140.7, kind: 'fill', text: 'bought 0.50 BTC-14d-70000-P at 1,779.0, edge +15.1' },
      { seconds: 2166.1, kind: 'trade', text: '1.20 BTC-7d-70000-C at 1,884.0, buyer took' },
    ],
    ...change,
  };
}
