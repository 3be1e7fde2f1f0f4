import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cboeFile } from '../support/history-files.ts';
import { volpit } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const file = join(tempFolder(), 'closes.csv');
writeFileSync(file, cboeFile({ rows: 120 }));

test.concurrent.each([
  [['--preset', 'cboe'], /--preset {2}expected --data with it/],
  [['--data', file], /--data {2}expected --preset with it/],
  [['--preset', 'vix', '--data', file], /--preset {2}found .*vix.*, expected cboe or deribit-panel or dvol/],
  [['--preset', 'cboe', '--data', join(tempFolder(), 'none.csv')], /there is no such file/],
  [['--preset', 'cboe', '--data', file, '--from', 'May'], /--from {2}found "May", expected a day like 2015-01-02/],
  [['--preset', 'cboe', '--data', file], /has \d+ usable rows with a known outcome before the first forecast.*expected at least 176/],
  [['--preset', 'dvol', '--data', file], /is no table of the layout dvol: it has no column/],
] as const)('volpit evaluate %j is refused', async (words, expected) => {
  const { code, stdout, stderr } = await volpit(['evaluate', ...words]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
});
