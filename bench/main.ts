import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bookMixed, kernelEvents } from './book.ts';
import type { Figure } from './figure.ts';
import { forecastStep } from './forecast.ts';
import { pricingChain, pricingGreeks, pricingImpliedVol } from './pricing.ts';
import { simEvents } from './sim.ts';

/** `npm run bench`: every figure on a line of its own; with `-- --json` each line is a JSON object. Figures are read, they gate nothing. */
async function main(json: boolean): Promise<void> {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const figures: (() => Figure | Promise<Figure>)[] = [
    bookMixed,
    kernelEvents,
    () => simEvents(root),
    pricingGreeks,
    pricingChain,
    pricingImpliedVol,
    forecastStep,
  ];
  for (const figure of figures) console.log(lineOf(await figure(), json));
}

function lineOf(figure: Figure, json: boolean): string {
  if (json) return JSON.stringify(figure);
  const peer = figure.peer === undefined ? '' : `  (${figure.peer}: ${shown(figure.peerValue)}, ratio ${shown(figure.ratio)})`;
  return `${figure.name.padEnd(36)} ${shown(figure.value).padStart(12)} ${figure.unit}${peer}`;
}

const shown = (value: number | undefined): string => (value === undefined ? '-' : Number(value.toPrecision(4)).toLocaleString('en-US'));

await main(process.argv.includes('--json'));
