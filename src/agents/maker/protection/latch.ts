import { LEVELS, type Level, NORMAL, type Over, type Vote } from './level.ts';

/**
 * The level that one guard holds. It rises with a vote at once, and falls to what is voted for when nothing at or above it has been voted for in
 * `calmSeconds`: step by step, where a guard's votes fall so.
 */
export class Latch {
  level: Level = NORMAL;
  /** Of the vote that raised it, or the latest one as high. */
  reason = '';
  over: Over | undefined;
  /** Until when a level is held, by level. */
  readonly #until = new Float64Array(LEVELS.length);

  /** Takes in the vote of a look; true when the level changes. */
  vote(vote: Vote, nowSeconds: number, calmSeconds: number): boolean {
    for (let level = 1; level <= vote.level; level += 1) this.#until[level] = nowSeconds + calmSeconds;
    const before = this.level;
    let level: number = vote.level;
    for (let held = LEVELS.length - 1; held > level; held -= 1) {
      if (nowSeconds < (this.#until[held] ?? 0)) level = held;
    }
    this.level = level as Level;
    if (vote.level > NORMAL && vote.level >= level) {
      this.reason = vote.reason;
      this.over = vote.over;
    }
    return level !== before;
  }

  /** Lets go at once. */
  clear(): void {
    this.level = NORMAL;
    this.#until.fill(0);
  }
}
