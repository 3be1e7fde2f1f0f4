import { Adwin } from './adwin.ts';
import { Cusum } from './cusum.ts';
import { PageHinkley } from './page-hinkley.ts';

/** Settings, in standard deviations of the loss; chosen on worlds of seeds `tune/…`, false alarms and delays in docs/forecasting.md. */
const PAGE_HINKLEY_DELTA = 0.05;
const PAGE_HINKLEY_LAMBDA = 30;
const CUSUM_SLACK = 0.5;
const CUSUM_THRESHOLD = 12;
const ADWIN_DELTA = 0.002;
/** Losses of ADWIN are cut here and divided by it, to lie in [0, 1]. */
const LOSS_LIMIT = 10;
/** An alarm of one detector counts for so many steps, and after an alarm of the vote none follows for as many. */
const WINDOW_STEPS = 50;
/** Losses from which the detectors know what is usual before they may alarm, and the memory of it afterwards. */
const LEARNING_STEPS = 60;
const USUAL_STEPS = 500;

/**
 * Says when forecasts no longer fit as they did: two of three detectors (Page-Hinkley, CUSUM, ADWIN) within {@link WINDOW_STEPS} steps, on a loss that
 * is 1 in the mean while all is well: a squared error over its expected square. Each of the first two runs twice, for losses that rise and, a stale surface
 * being too quiet, for losses that fall.
 */
export class DriftVote {
  readonly #rises: readonly [PageHinkley, Cusum];
  readonly #falls: readonly [PageHinkley, Cusum];
  readonly #adwin = new Adwin(ADWIN_DELTA);
  /** Steps since each detector's last alarm: Page-Hinkley, CUSUM, ADWIN. */
  readonly #since = new Int32Array(3).fill(WINDOW_STEPS);
  #steps = 0;
  #quiet = 0;
  #mean = 1;
  #square = 3;
  /** Alarms of the vote, and of each detector alone. */
  alarms = 0;
  readonly alone = new Int32Array(3);

  constructor() {
    const pair = (): [PageHinkley, Cusum] => [
      new PageHinkley(PAGE_HINKLEY_DELTA, PAGE_HINKLEY_LAMBDA),
      new Cusum(CUSUM_SLACK, CUSUM_THRESHOLD),
    ];
    this.#rises = pair();
    this.#falls = pair();
  }

  /** Steps since the last alarm of the vote; the number of all steps where there was none. */
  get quietSteps(): number {
    return this.#quiet;
  }

  /** Takes in a loss; true when at least two detectors agree, and none such was within the last {@link WINDOW_STEPS} steps. */
  step(loss: number): boolean {
    if (!Number.isFinite(loss)) return false;
    this.#steps += 1;
    this.#quiet += 1;
    const cut = Math.min(LOSS_LIMIT, loss);
    const sd = Math.sqrt(Math.max(0.01, this.#square - this.#mean * this.#mean));
    const z = (cut - this.#mean) / sd;
    const weight = 1 / Math.min(this.#steps, USUAL_STEPS);
    this.#mean += (cut - this.#mean) * weight;
    this.#square += (cut * cut - this.#square) * weight;
    if (this.#steps <= LEARNING_STEPS) {
      this.#adwin.step(cut / LOSS_LIMIT);
      return false;
    }
    this.#note(0, this.#rises[0].step(z), this.#falls[0].step(-z));
    this.#note(1, this.#rises[1].step(z), this.#falls[1].step(-z));
    this.#note(2, this.#adwin.step(cut / LOSS_LIMIT), false);
    let votes = 0;
    for (let i = 0; i < 3; i += 1) if ((this.#since[i] ?? WINDOW_STEPS) < WINDOW_STEPS) votes += 1;
    if (votes < 2 || (this.alarms > 0 && this.#quiet < WINDOW_STEPS)) return false;
    this.#alarm();
    return true;
  }

  #note(detector: number, up: boolean, down: boolean): void {
    const fired = up || down;
    if (fired) this.alone[detector] = (this.alone[detector] ?? 0) + 1;
    this.#since[detector] = fired ? 0 : Math.min(WINDOW_STEPS, (this.#since[detector] ?? 0) + 1);
  }

  /** What is usual is learnt anew. */
  #alarm(): void {
    this.alarms += 1;
    this.#quiet = 0;
    this.#steps = 0;
    this.#since.fill(WINDOW_STEPS);
    for (const detector of [...this.#rises, ...this.#falls]) detector.reset();
  }
}
