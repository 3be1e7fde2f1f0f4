/** What a terminal can show: none, 16 colours, 256 colours, or 24 bits. */
export type ColourLevel = 0 | 1 | 2 | 3;

/** The `--color` flag. `auto` leaves the decision to the environment. */
export type ColourFlag = 'auto' | 'always' | 'never';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The one decision on colour, made once at the start and obeyed by all output. The first rule that applies decides: the flag,
 * `NO_COLOR` when not empty (no-color.org), `FORCE_COLOR` (`0` or `false` is none, `1` to `3` a level, else at least 16
 * colours), `TERM=dumb`, and then whether the output is a terminal at all.
 */
export function colourLevel(env: Environment, isTTY: boolean, flag: ColourFlag = 'auto'): ColourLevel {
  if (flag === 'never') return 0;
  if (flag === 'always') return atLeastSixteen(env);
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forcedLevel(forced, env);
  if (env['TERM'] === 'dumb' || !isTTY) return 0;
  return atLeastSixteen(env);
}

function forcedLevel(value: string, env: Environment): ColourLevel {
  switch (value) {
    case '0':
    case 'false':
      return 0;
    case '1':
      return 1;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      return atLeastSixteen(env);
  }
}

function atLeastSixteen(env: Environment): ColourLevel {
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 3;
  return /-256(color)?$/i.test(env['TERM'] ?? '') ? 2 : 1;
}
