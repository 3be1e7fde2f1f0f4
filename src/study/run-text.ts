import { fixed, textTable } from '../core/text-table.ts';
import { ADVERSE_SECONDS, MARKOUT_SECONDS, type MarkoutRow } from '../sim/markouts.ts';
import type { AgentReport, RunReport } from './run-report.ts';

const dollars = (amount: number): string => fixed(amount, 0);

/**
 * A run as text for a terminal or a log: the market, everybody's result, the subject's causes, forecast and markouts.
 * @param grouped markouts to show in place of those by counterparty, all put together by the same thing.
 */
export function runText(
  report: RunReport,
  speed?: { readonly wallSeconds: number; readonly eventsPerSecond: number },
  grouped?: readonly MarkoutRow[],
): string {
  const subject = report.agents.find((agent) => agent.name === report.subject);
  const pace =
    speed === undefined
      ? ''
      : `, ${fixed(speed.wallSeconds, 1)} s of wall time, ${fixed(speed.eventsPerSecond / 1000, 0)} thousand events/s`;
  return [
    `${report.scenario}, seed ${report.seed}: ${fixed(report.simulatedSeconds, 0)} s simulated, ${report.events} events${pace}`,
    market(report),
    '',
    agents(report),
    ...(subject === undefined
      ? []
      : [
          '',
          ...causes(subject),
          ...protection(subject),
          ...(grouped === undefined ? markouts(subject) : groupedMarkouts(subject, grouped)),
          ...adverse(subject),
        ]),
    ...forecast(report),
    '',
    `trace ${report.traceHash}`,
  ].join('\n');
}

function market({ market: m }: RunReport): string {
  const realised = m.realisedVol === undefined ? '' : `, realised vol ${fixed(100 * m.realisedVol, 1)} %`;
  const atm = Math.exp(m.factors[0] ?? 0);
  const { last, lowest, highest } = m.tradeImpactBp;
  const impact = `${fixed(last, 1)} bp of it by trades (${fixed(lowest, 1)} to ${fixed(highest, 1)} on the way)`;
  return `market: ${m.regime}, spot ${fixed(m.spot, 0)}, ${impact}${realised}, 30-day at-the-money vol ${fixed(100 * atm, 1)} %, ${m.prints} option prints for ${fixed(m.volume, 1)} contracts`;
}

function agents(report: RunReport): string {
  const rows = report.agents.map((agent) => [
    `${agent.name}${agent.name === agent.kind ? '' : ` (${agent.kind})`}${agent.name === report.subject ? ' *' : ''}`,
    dollars(agent.pnl.total),
    dollars(-agent.fees),
    String(agent.fills),
    fixed(agent.volume, 1),
    dollars(agent.maxDrawdown),
    fixed(agent.position.delta, 2),
    dollars(agent.position.vega),
  ]);
  const head = ['agent', 'pnl $', 'fees $', 'fills', 'contracts', 'drawdown $', 'delta', 'vega $/pt'];
  return `${textTable([head, ...rows])}\n* the subject; profit and loss marked at the world's fair values`;
}

function causes(subject: AgentReport): string[] {
  const parts = Object.entries(subject.pnl.byCause).map(([cause, amount]) => `${cause} ${dollars(amount)}`);
  const screen = subject.pnl.screen === undefined ? '' : `; at screen mids ${dollars(subject.pnl.screen)} $`;
  const { surface } = subject.pnl;
  return [
    `${subject.name} by cause ($): ${parts.join(', ')}, residual ${dollars(subject.pnl.residual)}${screen}`,
    ...(surface === undefined
      ? []
      : [
          `of that, moves of the surface ($): by forecast ${dollars(surface.forecast)}, by inventory ${dollars(surface.inventory)}; charge for their risk ${dollars(surface.riskCharge)}`,
        ]),
  ];
}

function protection({ name, protection: made }: AgentReport): string[] {
  if (made === undefined) return [];
  const times = Object.entries(made.secondsAt).filter(([level, seconds]) => level === 'normal' || seconds > 0);
  const guards = made.guards.map(
    ({ guard, activations, highest }) => `${guard} ${activations} ${activations === 1 ? 'time' : 'times'}, up to ${highest}`,
  );
  return [
    `${name}'s protection: ${times.map(([level, seconds]) => `${level} ${fixed(seconds, 0)} s`).join(', ')}${guards.length === 0 ? '' : '; '}${guards.join('; ')}`,
  ];
}

function markouts(subject: AgentReport): string[] {
  if (subject.markouts.length === 0) return [];
  const rows = subject.markouts.map((row) => [
    `${row.counterparty}, ${row.seconds} s later`,
    String(row.fills),
    fixed(row.contracts, 1),
    fixed(row.raw, 1),
    fixed(row.hedged, 1),
    fixed(row.vegaHedged, 1),
  ]);
  const head = ['against', 'fills', 'contracts', 'raw', 'hedged', 'vega-hedged'];
  return ['', `${subject.name}'s markouts, $ per contract against the fair value later:`, textTable([head, ...rows])];
}

/** A row for each name, and a column for each horizon: how many fills there are is told by the shortest. */
function groupedMarkouts(subject: AgentReport, rows: readonly MarkoutRow[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const names = [...new Set(rows.map(({ name }) => name))];
  const lines = names.map((name) => {
    const own = rows.filter((row) => row.name === name);
    const at = MARKOUT_SECONDS.map((seconds) => own.find((row) => row.seconds === seconds));
    return [name, String(at[0]?.fills ?? 0), fixed(at[0]?.contracts ?? 0, 1), fixed(at[0]?.capture ?? 0, 1), ...at.map(hedgedText)];
  });
  const head = [first.by, 'fills', 'contracts', 'capture', ...MARKOUT_SECONDS.map((seconds) => `${seconds} s`)];
  return ['', `${subject.name}'s markouts less delta, $ per contract against the fair value later:`, textTable([head, ...lines])];
}

const hedgedText = (row: MarkoutRow | undefined): string => (row === undefined ? '-' : fixed(row.hedged, 1));

function adverse(subject: AgentReport): string[] {
  const parts = subject.adverseSelection.map((row) => `${row.counterparty} ${fixed(row.adverseSelection, 1)}`);
  if (parts.length === 0) return [];
  return [`adverse selection, hedged markout at ${ADVERSE_SECONDS / 60} min less capture, $ per contract: ${parts.join(', ')}`];
}

function forecast({ forecast: f }: RunReport): string[] {
  if (f.rows.length === 0) return ['', `forecast: ${f.kind}, none has come due`];
  const rows = f.rows.map((row) => [
    row.factor,
    `${fixed(row.horizonSeconds / 60, 1)} min`,
    fixed(row.r2VsRandomWalk, 3),
    `[${fixed(row.ci95[0], 3)}, ${fixed(row.ci95[1], 3)}]`,
    String(row.samples),
    `${fixed(100 * row.coverage80, 0)} %`,
  ]);
  const head = ['factor', 'horizon', 'R2', '95 %', 'samples', 'in 80 %'];
  return ['', `forecast ${f.kind}, R2 against the random walk (samples do not overlap):`, textTable([head, ...rows])];
}
