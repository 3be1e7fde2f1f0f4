import { z } from 'zod';
import { millis, nonNegative } from '../config/quantity.ts';
import { NANOS_PER_MILLI, nanosFromMillis } from '../core/units.ts';
import { LATENCY_MAXIMUM_NANOS, type LatencyLaw } from '../kernel/latency.ts';
import type { AgentSpec } from './scenario.ts';

const MILLIS_MAXIMUM = LATENCY_MAXIMUM_NANOS / NANOS_PER_MILLI;
const VALUES_MAXIMUM = 10_000;
/** Of the logarithm; at 3 one message in a hundred takes a thousand times the median. */
const SIGMA_MAXIMUM = 3;
const FORMS = '{ lognormal: { medianMillis, sigma } }, or { empirical: { millis } }';

const lognormal = z
  .strictObject({
    medianMillis: millis({ about: 'half of all messages are faster', maximum: MILLIS_MAXIMUM }),
    sigma: nonNegative({ about: 'standard deviation of the log of what exceeds the minimum', maximum: SIGMA_MAXIMUM }),
    minimumMillis: millis({ about: 'no message is faster', maximum: MILLIS_MAXIMUM }).prefault(0),
  })
  .check(({ value: { medianMillis, minimumMillis }, issues }) => {
    // Parts that are faulty themselves are not compared.
    if (issues.length > 0 || minimumMillis <= medianMillis) return;
    const message = `expected at most the median of ${medianMillis} ms`;
    issues.push({ code: 'custom', path: ['minimumMillis'], message, input: minimumMillis });
  })
  .describe('minimum + (median - minimum) * exp(sigma * standard normal)');

const empirical = z
  .strictObject({
    millis: z
      .array(millis({ maximum: MILLIS_MAXIMUM }))
      .min(1)
      .max(VALUES_MAXIMUM)
      .describe('the latencies that occur'),
    weights: z
      .array(nonNegative({ maximum: 1e9 }))
      .optional()
      .describe('relative weight of each, in the same order; by default all weigh the same'),
  })
  .check(({ value: { millis: values, weights }, issues }) => {
    if (issues.length > 0 || weights === undefined) return;
    const fault = (message: string): void => {
      issues.push({ code: 'custom', path: ['weights'], message, input: weights });
    };
    if (weights.length !== values.length) fault(`found ${weights.length} weights, expected one for each of the ${values.length} values`);
    else if (!weights.some((weight) => weight > 0)) fault('expected at least one weight above 0');
  })
  .describe('one of the values, drawn by weight');

const law = z
  .strictObject({ lognormal: lognormal.optional(), empirical: empirical.optional() })
  .check(({ value, issues }) => {
    if (issues.length > 0 || (value.lognormal === undefined) !== (value.empirical === undefined)) return;
    issues.push({ code: 'custom', message: `expected one of ${FORMS}`, input: value });
  })
  .meta({ id: 'LatencyLaw', minProperties: 1, maxProperties: 1 });

/** A leg of the latency: a constant, or a law that is drawn from for each message. */
function leg(about: string) {
  const constant = millis({ maximum: MILLIS_MAXIMUM });
  return z
    .union([constant, law], {
      // A mapping is explained from inside; everything else was meant as a constant.
      error: ({ input }) => {
        if (typeof input === 'object' && input !== null && !Array.isArray(input)) return undefined;
        return `${constant.safeParse(input).error?.issues[0]?.message ?? 'expected a time in milliseconds'}; or ${FORMS}`;
      },
    })
    .describe(`${about}; a constant, or a law that each message is drawn from`);
}

/** An agent's three legs. */
export const latencySchema = z.strictObject({
  orderMillis: leg('Requests, from the agent to the exchange').prefault(5),
  ackMillis: leg('Reports on its own orders, from the exchange to the agent, by default as dataMillis').optional(),
  dataMillis: leg('Books and prints, from the exchange to the agent').prefault(5),
});

type LegDocument = z.output<ReturnType<typeof leg>>;

/** The laws of the three legs. */
export function latencyLaws({ orderMillis, ackMillis, dataMillis }: z.output<typeof latencySchema>): AgentSpec['latency'] {
  return { order: lawOf(orderMillis), ack: lawOf(ackMillis ?? dataMillis), data: lawOf(dataMillis) };
}

function lawOf(document: LegDocument): LatencyLaw {
  if (typeof document === 'number') return { kind: 'constant', nanos: nanosFromMillis(document) };
  if (document.lognormal !== undefined) {
    const { medianMillis, sigma, minimumMillis } = document.lognormal;
    return { kind: 'lognormal', medianNanos: nanosFromMillis(medianMillis), sigma, minimumNanos: nanosFromMillis(minimumMillis) };
  }
  const { millis: values = [], weights } = document.empirical ?? {};
  return { kind: 'empirical', values: values.map((value, i) => ({ nanos: nanosFromMillis(value), weight: weights?.[i] ?? 1 })) };
}
