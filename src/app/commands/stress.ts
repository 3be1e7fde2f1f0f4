import { stress as stressOf } from '../../risk/stress.ts';
import { stressText } from '../../risk/stress-text.ts';
import { parseWith } from '../../scenario/parse-with.ts';
import { portfolioSchema, stressPlan } from '../../scenario/portfolio.ts';
import { readYaml } from '../../scenario/yaml-source.ts';
import { readPortfolioText } from '../bundled.ts';
import { defineCommand, one } from '../command.ts';
import { EXIT } from '../exit.ts';
import { forceOption, jsonOption, outOption } from '../options.ts';
import { jsonDocument } from '../output.ts';
import { outputFile } from '../output-file.ts';

/** Widest table on a terminal that does not say how wide it is. */
const COLUMNS_DEFAULT = 120;

/** `volpit stress`: what a portfolio loses when its market moves. */
export const stress = defineCommand({
  about: 'Revalues every position in full on a grid of moves of spot and vol, on historical events and on shifts of regime.',
  arguments: { portfolio: one('portfolio', 'path of a portfolio file, or name of a bundled one') },
  options: { json: jsonOption(), out: outOption('write the result to this file instead'), force: forceOption() },
  examples: ['volpit stress short-strangle', 'volpit stress book.yaml --json'],
  async action({ output }, { portfolio }, { json, out, force }) {
    const { source, text } = readPortfolioText(portfolio);
    const file = out === undefined ? undefined : outputFile(out, { force, inputs: [source] });
    const result = stressOf(stressPlan(parseWith(portfolioSchema, readYaml(source, text))));
    const columns = file === undefined && output.stdout.isTTY === true ? output.stdout.columns : COLUMNS_DEFAULT;
    const report = json ? jsonDocument('stress', { ...result }) : `${stressText(result, columns)}\n`;
    if (file === undefined) output.print(report);
    else file.write(report);
    return EXIT.ok;
  },
});
