/** What a part was set to: its kind, and the parameters of that kind. */
export interface ChosenPart {
  readonly kind: string;
}

/** The kind that was chosen. The schema has seen to it that there is one. */
export function kindOf<T extends { readonly kind: string }>(kinds: readonly T[], { kind }: ChosenPart): T {
  const found = kinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new RangeError(`there is no part of kind ${kind}`);
  return found;
}

export const withoutKind = ({ kind: _, ...params }: ChosenPart): object => params;
