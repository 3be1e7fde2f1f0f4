import { finish, type Quote, type QuotingView } from './quoter.ts';

/**
 * Fills in a quote that a simple rule makes: so far from a centre, which may be shifted for the inventory. Nothing is leaned toward a forecast,
 * and nothing is added for what the value is not known to. A trade costs the fee.
 *
 * @param centre what it is quoted around but for inventory, dollars.
 * @param neutral half-spread without inventory, dollars; `widthMultiplier` multiplies it.
 * @param inventoryLean shift for the inventory, dollars.
 * @param widening what inventory adds to the half-spread, dollars.
 */
export function ruleQuote(
  view: QuotingView,
  series: number,
  centre: number,
  neutral: number,
  inventoryLean: number,
  widening: number,
  out: Quote,
): void {
  const fee = view.fee[series] ?? 0;
  out.fair = view.theo.price[series] ?? 0;
  out.theo = centre;
  out.forecastShifts.fill(0);
  out.forecastLean = 0;
  out.flowLean = 0;
  out.inventoryLean = inventoryLean;
  out.neutral = neutral;
  out.multiplied = (view.terms.widthMultiplier - 1) * neutral;
  out.uncertainty = 0;
  out.toxicity = 0;
  out.clip = 0;
  out.bidCost = fee;
  out.askCost = fee;
  const half = neutral + out.multiplied + widening;
  out.bid = centre + inventoryLean - half;
  out.ask = centre + inventoryLean + half;
  finish(view, series, out);
}

/** Mid of the others' best prices; not a number where a side is missing. */
export function midOfOthers(view: QuotingView, series: number): number {
  return ((view.bid[series] ?? Number.NaN) + (view.ask[series] ?? Number.NaN)) / 2;
}

/** Vega of the whole position, dollars per 1.00 of vol. */
export function vegaHeld({ units, theo }: QuotingView): number {
  let vega = 0;
  for (let i = 0; i < units.length; i += 1) vega += (units[i] ?? 0) * (theo.vega[i] ?? 0);
  return vega;
}
