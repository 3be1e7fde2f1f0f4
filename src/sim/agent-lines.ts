import type { Streams } from '../core/rng.ts';
import { Line } from '../kernel/line.ts';
import type { AgentSpec, LatencyLeg } from '../scenario/scenario.ts';

/** The lines between the exchange and each agent, by leg and then by agent. */
export type AgentLines = Readonly<Record<LatencyLeg, readonly Line[]>>;

/** Each line draws from a stream of its own, `agents/<name>/latency/<leg>`: one agent's latency moves no draw of another's. */
export function agentLines(agents: readonly Pick<AgentSpec, 'name' | 'latency'>[], chance: Streams): AgentLines {
  const linesOf = (leg: LatencyLeg): readonly Line[] =>
    agents.map(({ name, latency }) => new Line(latency[leg], () => chance.stream(`agents/${name}/latency/${leg}`)));
  return { order: linesOf('order'), ack: linesOf('ack'), data: linesOf('data') };
}
