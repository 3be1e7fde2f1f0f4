import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { InputError } from '../core/assert.ts';
import { jsonDocument } from '../forecast/lstm/json-document.ts';
import { type Parameters, parametersKey, type SearchSpace } from '../study/search/search-space.ts';
import { STRATEGY_KINDS, type StrategyKind } from '../study/search/strategy.ts';
import type { AskedTrial, Trial, TrialOutcome } from '../study/search/trial.ts';
import { readText } from './files.ts';
import { outputFile, statusOf } from './output-file.ts';

/** File of a model's folder in which its search is written down: one JSON object per line, the first about the search as a whole. */
export const SEARCH_FILE = 'search.jsonl';
export const SEARCH_LOG_FORMAT = 'volpit.search/1';

/** All that decides what a search tries: a log is only gone on with where this is the same. */
export interface SearchHeader {
  readonly format: typeof SEARCH_LOG_FORMAT;
  readonly seed: string;
  readonly epochs: number;
  readonly folds: number;
  readonly epochTrainings: number;
  readonly trialsMax: number;
  readonly fixed: Readonly<Record<string, string | number>>;
  /** SHA-256 of the training data. */
  readonly data: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly space: SearchSpace;
}

const line = z.strictObject({
  strategy: z.literal(STRATEGY_KINDS),
  number: z.int().nonnegative(),
  rung: z.int().nonnegative(),
  epochs: z.int().positive(),
  parent: z.int().nonnegative().optional(),
  bracket: z.int().nonnegative().optional(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  seed: z.string(),
  status: z.literal(['done', 'failed']),
  losses: z.array(z.number()).optional(),
  epochsDone: z.array(z.int().nonnegative()).optional(),
  reason: z.string().optional(),
  seconds: z.number().nonnegative(),
});
type Line = z.infer<typeof line>;

/** The log of a search: what was known when it began, and what came since. After each trial the whole file is replaced, or left as it was. */
export class SearchLog {
  readonly #path: string;
  readonly #header: SearchHeader;
  readonly #known = new Map<string, Line>();
  readonly #written = new Map<StrategyKind, readonly Trial[]>();

  /**
   * @param resume read what is there; else it is replaced by the first trial.
   * @throws InputError when the log is damaged, or that of another search.
   */
  constructor(path: string, header: SearchHeader, resume: boolean) {
    this.#path = path;
    this.#header = header;
    if (!resume || statusOf('--resume', path) === undefined) return;
    const [first = '', ...lines] = readText(path).trimEnd().split('\n');
    this.#checkHeader(first);
    lines.forEach((text, i) => {
      const known = jsonDocument(`${path}:${i + 2}`, text, line);
      this.#known.set(`${known.strategy} ${known.number}`, known);
    });
  }

  /** Trials that need not be trained again. */
  get knownCount(): number {
    return this.#known.size;
  }

  /** What came of a trial in an earlier run; undefined when it is new. @throws InputError when the log has another trial in its place. */
  outcome(kind: StrategyKind, trial: AskedTrial): TrialOutcome | undefined {
    const known = this.#known.get(`${kind} ${trial.number}`);
    if (known === undefined) return undefined;
    const { space } = this.#header;
    const same =
      Object.keys(known.parameters).length === space.length &&
      parametersKey(space, known.parameters as Parameters) === parametersKey(space, trial.parameters);
    if (!same || known.epochs !== trial.epochs) {
      const message = `has another trial ${kind} ${trial.number} than this search makes: it was written by another version, or changed`;
      throw new InputError(this.#path, [{ path: '', message }]);
    }
    const { epochsDone, losses, reason, seconds, status } = known;
    if (status === 'failed') return { status, reason: reason ?? '', seconds };
    return { status, losses: losses ?? [], epochsDone: epochsDone ?? [], seconds };
  }

  /** Takes in trials that were known, without writing: the file has them. */
  hold(kind: StrategyKind, trials: readonly Trial[]): void {
    this.#written.set(kind, trials);
  }

  /** Writes down the trials of one strategy that are over, with those of all others. */
  write(kind: StrategyKind, trials: readonly Trial[]): void {
    this.hold(kind, trials);
    mkdirSync(dirname(this.#path), { recursive: true });
    outputFile(this.#path, { force: true }).write(this.text());
  }

  /** The file as it is now. */
  text(): string {
    const lines = [...this.#written].flatMap(([kind, trials]) => trials.map((trial) => lineOf(kind, trial, this.#header.seed)));
    return [this.#header, ...lines].map((item) => `${JSON.stringify(item)}\n`).join('');
  }

  #checkHeader(text: string): void {
    const found = jsonDocument(`${this.#path}:1`, text, z.record(z.string(), z.unknown()));
    const expected = JSON.parse(JSON.stringify(this.#header)) as Record<string, unknown>;
    const differing = [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
      (key) => JSON.stringify(found[key]) !== JSON.stringify(expected[key]),
    );
    if (differing.length > 0) {
      const message = `is the log of another search: it differs in ${differing.join(', ')}; leave --resume away, with --force, to begin anew`;
      throw new InputError(this.#path, [{ path: '', message }]);
    }
  }
}

function lineOf(strategy: StrategyKind, { outcome, ...trial }: Trial, seed: string): Line {
  return { strategy, ...trial, seed: `tune/${seed}`, ...withLists(outcome) };
}

function withLists(outcome: TrialOutcome) {
  return outcome.status === 'failed' ? outcome : { ...outcome, losses: [...outcome.losses], epochsDone: [...outcome.epochsDone] };
}
