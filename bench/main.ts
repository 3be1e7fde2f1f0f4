import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exchangeAllocation, sessionAllocation } from './allocation.ts';
import { bookMixed } from './book.ts';
import type { Figure } from './figure.ts';
import { forecastStep } from './forecast.ts';
import { kernelEvents } from './kernel.ts';
import { ledgerStep } from './ledger.ts';
import { makerCycle } from './maker.ts';
import { pricingChain, pricingGreeks, pricingImpliedVol } from './pricing.ts';
import { simEvents, simHour, simSession } from './sim.ts';

/** What is measured, by the first of the names that its figures have. */
const BENCHES: Readonly<Record<string, (root: string) => Figure | readonly Figure[] | Promise<Figure | readonly Figure[]>>> = {
  // First, as in a program that does nothing else: after a simulation, `greeks` has seen objects of more shapes and takes half as long again.
  'pricing.greeks': pricingGreeks,
  'pricing.chain': pricingChain,
  'pricing.impliedVol': pricingImpliedVol,
  'book.mixed': bookMixed,
  'kernel.events': kernelEvents,
  'ledger.step': ledgerStep,
  'exchange.allocation': exchangeAllocation,
  'sim.session': simSession,
  'sim.allocation': sessionAllocation,
  'sim.events': simEvents,
  'sim.hour': simHour,
  maker: makerCycle,
  'forecast.step': forecastStep,
};

/**
 * `npm run bench`: every figure on a line of its own; with `-- --json` each line is a JSON object, and with `-- sim book` only what begins so
 * is measured. Figures are read, they gate nothing.
 */
async function main(args: readonly string[]): Promise<void> {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const json = args.includes('--json');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  for (const [name, measure] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.some((start) => name.startsWith(start))) continue;
    for (const figure of [await measure(root)].flat()) console.log(lineOf(figure, json));
  }
}

function lineOf(figure: Figure, json: boolean): string {
  if (json) return JSON.stringify(figure);
  const peer = figure.peer === undefined ? '' : `  (${figure.peer}: ${shown(figure.peerValue)}, ratio ${shown(figure.ratio)})`;
  return `${figure.name.padEnd(36)} ${shown(figure.value).padStart(12)} ${figure.unit}${peer}`;
}

const shown = (value: number | undefined): string => (value === undefined ? '-' : Number(value.toPrecision(4)).toLocaleString('en-US'));

await main(process.argv.slice(2));
