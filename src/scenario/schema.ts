import { z } from 'zod';
import type { AgentKind } from '../agents/agent.ts';
import { positive, seconds, wholePositive } from '../config/quantity.ts';
import { latencySchema } from './latency-schema.ts';
import { limitsSchema, marketSchema } from './market-schema.ts';
import { flowSchema, worldSchema } from './world-schema.ts';

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const name = z.string().regex(NAME, 'expected lower-case letters, digits and hyphens, starting with a letter, at most 40');

const outagesSchema = z
  .array(
    z.strictObject({
      at: seconds({ about: 'time from the opening', minimum: 0 }),
      lasts: seconds({ about: 'length', above: 0 }),
    }),
  )
  .max(1000)
  .default([])
  .describe('times without a connection: the exchange takes its orders out, and it sends nothing');

/** Everything but the agents, which depend on the catalogue. */
const frame = {
  extends: z
    .string()
    .min(1)
    .optional()
    .describe('a bundled scenario, or the path of a file from where this one lies: what is not said here is as it is there'),
  name,
  question: z.string().min(1).max(500).describe('the question that the scenario answers'),
  duration: seconds({ about: 'length of the run', minimum: 1, maximum: 104 * 86_400 }),
  limits: limitsSchema.prefault({}),
  market: marketSchema,
  world: worldSchema,
  flow: flowSchema.prefault({}),
  forecast: z
    .strictObject({
      stepSeconds: positive({ about: 'seconds between two forecasts', maximum: 86_400 }).default(30),
      horizonsSteps: z
        .array(wholePositive({ maximum: 10_000 }))
        .min(1)
        .max(8)
        .default([1, 10, 30, 60])
        .describe('steps ahead, increasing'),
    })
    .prefault({}),
  subject: name.describe('the agent that the run is about; its forecaster and limits are reported'),
  variants: z.record(name, z.array(z.string())).default({}).describe('named changes of the subject for comparisons: lists of path=value'),
};

/** One agent's entry: its kind, its latency, and the parameters of its kind. */
function agentSchema(kinds: readonly AgentKind[]) {
  const entries = kinds.map((kind) =>
    z.strictObject({ kind: z.literal(kind.kind), latency: latencySchema.prefault({}), outages: outagesSchema, ...kind.params.shape }),
  );
  const [first, ...rest] = entries;
  if (first === undefined) throw new RangeError('a catalogue of agents must not be empty');
  return z.discriminatedUnion('kind', [first, ...rest]);
}

/** The schema of a scenario file for a catalogue of agent kinds. */
export function scenarioSchema(kinds: readonly AgentKind[]) {
  return z.strictObject({ ...frame, agents: z.record(name, agentSchema(kinds)) });
}

export type ScenarioDocument = z.output<ReturnType<typeof scenarioSchema>>;
