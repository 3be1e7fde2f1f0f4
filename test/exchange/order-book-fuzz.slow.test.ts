import { expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import { agentId, lots, ticks } from '../../src/core/units.ts';
import { LadderBook } from '../../src/exchange/ladder-book.ts';
import { type BookCommand, BookDriver } from '../support/book-fuzz.ts';
import { NaiveBook } from '../support/naive-book.ts';

const OPS = ['place', 'place', 'place', 'place', 'sweep', 'market', 'reduce', 'cancel', 'cancel', 'cancel'] as const;
const COMMANDS = 400_000;

test.each(['cancel-oldest', 'cancel-newest', 'cancel-both'] as const)(
  'ladder and naive book agree on 400,000 commands, %s',
  (prevention) => {
    const rng = streams('book-fuzz').stream(`commands ${prevention}`);
    const below = (bound: number): number => Math.floor(rng.uniform() * bound);
    const ladder = new LadderBook(prevention);
    const naive = new NaiveBook(prevention);
    const ladderDriver = new BookDriver(ladder);
    const naiveDriver = new BookDriver(naive);
    let deepest = 0;
    const fillable = [0, 0];
    for (let i = 0; i < COMMANDS; i += 1) {
      const side = below(2) === 0 ? 'buy' : 'sell';
      // Bids and offers overlap by a few ticks: most orders rest, many cross. The range of prices wanders.
      const centre = 1000 + 500 * Math.sin(i / 20_000);
      const price = Math.round(centre) + (side === 'buy' ? 3 - below(12) : below(12) - 3);
      const op = below(500) === 0 ? 'clear' : (OPS[below(OPS.length)] ?? 'place');
      const command: BookCommand = { op, owner: below(6), side, price, lots: 1 + below(9), pick: below(60) };
      ladderDriver.run(command);
      naiveDriver.run(command);
      if (ladderDriver.said.join() !== naiveDriver.said.join()) expect(ladderDriver.said, `command ${i}`).toEqual(naiveDriver.said);
      const digest = ladder.digest();
      if (digest !== naive.digest()) expect(digest, `command ${i}: ${JSON.stringify(command)}`).toBe(naive.digest());
      if (i % 10 === 0) {
        // A question, which changes nothing.
        const asked = [agentId(command.owner), side, ticks(price + (side === 'buy' ? 4 : -4)), lots(1 + below(40))] as const;
        const answer = ladder.fillable(...asked);
        expect(answer, `command ${i}`).toBe(naive.fillable(...asked));
        expect(ladder.digest()).toBe(digest);
        fillable[answer ? 1 : 0] = (fillable[answer ? 1 : 0] ?? 0) + 1;
      }
      if (i % 50 === 0) {
        expect(ladderDriver.answers(command), `command ${i}`).toEqual(naiveDriver.answers(command));
        ladder.verify();
      }
      deepest = Math.max(deepest, ladder.orders);
    }
    expect(deepest).toBeGreaterThan(40);
    expect(Math.min(...fillable)).toBeGreaterThan(2_000);
  },
);
