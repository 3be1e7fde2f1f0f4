import type { Forecast } from '../../../src/forecast/forecaster.ts';
import type { LstmModel } from '../../../src/forecast/lstm/lstm-model.ts';
import { FACTOR_COUNT, FACTORS } from '../../../src/pricing/factors.ts';

/** Steps of the fake net's horizons. */
export const HORIZONS = [1, 10];

/** A net whose row is one signal per factor, and whose forecast is a known multiple of it; the error scale is given. */
export function fakeNet(gain: number, scale: number): LstmModel {
  const outputs = HORIZONS.length * FACTOR_COUNT;
  return {
    kind: 'lstm',
    stepSeconds: 30,
    horizonsSeconds: HORIZONS.map((steps) => 30 * steps),
    features: FACTORS.map((factor) => `${factor}Change`),
    warmupSteps: 2,
    headInputs: FACTOR_COUNT,
    targetScale: new Array<number>(outputs).fill(1),
    start: () => {
      const input = new Float64Array(FACTOR_COUNT);
      const change = new Float64Array(outputs);
      const current: Forecast = { horizonsSeconds: [30, 300], change, scale: new Float64Array(outputs).fill(scale) };
      let seen = 0;
      return {
        faults: 0,
        hidden: new Float64Array(0),
        input,
        observe(_factors, row) {
          input.set(row);
          for (let o = 0; o < outputs; o += 1) change[o] = gain * (row[o % FACTOR_COUNT] ?? 0);
          seen = row.some(Number.isNaN) ? 0 : seen + 1;
        },
        forecast: () => (seen > 1 ? current : undefined),
      };
    },
  };
}
