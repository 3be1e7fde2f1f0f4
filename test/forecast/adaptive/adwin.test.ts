import { expect, test } from 'vitest';
import { streams } from '../../../src/core/rng.ts';
import { Adwin } from '../../../src/forecast/adaptive/adwin.ts';

/** The same window kept as all of its values, with the lengths of the buckets beside: cuts at the same borders, sums made anew each time. */
class NaiveAdwin {
  values: number[] = [];
  lengths: number[] = [];
  readonly #delta: number;

  constructor(delta: number) {
    this.#delta = delta;
  }

  step(value: number): boolean {
    this.values.push(value);
    this.lengths.push(1);
    for (let size = 1; ; size *= 2) {
      const same = this.lengths.flatMap((length, i) => (length === size ? [i] : []));
      if (same.length <= 5) break;
      this.lengths.splice(same[0] ?? 0, 2, 2 * size);
    }
    let isCut = false;
    while (this.values.length >= 20 && this.#splits()) {
      this.values.splice(0, this.lengths[0] ?? 0);
      this.lengths.shift();
      isCut = true;
    }
    return isCut;
  }

  #splits(): boolean {
    const { values } = this;
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    const centre = mean(values);
    const variance = mean(values.map((value) => (value - centre) * (value - centre)));
    const log = Math.log((2 * Math.log(values.length)) / this.#delta);
    let at = 0;
    return this.lengths.slice(0, -1).some((length) => {
      at += length;
      if (at < 10 || values.length - at < 10) return false;
      const inverse = 1 / at + 1 / (values.length - at);
      return (
        Math.abs(mean(values.slice(0, at)) - mean(values.slice(at))) > Math.sqrt(2 * inverse * variance * log) + (2 / 3) * inverse * log
      );
    });
  }
}

test('cuts where its naive twin cuts', () => {
  const rng = streams('1').stream('adwin');
  const [own, naive] = [new Adwin(0.01), new NaiveAdwin(0.01)];
  let cuts = 0;
  for (let t = 0; t < 1500; t += 1) {
    const level = Math.floor(t / 300) % 2 === 0 ? 0.3 : 0.6;
    const value = Math.max(0, Math.min(1, level + 0.4 * (rng.uniform() - 0.5)));
    const isCut = own.step(value);
    expect(isCut).toBe(naive.step(value));
    if (isCut) cuts += 1;
    expect(own.count).toBe(naive.values.length);
    expect(own.mean).toBeCloseTo(naive.values.reduce((sum, x) => sum + x, 0) / naive.values.length, 10);
  }
  expect(cuts).toBeGreaterThanOrEqual(4);
});

test('keeps all where nothing changes, and begins again when told', () => {
  const rng = streams('2').stream('adwin');
  const adwin = new Adwin(0.002);
  let cuts = 0;
  for (let t = 0; t < 5000; t += 1) if (adwin.step(rng.uniform())) cuts += 1;
  expect(cuts).toBe(0);
  expect(adwin.count).toBe(5000);
  adwin.reset();
  expect([adwin.count, adwin.mean]).toEqual([0, 0]);
});
