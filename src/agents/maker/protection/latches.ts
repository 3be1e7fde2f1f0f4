import type { Chain } from '../../../market/chain.ts';
import type { GuardInspection } from '../../inspection.ts';
import { type Scope, scopeOf, WHOLE } from '../exposures.ts';
import { GUARDS, type GuardName } from './guards.ts';
import { Latch } from './latch.ts';
import { LEVELS, type Level, NORMAL, type Vote } from './level.ts';

/** A latch that holds a level, and of what. */
export interface Held {
  readonly guard: GuardName;
  readonly scope: Scope;
  readonly latch: Readonly<Latch>;
}

/**
 * The levels of all guards, for the whole chain and by expiry, with what became of them: each change of a level is told with its reason, and
 * counted. The highest level of any is that of the maker.
 */
export class Latches {
  readonly #chain: Chain;
  readonly #calmSeconds: number;
  readonly #note: (text: string) => void;
  readonly #all: readonly Held[];
  /** By scope: those that hold a level. */
  readonly #raised: Held[][];
  readonly #activations = new Map<GuardName, { count: number; highest: Level }>();
  readonly #secondsAt = new Float64Array(LEVELS.length);
  #lookedAt: number | undefined;

  /** @param note told of each change. */
  constructor(chain: Chain, calmSeconds: number, note: (text: string) => void) {
    this.#chain = chain;
    this.#calmSeconds = calmSeconds;
    this.#note = note;
    const scopes = [WHOLE, ...chain.expiries.map(({ index }) => scopeOf(index))];
    this.#all = GUARDS.flatMap((guard) => scopes.map((scope): Held & { latch: Latch } => ({ guard, scope, latch: new Latch() })));
    this.#raised = scopes.map(() => []);
  }

  /** Counts the time since the last look at the level held until now. */
  look(nowSeconds: number): void {
    if (this.#lookedAt !== undefined) {
      const { level } = this.highest;
      this.#secondsAt[level] = (this.#secondsAt[level] ?? 0) + nowSeconds - this.#lookedAt;
    }
    this.#lookedAt = nowSeconds;
  }

  vote(guard: GuardName, scope: Scope, vote: Vote, nowSeconds: number, calmSeconds = this.#calmSeconds): void {
    const held = this.#all[GUARDS.indexOf(guard) * this.#raised.length + scope];
    const raised = this.#raised[scope];
    if (held === undefined || raised === undefined) return;
    const latch = held.latch as Latch;
    if (vote.level === NORMAL && latch.level === NORMAL) return;
    const before = latch.level;
    if (!latch.vote(vote, nowSeconds, calmSeconds)) return;
    if (before === NORMAL) raised.push(held);
    if (latch.level === NORMAL) raised.splice(raised.indexOf(held), 1);
    this.#tell(held, before);
  }

  /** Forgets all that is not there to stay: time between sessions is not counted either. */
  closed(): void {
    this.#lookedAt = undefined;
  }

  /** Those that hold a level for the whole chain and for an expiry. */
  raised(scope: Scope): readonly Held[] {
    return this.#raised[scope] ?? [];
  }

  /** The highest level held, by which guard first. */
  get highest(): { readonly level: Level; readonly held: Held | undefined } {
    let found: Held | undefined;
    for (const raised of this.#raised) {
      for (const held of raised) if (found === undefined || held.latch.level > found.latch.level) found = held;
    }
    return { level: found?.latch.level ?? NORMAL, held: found };
  }

  /** The highest level held for the whole chain, by any guard but one. */
  wholeLevel(but?: GuardName): Level {
    let level: Level = NORMAL;
    for (const { guard, latch } of this.raised(WHOLE)) if (guard !== but && latch.level > level) level = latch.level;
    return level;
  }

  /** ` in 7d`, or nothing for the whole chain. */
  place(scope: Scope): string {
    const expiry = this.#chain.expiries[scope - 1];
    return expiry === undefined ? '' : ` in ${expiry.label}`;
  }

  inspect(): { readonly secondsAt: Record<string, number>; readonly guards: readonly GuardInspection[] } {
    return {
      secondsAt: Object.fromEntries(LEVELS.map((name, level) => [name, this.#secondsAt[level] ?? 0])),
      guards: [...this.#activations].map(([guard, { count, highest }]) => ({ guard, activations: count, highest: LEVELS[highest] })),
    };
  }

  #tell({ guard, scope, latch }: Held, before: Level): void {
    const place = this.place(scope);
    if (latch.level > before) {
      const entry = this.#activations.get(guard) ?? { count: 0, highest: NORMAL };
      if (before === NORMAL) entry.count += 1;
      if (latch.level > entry.highest) entry.highest = latch.level;
      this.#activations.set(guard, entry);
      this.#note(`${LEVELS[latch.level]}${place} (${guard}): ${latch.reason}`);
    } else this.#note(`${LEVELS[latch.level]}${place} (${guard}): calm again`);
  }
}
