import { FACTOR_COUNT } from '../../../pricing/factors.ts';
import { uncertaintyVol } from './closed-form.ts';
import { pathAt } from './forecast-lean.ts';
import { shareOf } from './hamiltonian.ts';
import { finish, type Quote, type QuotingView } from './quoter.ts';

/**
 * Half of Avellaneda and Stoikov's spread without inventory: (1/γ) ln(1 + γ/k), for customers who come at a rate falling as e^(−kδ) and an aversion γ
 * to what one trade brings. 1/k as γ goes to 0.
 */
export const exponentialDistance = (aversion: number, k: number): number => Math.log1p(aversion / k) / aversion;

/**
 * Decay k, per unit of vol, of the exponential that our customers' acceptance 1/(1 + exp(α + βδ)) looks like where a quote stands: β/(1 + u), u =
 * W(e^−(1+α)). With it 1/k is the best distance y*(0), so that makers with no aversion quote alike.
 */
export const exponentialDecay = (beta: number): number => beta / (1 + shareOf(0, beta));

/**
 * Fills in the quotes of Avellaneda and Stoikov (2008) for one series: around the value expected at the horizon, shifted by qγσ²τ for what is held,
 * at ½zγσ²τ + (1/γz) ln(1 + γz/k) and the fee. With trades of one contract (z = 1) and no fee that is their γσ²τ + (2/γ) ln(1 + γ/k) from bid to ask.
 * Wider where the value is uncertain and where fills give back, as the closed forms are.
 *
 * @param horizonSeconds τ, at which the position is thought to be valued.
 * @param inventory qγσ²τ, dollars per contract.
 * @param clip ½zγσ²τ, dollars per contract.
 */
export function avellanedaStoikov(
  view: QuotingView,
  series: number,
  horizonSeconds: number,
  inventory: number,
  clip: number,
  out: Quote,
): void {
  const { theo, terms, forecast } = view;
  const vega = theo.vega[series] ?? 0;
  const beta = view.beta[series] ?? 0;
  const fee = view.fee[series] ?? 0;
  const distance = exponentialDistance(terms.riskAversion * terms.size, exponentialDecay(beta) / vega);
  const neutral = fee + distance;
  let shift = 0;
  for (let f = 0; f < FACTOR_COUNT; f += 1) {
    const part = forecast === undefined ? 0 : (theo.exposures[series * FACTOR_COUNT + f] ?? 0) * pathAt(forecast, horizonSeconds, f);
    out.forecastShifts[f] = part;
    shift += part;
  }
  shift = Math.max(-terms.leanCap * neutral, Math.min(terms.leanCap * neutral, shift));
  out.fair = theo.price[series] ?? 0;
  out.theo = out.fair + shift;
  out.forecastLean = shift;
  out.flowLean = 0;
  out.inventoryLean = -inventory;
  out.neutral = neutral;
  out.multiplied = (terms.widthMultiplier - 1) * neutral;
  out.uncertainty = uncertaintyVol(view, series) * vega;
  out.toxicity = (view.toxicity[series] ?? 0) * vega;
  out.clip = clip;
  out.bidCost = fee + inventory + clip - shift;
  out.askCost = fee - inventory + clip + shift;
  const wider = out.uncertainty + out.toxicity + out.multiplied;
  out.bid = out.fair - out.bidCost - distance - wider;
  out.ask = out.fair + out.askCost + distance + wider;
  finish(view, series, out);
}
