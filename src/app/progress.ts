/** Tells how far a long task is. */
export interface Progress {
  /** @param done out of `total`, in whatever is counted. @param note shown behind it. */
  update(done: number, total: number, note?: string): void;
  /** Takes the line away from a terminal. To be called once, also after an error. */
  end(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  readonly quiet: boolean;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const REDRAW_MILLIS = 100;
const LINE_MILLIS = 10_000;
const ESTIMATE_AFTER_MILLIS = 2_000;

/**
 * On a terminal one line that is redrawn ten times a second; elsewhere a plain line every ten seconds, so that logs stay short;
 * nothing with `--quiet`. Time left is what the average speed so far says.
 */
export function progressOn(title: string, { stream, quiet, now, env }: ProgressOptions): Progress {
  if (quiet) return { update: () => {}, end: () => {} };
  const isLive = stream.isTTY === true && env['TERM'] !== 'dumb';
  const start = now();
  let last = isLive ? Number.NEGATIVE_INFINITY : start;
  let drawn = false;
  return {
    update(done, total, note = '') {
      const at = now();
      if (at - last < (isLive ? REDRAW_MILLIS : LINE_MILLIS)) return;
      last = at;
      const line = `${title} ${countText(done, total)}${remainingText(done, total, at - start)}${note === '' ? '' : `, ${note}`}`;
      drawn = true;
      stream.write(isLive ? `\r\u001b[2K${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}` : `${line}\n`);
    },
    end() {
      if (isLive && drawn) stream.write('\r\u001b[2K');
      drawn = false;
    },
  };
}

function countText(done: number, total: number): string {
  const share = total > 0 ? Math.floor((100 * done) / total) : 100;
  return Number.isInteger(done) && Number.isInteger(total) && total < 10_000 ? `${done}/${total} (${share} %)` : `${share} %`;
}

function remainingText(done: number, total: number, elapsedMillis: number): string {
  if (done <= 0 || done >= total || elapsedMillis < ESTIMATE_AFTER_MILLIS) return '';
  return `, ${durationText((elapsedMillis * (total - done)) / done / 1000)} left`;
}

/** `45 s`, `3 min 20 s`, `2 h`: two units at most, and none that is zero behind the first. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const isHours = whole >= 3600;
  const first = Math.floor(whole / (isHours ? 3600 : 60));
  const second = isHours ? Math.floor((whole % 3600) / 60) : whole % 60;
  const units = isHours ? ['h', 'min'] : ['min', 's'];
  return second === 0 ? `${first} ${units[0]}` : `${first} ${units[0]} ${second} ${units[1]}`;
}
