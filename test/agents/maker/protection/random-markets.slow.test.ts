import { expect, test } from 'vitest';
import { randomRun } from '../../../support/random-market.ts';

/** VOLPIT_RANDOM_RUNS=10000 for the long hunt. */
const RUNS = Number(process.env['VOLPIT_RANDOM_RUNS'] ?? 400);

test(`${RUNS} short runs of random markets keep what protection promises`, () => {
  const faults: string[] = [];
  const guards = new Map<string, number>();
  let [fills, stops] = [0, 0];
  for (let n = 0; n < RUNS; n += 1) {
    const run = randomRun(`market-${n}`, n % 50 === 0);
    fills += run.fills;
    stops += run.isStopped ? 1 : 0;
    for (const guard of run.guards) guards.set(guard, (guards.get(guard) ?? 0) + 1);
    if (run.faults.length > 0) faults.push(`market-${n}: ${run.faults.join('; ')}\n    ${run.changes.join('\n    ')}`);
  }
  console.log(`${RUNS} runs, ${fills} fills, ${stops} stopped; ${[...guards].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  expect(faults, faults.slice(0, 5).join('\n')).toEqual([]);
  expect(fills).toBeGreaterThan(5 * RUNS);
  expect(stops).toBeGreaterThan(RUNS / 50);
});
