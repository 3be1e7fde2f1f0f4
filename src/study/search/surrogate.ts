import { GaussianProcess, type GaussianProcessParameters, type Observations } from './gaussian-process.ts';
import { minimum } from './quasi-newton.ts';

/** A normal law of a logarithm. */
interface LogNormal {
  readonly mean: number;
  readonly sd: number;
}

/**
 * What is believed of the parameters before any value: on the unit cube, with values scaled to variance 1. Weak, but with them a
 * fit to five values does not run to the ends of the earth.
 */
const PRIOR: { readonly lengthScale: LogNormal; readonly signal: LogNormal; readonly noise: LogNormal } = {
  lengthScale: { mean: Math.log(0.5), sd: 1 },
  signal: { mean: 0, sd: 1 },
  noise: { mean: Math.log(1e-3), sd: 2 },
};

/** Steps of the optimiser from each start. */
const STEPS = 40;

/** Where the optimiser starts: length scales and noise. The first is the prior's own centre. */
const STARTS: readonly (readonly [lengthScale: number, noise: number])[] = [
  [0.5, 1e-3],
  [0.15, 1e-2],
  [1.5, 1e-1],
];

/** Logarithms beyond this are held there: e^15 is no length on a unit cube. */
const LOG_LIMIT = 15;

/**
 * A Gaussian process whose parameters make the values most likely, weak priors included: the best of three runs of a quasi-Newton
 * method from fixed starts. Nothing is drawn: the same values give the same process.
 * @param data values scaled to mean 0 and variance 1, error variances likewise.
 */
export function fittedProcess(data: Observations): GaussianProcess {
  const inputs = data.points[0]?.length ?? 0;
  const objective = (logs: Readonly<Float64Array>) => {
    const model = new GaussianProcess(data, parametersOf(logs, inputs));
    const gradient = model.logLikelihoodGradient();
    let value = -model.logLikelihood();
    const slopes = logs.map((log, i) => {
      const { mean, sd } = priorOf(i, inputs);
      const z = (log - mean) / sd;
      value += 0.5 * z * z;
      return z / sd - (Math.abs(log) >= LOG_LIMIT ? 0 : (gradient[i] ?? 0));
    });
    return { value, gradient: slopes };
  };
  let best: { readonly value: number; readonly logs: Float64Array } | undefined;
  for (const [lengthScale, noise] of STARTS) {
    const start = [...Array.from({ length: inputs }, () => Math.log(lengthScale)), 0, Math.log(noise)];
    const logs = minimum(objective, start, STEPS);
    const { value } = objective(logs);
    if (best === undefined || value < best.value) best = { value, logs };
  }
  return new GaussianProcess(data, parametersOf(best?.logs ?? new Float64Array(inputs + 2), inputs));
}

function priorOf(place: number, inputs: number): LogNormal {
  if (place < inputs) return PRIOR.lengthScale;
  return place === inputs ? PRIOR.signal : PRIOR.noise;
}

function parametersOf(logs: Readonly<Float64Array>, inputs: number): GaussianProcessParameters {
  const value = (place: number): number => Math.exp(Math.min(LOG_LIMIT, Math.max(-LOG_LIMIT, logs[place] ?? 0)));
  return {
    lengthScales: Array.from({ length: inputs }, (_, i) => value(i)),
    signalVariance: value(inputs),
    noiseVariance: value(inputs + 1),
  };
}
