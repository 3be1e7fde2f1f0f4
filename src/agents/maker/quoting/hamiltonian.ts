import { lambertWExp } from '../../../core/special.ts';

/**
 * Demand of customers who accept a quote at distance δ (in vol) with probability 1/(1 + exp(α + βδ)), and what that makes of a
 * quote. With u = W(e^−(1+α+βx)) and x the marginal cost of the trade in vol (Baldacci, Bergault and Guéant 2021; exact
 * solution of their Hamiltonian by the Lambert function):
 *
 *   best distance y*(x) = x + (1 + u)/β,   value h(x) = u/β,   h″(x) = βu/(1 + u)³.
 *
 * At α = 0.7, β = 150: y*(0) = 0.00771, h″(0) = 15.16 (test/agents/maker/hamiltonian.test.ts).
 */
export const ALPHA = 0.7;

/** u = W(exp(−(1 + α + βx))), without overflow for any x. */
export const shareOf = (x: number, beta: number): number => lambertWExp(-(1 + ALPHA + beta * x));

/** Best distance of a quote from the fair value, in vol; `x` is the marginal cost of the trade in vol. */
export const bestDistance = (x: number, beta: number): number => x + (1 + shareOf(x, beta)) / beta;

/** Expected gain per candidate and unit of vega when quoting at the best distance, in vol. */
export const quoteValue = (x: number, beta: number): number => shareOf(x, beta) / beta;

/** Second derivative of {@link quoteValue}, per vol. */
export function quoteCurvature(x: number, beta: number): number {
  const u = shareOf(x, beta);
  const one = 1 + u;
  return (beta * u) / (one * one * one);
}
