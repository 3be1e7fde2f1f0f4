import { z } from 'zod';
import { InputError } from '../core/assert.ts';
import { jsonDocument } from '../forecast/lstm/json-document.ts';
import { readYaml } from '../scenario/yaml-source.ts';
import { LSTM_PARAMETERS, type LstmParameter, type LstmSettings } from '../study/search/lstm-space.ts';
import { checkSpace, type Dimension, type SearchSpace } from '../study/search/search-space.ts';
import { readText } from './files.ts';

const range = z.strictObject({
  min: z.number(),
  max: z.number(),
  scale: z.literal(['linear', 'log']).default('linear'),
  initial: z.number().optional(),
});
const file = z.partialRecord(z.literal(LSTM_PARAMETERS), z.union([z.array(z.number()).min(1), range]));

const WHOLE: readonly LstmParameter[] = ['units', 'steps', 'batch'];

/** What each may be, whatever a file says. */
const LIMITS: Readonly<Record<LstmParameter, readonly [number, number]>> = {
  learningRate: [1e-6, 1],
  units: [1, 256],
  dropout: [0, 0.9],
  l2: [0, 1],
  steps: [32, 5000],
  batch: [1, 1024],
  recurrentDropout: [0, 0.9],
};

/**
 * The space in a YAML or JSON file: per hyper-parameter a list of choices, `units: [8, 16]`, or bounds, `l2: { min: 1e-6, max: 1e-2, scale: log }`. The one
 * listed first gets the first points of a grid.
 * @param settings initial values where the file does not say, moved into its bounds.
 * @param rows of a sequence: none can be longer.
 * @throws InputError naming the file, with all faults.
 */
export function readSearchSpace(path: string, settings: LstmSettings, rows: number): SearchSpace {
  const found = jsonDocument(path, JSON.stringify(readYaml(path, readText(path)).value), file);
  const space = Object.entries(found).map(([key, given]): Dimension => {
    const name = key as LstmParameter;
    const wanted = settings[name];
    if (Array.isArray(given)) {
      const nearest = given.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
      return { kind: 'choice', name, choices: given, ordered: true, initial: nearest };
    }
    const { initial = Math.min(given.max, Math.max(given.min, wanted)), max, min, scale } = given;
    return { kind: WHOLE.includes(name) ? 'whole' : 'real', name, minimum: min, maximum: max, scale, initial };
  });
  checkSpace(path, space);
  const issues = space.flatMap((dimension) => {
    const [least, most] = LIMITS[dimension.name as LstmParameter];
    const limit = dimension.name === 'steps' ? Math.min(most, rows) : most;
    const values = dimension.kind === 'choice' ? dimension.choices.map(Number) : [dimension.minimum, dimension.maximum];
    const whole = !WHOLE.includes(dimension.name as LstmParameter) || values.every(Number.isInteger);
    if (whole && values.every((value) => value >= least && value <= limit)) return [];
    const what = WHOLE.includes(dimension.name as LstmParameter) ? 'whole numbers' : 'numbers';
    return [{ path: dimension.name, message: `expected ${what} from ${least} to ${limit}, found ${values.join(', ')}` }];
  });
  if (issues.length > 0) throw new InputError(path, issues);
  return space;
}
