import { basename } from 'node:path';
import { BUILT_IN_AGENTS } from '../../agents/built-in.ts';
import { calibratedScenario } from '../../calibration/scenario-text.ts';
import { smilePicture } from '../../calibration/smile-picture.ts';
import { type SurfaceFit, surfaceFit } from '../../calibration/surface-fit.ts';
import { surfaceFitText } from '../../calibration/surface-fit-text.ts';
import { InputError } from '../../core/assert.ts';
import { CHAIN_FORMATS, type ChainFormat, chainFormat, readChain } from '../../data/chain-formats.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { readText } from '../files.ts';
import { choiceOption, forceOption, jsonOption, numberOption, outOption, textOption } from '../options.ts';
import { outputFile } from '../output-file.ts';

/** A day of all chains of a venue is below this. */
const CHAIN_BYTES_MAXIMUM = 128 * 1_048_576;

/** `volpit calibrate`: from the quotes of a real chain to a scenario that opens on its surface. */
export const calibrate = defineCommand({
  about:
    "Fits an arbitrage-free surface to a chain of quoted options, prints its error next to the market's own bid-ask width, and with --out writes a scenario that `volpit run` takes as it is.",
  arguments: { chain: one('chain.csv', 'snapshot of the chain') },
  options: {
    format: choiceOption('--format <name>', 'layout of the file; auto goes by its header line', ['auto', ...CHAIN_FORMATS], 'auto'),
    currency: choiceOption('--currency <name>', 'underlying, where the file holds several (default BTC)', ['BTC', 'ETH'], undefined),
    at: textOption('--at <time>', 'snapshot of a file that holds several times: start of its time, like 2026-01-23T05 (default the first)'),
    date: textOption('--date <day>', 'snapshot of a file that holds several days, like 2018-02-05 (default the first)'),
    rate: numberOption(
      '--rate <share>',
      'annual rate for American options (default: what the forwards say)',
      {
        minimum: -0.1,
        maximum: 1,
      },
      undefined,
    ),
    svg: textOption('--svg <file>', 'draw the smiles and their quotes to this SVG file'),
    out: outOption('write the scenario to this file'),
    force: forceOption(),
    json: jsonOption(),
  },
  examples: ['volpit calibrate chain.csv', 'volpit calibrate chain.csv --currency ETH --out eth.yaml'],
  async action({ output }, { chain }, { format: wanted, currency, at, date, rate, svg, out, force, json }) {
    const file = out === undefined ? undefined : outputFile(out, { force, inputs: [chain] });
    const picture = svg === undefined ? undefined : outputFile(svg, { force, inputs: [chain] });
    if (file !== undefined && file.path === picture?.path)
      throw new InputError('--svg', [{ path: '', message: 'is the file of --out too' }]);
    const text = readText(chain, { bytesMaximum: CHAIN_BYTES_MAXIMUM });
    const format: ChainFormat = wanted === 'auto' ? chainFormat(chain, text) : wanted;
    const snapshot = readChain(chain, text, format, given({ currency, at, date }));
    const fit = surfaceFit(snapshot, given({ rate }));
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
    picture?.write(smilePicture(fit));
    const made = scenario === undefined || file === undefined ? undefined : { file: file.path, ...summary(scenario) };
    if (json) output.json('calibrate', { ...fitDocument(chain, format, fit), ...(made === undefined ? {} : { scenario: made }) });
    else output.print(`${surfaceFitText(fit)}read as ${format}: ${snapshot.quotes.length} quotes, ${snapshot.venue}\n`);
    if (made !== undefined) {
      output.say(`wrote ${made.file}: ${made.expiries.length} expiries, ${made.series} series; try: volpit run ${made.file}`);
    }
    if (picture !== undefined) output.say(`wrote ${picture.path}`);
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

/** Without the fields that are undefined. */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  // What is left has the same keys and no undefined.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** The fit in the words of the document: plain numbers, no quotes. */
function fitDocument(source: string, format: ChainFormat, { smiles: _, ...fit }: SurfaceFit) {
  return { source, format, ...fit };
}
