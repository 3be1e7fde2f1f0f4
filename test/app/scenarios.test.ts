import { expect, test } from 'vitest';
import { EVENT_PATHS } from '../../src/risk/historical-events.ts';
import { volpit } from '../support/run-cli.ts';

test('`volpit scenarios --events` lists what a timeline can hold, a line each', async () => {
  const { code, stdout } = await volpit(['scenarios', '--events']);
  expect(code).toBe(0);
  const [head, ...lines] = stdout.trimEnd().split('\n');
  expect(head?.trim().split(/ {2,}/)).toEqual(['event', 'day', 'length', 'spot', 'vol', 'course']);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(EVENT_PATHS.map(({ key }) => key));
  expect(lines.find((line) => line.startsWith('spx-2018-02-05'))).toMatch(
    /5 Feb 2018 S&P 500 +6 h 45 min +-4\.1 % +17\.3 to 37\.3 +stylised$/,
  );
});
