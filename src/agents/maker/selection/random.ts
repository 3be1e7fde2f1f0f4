import { z } from 'zod';
import { seconds } from '../../../config/quantity.ts';
import type { Rng } from '../../../core/rng.ts';
import { chooseRanked } from './ranking.ts';
import { defineSelector, type SelectionView, type Selector } from './selector.ts';

/** As many series as are allowed, drawn at random from time to time: what a choice is worth at all is the distance from this one. */
export const random = defineSelector({
  kind: 'random',
  summary: 'as many series as are allowed, drawn at random anew from time to time',
  params: z.strictObject({ redrawSeconds: seconds({ about: 'time between two draws' }).prefault(600) }),
  create: ({ redrawSeconds }, chance) => new RandomSelector(redrawSeconds, chance),
});

class RandomSelector implements Selector {
  readonly #redrawSeconds: number;
  readonly #chance: Rng;
  #lots: readonly number[] = [];
  #nextDraw = Number.NEGATIVE_INFINITY;

  constructor(redrawSeconds: number, chance: Rng) {
    this.#redrawSeconds = redrawSeconds;
    this.#chance = chance;
  }

  choose(view: SelectionView): void {
    if (view.nowSeconds >= this.#nextDraw) {
      // One draw per series, whether or not it can be quoted: the draws do not depend on what the market did.
      this.#lots = view.candidacies.map(() => this.#chance.uniform());
      this.#nextDraw = view.nowSeconds + this.#redrawSeconds;
    }
    chooseRanked(view, ({ series }) => this.#lots[series] ?? 0, { told: () => 'drawn at random' });
  }
}
