import type { RemarkSample } from './market-samples.ts';

const WINDOW_SECONDS = 30;
const BASIS_POINTS = 10_000;

/** The best prices of one book, in ticks. */
export interface Touch {
  readonly bid: number | undefined;
  readonly ask: number | undefined;
}

interface Waiting {
  readonly instrument: number;
  readonly touch: Touch;
  readonly moveBasisPoints: number;
  readonly from: number;
}

/**
 * How long best quotes stand after the index has moved: time is cut into windows of 30 s, and after each the books at the money are watched until
 * a best price changes. Times are whole world steps. A book that never changes gives no sample.
 */
export class RemarkTimes {
  readonly samples: RemarkSample[] = [];
  #waiting: Waiting[] = [];
  #start: { readonly seconds: number; readonly spot: number } | undefined;

  /** One world step. `atTheMoney` names the books to watch from now on. */
  step(seconds: number, spot: number, touchOf: (instrument: number) => Touch, atTheMoney: () => readonly number[]): void {
    this.#waiting = this.#waiting.filter(({ instrument, touch, moveBasisPoints, from }) => {
      const now = touchOf(instrument);
      if (now.bid === touch.bid && now.ask === touch.ask) return true;
      this.samples.push({ moveBasisPoints, seconds: seconds - from });
      return false;
    });
    this.#start ??= { seconds, spot };
    if (seconds - this.#start.seconds < WINDOW_SECONDS) return;
    const moveBasisPoints = Math.abs(Math.log(spot / this.#start.spot)) * BASIS_POINTS;
    for (const instrument of atTheMoney()) this.#waiting.push({ instrument, touch: touchOf(instrument), moveBasisPoints, from: seconds });
    this.#start = { seconds, spot };
  }
}
