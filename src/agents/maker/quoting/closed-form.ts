import { bestDistance } from './hamiltonian.ts';
import { finish, type Quote, type QuotingView } from './quoter.ts';

/** Optimal widening for an uncertain fair value is 0.8·β·s² in vol (winner's curse; economics 1). */
const CURSE = 0.8;

/** What a quote is wider by on each side as its value is uncertain, in vol. */
export function uncertaintyVol(view: QuotingView, series: number): number {
  const sdVol = (view.valueSd[series] ?? 0) / (view.theo.vega[series] ?? 0);
  return CURSE * (view.beta[series] ?? 0) * sdVol * sdVol;
}

/**
 * Fills in a quote from what a closed form says of one series: the best distances y* for the marginal costs of a trade on either side, with the
 * fee inside, wider where the value itself is uncertain, where fills give back, and by the multiplier. `out.forecastShifts` must be filled in; their
 * sum is capped here.
 *
 * @param flow what one side that outnumbers the other shifts the value by, dollars; with the forecast it stays within the cap of leans.
 * @param inventory what one more contract costs with the present position, dollars: b·MB.
 * @param clip what a clip adds to its own cost: ½ z b·Mb.
 */
export function closedForm(view: QuotingView, series: number, flow: number, inventory: number, clip: number, out: Quote): void {
  const { theo, terms } = view;
  const vega = theo.vega[series] ?? 0;
  const beta = view.beta[series] ?? 0;
  const fee = view.fee[series] ?? 0;
  const neutral = bestDistance(fee / vega, beta) * vega;
  let shift = 0;
  for (const part of out.forecastShifts) shift += part;
  const cap = terms.leanCap * neutral;
  const forecast = Math.max(-cap, Math.min(cap, shift));
  shift = Math.max(-cap, Math.min(cap, forecast + flow));
  out.fair = theo.price[series] ?? 0;
  out.theo = out.fair + shift;
  out.forecastLean = forecast;
  out.flowLean = shift - forecast;
  out.inventoryLean = -inventory;
  out.neutral = neutral;
  out.multiplied = (terms.widthMultiplier - 1) * neutral;
  out.uncertainty = uncertaintyVol(view, series) * vega;
  out.toxicity = (view.toxicity[series] ?? 0) * vega;
  out.clip = clip;
  out.bidCost = fee + inventory + clip - shift;
  out.askCost = fee - inventory + clip + shift;
  const wider = out.uncertainty + out.toxicity + out.multiplied;
  out.bid = out.fair - bestDistance(out.bidCost / vega, beta) * vega - wider;
  out.ask = out.fair + bestDistance(out.askCost / vega, beta) * vega + wider;
  finish(view, series, out);
}
