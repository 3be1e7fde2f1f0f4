/** One class of rows of a replay; how many there are is in the result. */
export interface ReplayClass<Name extends string> {
  readonly name: Name;
  /** Whether our book and that of the file can be held against each other there. */
  readonly isCompared: boolean;
  readonly meaning: string;
}

/** A count of 0 for each class. */
export function noRows<Name extends string>(classes: readonly ReplayClass<Name>[]): Record<Name, number> {
  // The keys are just the names.
  return Object.fromEntries(classes.map(({ name }) => [name, 0])) as Record<Name, number>;
}

/** Rows of the classes in which books were compared. */
export function comparedRows<Name extends string>(classes: readonly ReplayClass<Name>[], rows: Readonly<Record<Name, number>>): number {
  return classes.reduce((sum, { name, isCompared }) => sum + (isCompared ? rows[name] : 0), 0);
}
