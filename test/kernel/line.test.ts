import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanos } from '../../src/core/units.ts';
import { arrivalsOf, constantLine, empirical, latenciesOf, lineOf, lognormal } from '../support/lines.ts';

const law = fc.oneof(
  fc
    .record({ median: fc.integer({ min: 0, max: 1000 }), sigma: fc.double({ min: 0, max: 2, noNaN: true }) })
    .map(({ median, sigma }) => lognormal(median + 40, sigma, 40)),
  fc.array(fc.integer({ min: 40, max: 2000 }), { minLength: 1, maxLength: 8 }).map((values) => empirical(values)),
);
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 500, max: 5000 })), { maxLength: 80 });

test('no message overtakes an earlier one, and none is late but for that', () => {
  fc.assert(
    fc.property(law, gaps, fc.string(), (latency, list, seed) => {
      const line = lineOf(latency, seed, 'line');
      const drawn = latenciesOf(latency, seed, 'line');
      const expected = arrivalsOf(latency, seed, 'line');
      let now = 0;
      let last = 0;
      for (const gap of list) {
        now += gap;
        const arrival = line.arrival(nanos(now));
        const alone = now + drawn();
        expect(arrival).toBeGreaterThanOrEqual(last);
        expect(arrival).toBeGreaterThanOrEqual(now + 40);
        // Either on its own time, or together with the one that it waited for.
        expect([alone, last]).toContain(arrival);
        expect(arrival).toBe(expected(now));
        last = arrival;
      }
    }),
    { numRuns: 300 },
  );
});

test('messages do wait: in a burst of a long-tailed law many arrive together', () => {
  const line = lineOf(lognormal(1e6, 1), 'burst', 'line');
  const arrivals = Array.from({ length: 1000 }, (_, n) => line.arrival(nanos(1000 * n)));
  expect(new Set(arrivals).size).toBeLessThan(100);
  expect(new Set(arrivals).size).toBeGreaterThan(1);
});

test('a constant latency opens no stream, and every message takes that long', () => {
  const line = constantLine(25);
  expect([0, 0, 7, 1e15].map((now) => line.arrival(nanos(now)))).toEqual([25, 25, 32, 1e15 + 25]);
});
