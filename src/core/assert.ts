/** A rule of our own was broken: a bug of volpit, never of its user. The run stops, and says where. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  /** Number of the kernel event at which it happened, once known. */
  event: number | undefined;
  /** Seed of the run in which it happened, once known. */
  seed: string | undefined;
}

/** @throws InvariantError when the condition does not hold. The message is only built in that case. */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}

/** Ends a `switch` over a closed union: a new member no longer compiles. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}

/** One fault in something that the user wrote. */
export interface Issue {
  /** Where: `agents.mm.limits.vega`, a column of a CSV file, a flag. */
  readonly path: string;
  /** What is wrong, with the value found and what was expected. */
  readonly message: string;
  /** 1-based line and column of the source text, where there is one. */
  readonly line?: number;
  readonly column?: number;
  /** The file at fault, where it is another one than that of the error. */
  readonly source?: string;
}

/** The user's mistake: bad scenario, data, model file or flag. Exit code 2, all issues at once, no stack trace. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The file or flag at fault. */
  readonly source: string;
  readonly issues: readonly Issue[];

  constructor(source: string, issues: readonly Issue[]) {
    super(issues.map((issue) => describe(source, issue)).join('\n'));
    this.source = source;
    this.issues = issues;
  }
}

function describe(source: string, issue: Issue): string {
  const file = issue.source ?? source;
  const place = issue.line === undefined ? file : `${file}:${issue.line}:${issue.column ?? 1}`;
  return issue.path === '' ? `${place}  ${issue.message}` : `${place}  ${issue.path}  ${issue.message}`;
}
