import { expect, test } from 'vitest';
import { normal } from '../../../src/core/distributions.ts';
import { streams } from '../../../src/core/rng.ts';
import { Cusum } from '../../../src/forecast/adaptive/cusum.ts';
import { DriftVote } from '../../../src/forecast/adaptive/drift-vote.ts';

test('CUSUM at k = 1/2, h = 5 has one false alarm in 930 steps (Brook and Evans 1972)', () => {
  const rng = streams('1').stream('drift');
  const cusum = new Cusum(0.5, 5);
  const steps = 1_000_000;
  let alarms = 0;
  for (let t = 0; t < steps; t += 1) if (cusum.step(normal(rng))) alarms += 1;
  // Times between alarms are nearly exponential: the count has the standard deviation of its root.
  expect(Math.abs(alarms - steps / 930)).toBeLessThan(4 * Math.sqrt(steps / 930));
});

/** Mean of four squared errors with Student's tails of about 5 degrees of freedom, as forecasts of four factors make them. */
function losses(seed: string, steps: number, size: (t: number) => number): number[] {
  const rng = streams(seed).stream('drift');
  return Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (let f = 0; f < 4; f += 1) {
      const z = normal(rng);
      let chi = 0;
      for (let i = 0; i < 5; i += 1) {
        const w = normal(rng);
        chi += w * w;
      }
      sum += (3 * z * z) / chi / 4;
    }
    return sum * size(t) * size(t);
  });
}

test('the vote: false alarms and delays', () => {
  const steps = 100_000;
  const calm = new DriftVote();
  for (const loss of losses('2', steps, () => 1)) calm.step(loss);
  const lines = [
    `nothing changes: ${((1000 * calm.alarms) / steps).toFixed(2)} alarms per 1,000 steps; alone ${[...calm.alone].map((n) => ((1000 * n) / steps).toFixed(2)).join(', ')}`,
  ];
  expect(calm.alarms).toBeLessThan((2 * steps) / 1000);
  for (const factor of [1.5, 2, 0.5]) {
    const delays: number[] = [];
    for (let run = 0; run < 200; run += 1) {
      const vote = new DriftVote();
      const at = losses(`3/${run}`, 1000, (t) => (t < 500 ? 1 : factor)).findIndex((loss, t) => vote.step(loss) && t >= 500);
      if (at >= 0) delays.push(at - 500);
    }
    delays.sort((a, b) => a - b);
    lines.push(`errors × ${factor}: noticed in ${delays.length} of 200, median delay ${delays[Math.floor(delays.length / 2)]} steps`);
    // Losses with heavy tails fall by less than half of their standard deviation when errors halve: that is printed, and not promised.
    if (factor === 2) expect(delays.length).toBeGreaterThan(180);
  }
  console.log(lines.join('\n'));
});
