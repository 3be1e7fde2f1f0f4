import { basename } from 'node:path';
import { BUILT_IN_AGENTS } from '../../agents/built-in.ts';
import { calibratedScenario } from '../../calibration/scenario-text.ts';
import { type SurfaceFit, surfaceFit } from '../../calibration/surface-fit.ts';
import { surfaceFitText } from '../../calibration/surface-fit-text.ts';
import { InputError } from '../../core/assert.ts';
import { readDeribitChain } from '../../data/deribit-chain.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { readText } from '../files.ts';
import { choiceOption, forceOption, jsonOption, outOption } from '../options.ts';
import { outputFile } from '../output-file.ts';

/** A day of all chains of a venue is below this. */
const CHAIN_BYTES_MAXIMUM = 128 * 1_048_576;

/** `volpit calibrate`: from the quotes of a real chain to a scenario that opens on its surface. */
export const calibrate = defineCommand({
  about:
    "Fits an arbitrage-free surface to a chain of quoted options, prints its error next to the market's own bid-ask width, and with --out writes a scenario that `volpit run` takes as it is.",
  arguments: { chain: one('chain.csv', 'snapshot of the chain') },
  options: {
    format: choiceOption('--format <name>', 'format of the file', ['deribit'], 'deribit'),
    currency: choiceOption('--currency <name>', 'underlying, where the file holds several (default BTC)', ['BTC', 'ETH'], undefined),
    out: outOption('write the scenario to this file'),
    force: forceOption(),
    json: jsonOption(),
  },
  examples: ['volpit calibrate chain.csv', 'volpit calibrate chain.csv --currency ETH --out eth.yaml'],
  async action({ output }, { chain }, { currency, out, force, json }) {
    const file = out === undefined ? undefined : outputFile(out, { force, inputs: [chain] });
    const text = readText(chain, { bytesMaximum: CHAIN_BYTES_MAXIMUM });
    const snapshot = readDeribitChain(chain, text, currency === undefined ? {} : { currency });
    const fit = surfaceFit(snapshot);
    const scenario = file === undefined ? undefined : calibratedScenario({ ...snapshot, source: basename(chain) }, fit);
    if (file !== undefined) {
      if (scenario === undefined) {
        throw new InputError(chain, [
          { path: fit.symbol, message: 'no expiry between 2 days and a year has enough quotes for a scenario' },
        ]);
      }
      // Quotes can be so far off that no scenario may hold their surface: better said here than by `volpit run`.
      parseScenario(`the scenario fitted to ${chain}`, scenario.text, BUILT_IN_AGENTS);
      file.write(scenario.text);
    }
    const made = scenario === undefined || file === undefined ? undefined : { file: file.path, ...summary(scenario) };
    if (json) output.json('calibrate', { ...fitDocument(chain, fit), ...(made === undefined ? {} : { scenario: made }) });
    else output.print(surfaceFitText(fit));
    if (made !== undefined) {
      output.say(`wrote ${made.file}: ${made.expiries.length} expiries, ${made.series} series; try: volpit run ${made.file}`);
    }
    return EXIT.ok;
  },
});

function summary({ name, expiries }: NonNullable<ReturnType<typeof calibratedScenario>>) {
  return {
    name,
    expiries: expiries.map(({ label, strikes }) => ({ label, strikes: strikes.length })),
    series: 2 * expiries.reduce((sum, { strikes }) => sum + strikes.length, 0),
  };
}

/** The fit in the words of the document: plain numbers, no quotes. */
function fitDocument(source: string, { at, symbol, spot, expiries, leftOut, repairs, calendarMinimumGrowth, overall }: SurfaceFit) {
  return {
    source,
    at,
    symbol,
    spot,
    overall,
    repairs,
    ...(calendarMinimumGrowth === undefined ? {} : { calendarMinimumGrowth }),
    expiries,
    leftOut,
  };
}
