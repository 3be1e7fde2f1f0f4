import { decimalsFor, fixed } from '../core/text-table.ts';
import { BOOTSTRAP_SAMPLE_MINIMUM } from './bootstrap.ts';
import { ALPHA, type PairSummary, type VariantSummary } from './comparison.ts';
import { pairsNeeded } from './paired.ts';

/** Power that a plan for more seeds asks for. */
const PLANNED_POWER = 0.8;
/** More pairs than this are left to the table. */
const PAIRS_TOLD = 6;

/**
 * True where a claim is made: the paired t test rejects after Holm's adjustment and the bootstrap interval leaves out 0. Either
 * alone is not enough.
 */
export function distinguishable(pair: PairSummary): boolean {
  return pair.pHolm < ALPHA && pair.ci95[0] * pair.ci95[1] > 0;
}

/** A p-value for the reader: three decimals, or that it is smaller. */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/**
 * What a comparison shows, in plain sentences: each effect with its interval and number of seeds, a worse tail where the one
 * ahead has it, and how many seeds would be needed where the variants cannot be told apart.
 */
export function conclusion(metric: string, variants: readonly VariantSummary[], pairs: readonly PairSummary[]): string {
  const n = variants[0]?.n ?? 0;
  const sentences =
    pairs.length === 0 ? variants.map((v) => alone(metric, v)) : told(pairs).map((pair) => sentence(pair, pairs.length, variants));
  const left = pairs.length - told(pairs).length;
  if (left > 0) sentences.push(`The other ${left} pairs are in the table.`);
  if (n < BOOTSTRAP_SAMPLE_MINIMUM)
    sentences.push(`With fewer than ${BOOTSTRAP_SAMPLE_MINIMUM} seeds the intervals are Student's t and lean on normal scores.`);
  const head =
    pairs.length > 1 ? `${metric} over ${n} seeds, ${pairs.length} pairs, p after Holm: ` : pairs.length === 1 ? `${metric}: ` : '';
  return head + sentences.join(' ');
}

/** Pairs that are spelled out, the clearest first where there are too many. */
function told(pairs: readonly PairSummary[]): readonly PairSummary[] {
  if (pairs.length <= PAIRS_TOLD) return pairs;
  return [...pairs].sort((a, b) => a.pHolm - b.pHolm).slice(0, PAIRS_TOLD);
}

function alone(metric: string, v: VariantSummary): string {
  const decimals = decimalsFor(v.sd || v.mean, 3);
  const figures = `${fixed(v.mean, decimals)} (${interval(v.ci95, 1, decimals)}, ${v.n} seeds)`;
  return `Only ${v.name} was run: nothing to compare. Its mean ${metric} is ${figures}.`;
}

const interval = ([low, high]: readonly [number, number], sign: 1 | -1, decimals: number): string =>
  `95 % interval ${fixed(sign * (sign > 0 ? low : high), decimals)} to ${fixed(sign * (sign > 0 ? high : low), decimals)}`;

function sentence(pair: PairSummary, pairCount: number, variants: readonly VariantSummary[]): string {
  const sign = pair.mean < 0 ? -1 : 1;
  const [ahead, behind] = sign > 0 ? [pair.a, pair.b] : [pair.b, pair.a];
  if (pair.dz === 0 && pair.ci95[0] === 0 && pair.ci95[1] === 0) {
    return `${pair.a} and ${pair.b} score the same at each of these ${pair.n} seeds.`;
  }
  const decimals = decimalsFor(Math.max(Math.abs(pair.ci95[0]), Math.abs(pair.ci95[1])), 3);
  const size = fixed(Math.abs(pair.mean), decimals);
  const evidence = `${interval(pair.ci95, sign, decimals)}, p ${pText(pair.pHolm)}`;
  if (distinguishable(pair)) {
    return `${ahead} is ahead of ${behind} by ${size} per seed (${evidence}, ${pair.n} seeds).${worseTail(ahead, behind, variants)}`;
  }
  const verdict = `${ahead} and ${behind} are not distinguishable at these ${pair.n} seeds`;
  return `${verdict}: the difference is ${size} (${evidence})${remedy(pair, pairCount)}.`;
}

/** A mean that was bought with a worse tail is said so. */
function worseTail(ahead: string, behind: string, variants: readonly VariantSummary[]): string {
  const [winner, loser] = [ahead, behind].map((name) => variants.find((v) => v.name === name));
  if (winner === undefined || loser === undefined || winner.es5 >= loser.es5) return '';
  const decimals = decimalsFor(Math.max(Math.abs(winner.es5), Math.abs(loser.es5)), 3);
  return ` Its worst 5 % of seeds are worse: mean ${fixed(winner.es5, decimals)} against ${fixed(loser.es5, decimals)}.`;
}

function remedy(pair: PairSummary, pairCount: number): string {
  const split =
    pair.ci95[0] * pair.ci95[1] > 0 !== pair.pHolm < ALPHA ? '; interval and adjusted test disagree, so nothing is claimed' : '';
  if (pair.dz === undefined) return split;
  const needed = pairsNeeded(pair.dz, ALPHA / pairCount, PLANNED_POWER);
  if (needed !== undefined && needed <= pair.n) return split;
  const count = needed === undefined ? 'more than a million' : `about ${Number(needed.toPrecision(2))}`;
  return `${split}; if the true effect is as observed (d_z ${pair.dz.toFixed(2)}), ${count} seeds would show it with 80 % power`;
}
