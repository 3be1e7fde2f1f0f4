import type { AgentKind } from '../agents/agent.ts';
import { InputError, InvariantError } from '../core/assert.ts';
import { NANOS_PER_SECOND } from '../core/units.ts';
import { accountsDifference } from '../replay/accounts.ts';
import type { Manifest } from '../replay/manifest.ts';
import { type ReplayReport, replayReport, replayText } from '../replay/replay-report.ts';
import { type Difference, Replayer } from '../replay/replayer.ts';
import type { Context } from './command.ts';
import { EXIT } from './exit.ts';
import { breath, interruption } from './interruption.ts';
import { eventsPath, manifestPath } from './log-files.ts';
import { type LoggedRun, openLog } from './logged-run.ts';

/** Steps between two looks at the clock and at signals. */
const SLICE_STEPS = 20_000;

/** How a log is replayed. */
export interface ReplayOptions {
  readonly json: boolean;
  /** Simulated seconds after which to stop and to show the books. */
  readonly at: number | undefined;
  /** The catalogue of agents that the scenario of the log may name. */
  readonly kinds: readonly AgentKind[];
}

/**
 * Replays the log of a folder, and holds every record, the trace hash, cash and positions against it.
 * @returns the exit code.
 * @throws InputError when the log is damaged, of another format, or from another version of volpit that does other things.
 * @throws InvariantError at the first difference in a log of this very version.
 */
export async function replayLog(folder: string, context: Context, options: ReplayOptions): Promise<number> {
  const start = performance.now();
  const log = openLog(folder, options.kinds);
  try {
    const report = await replayed(folder, log, context, options.at);
    const wallSeconds = (performance.now() - start) / 1000;
    const recordsPerSecond = wallSeconds > 0 ? report.records / wallSeconds : 0;
    if (options.json) context.output.json('replay-log', { ...report, wallSeconds, recordsPerSecond });
    else context.output.print(replayText(report, wallSeconds));
  } finally {
    log.close();
  }
  return EXIT.ok;
}

async function replayed(folder: string, log: LoggedRun, context: Context, at: number | undefined): Promise<ReplayReport> {
  const { manifest, scenario, events } = log;
  const { outcome } = manifest;
  const replayer = new Replayer(scenario, events, { whole: outcome !== undefined });
  const until = at === undefined ? Number.POSITIVE_INFINITY : Math.round(at * NANOS_PER_SECOND);
  const progress = context.progress(`replaying ${scenario.name}`);
  const signal = interruption();
  try {
    for (let steps = 1; (replayer.next ?? Number.POSITIVE_INFINITY) <= until && replayer.step(); steps += 1) {
      if (steps % SLICE_STEPS !== 0) continue;
      progress.update(replayer.now / NANOS_PER_SECOND, at ?? outcome?.seconds ?? scenario.durationSeconds);
      await breath();
      signal.throwIfAborted();
    }
  } finally {
    progress.end();
  }
  const { difference } = replayer;
  if (difference !== undefined) throw fault(eventsPath(folder), differenceText(difference), manifest, context.version);
  replayer.ledger.verify();
  const report = replayReport(replayer, scenario.chain, manifest, at);
  if (report.compared.traceHash && outcome !== undefined) compare(folder, report, outcome, manifest, context.version);
  notice(replayer, events.lostBytes, context);
  return report;
}

function compare(
  folder: string,
  report: ReplayReport,
  outcome: NonNullable<Manifest['outcome']>,
  manifest: Manifest,
  version: string,
): void {
  const refuse = (path: string, message: string): never => {
    throw new InputError(manifestPath(folder), [{ path, message }]);
  };
  if (report.records !== outcome.records) refuse('outcome.records', `is ${outcome.records}; the log has ${report.records} records`);
  if (report.traceHash !== outcome.traceHash) refuse('outcome.traceHash', `is not that of the records, which is ${report.traceHash}`);
  const difference = accountsDifference(outcome.accounts, report.accounts);
  if (difference !== undefined) throw fault(manifestPath(folder), difference, manifest, version);
}

/** What a log lacks whose run was killed. */
function notice({ followed }: Replayer, lostBytes: number, { output }: Context): void {
  if (lostBytes > 0) output.say(`the log ends within a block: its last ${lostBytes} bytes were left out`);
  if (followed > 0) output.say(`the log ends within a request: ${followed} more records follow from it`);
}

function differenceText({ record, logged, replayed: made, reason }: Difference): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  return `record ${record} differs: the log has "${logged ?? 'no such record'}", the replay ${made === undefined ? 'has no such record' : `"${made}"`}${why}`;
}

/** The same version of volpit does the same: a difference is its bug. Another version may do other things. */
function fault(source: string, message: string, { version, seed }: Manifest, own: string): Error {
  if (version !== own) {
    return new InputError(source, [{ path: '', message: `${message}; it was written by volpit ${version}, this is volpit ${own}` }]);
  }
  const error = new InvariantError(`${source}: ${message}`);
  error.seed = seed;
  return error;
}
