import { describe, expect, test } from 'vitest';
import { colourLevel } from '../../src/app/colour.ts';

describe('colourLevel', () => {
  test.each([
    ['a terminal', {}, true, 'auto', 1],
    ['no terminal', {}, false, 'auto', 0],
    ['256 colours by TERM', { TERM: 'xterm-256color' }, true, 'auto', 2],
    ['24 bits by COLORTERM', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, true, 'auto', 3],
    ['TERM=dumb', { TERM: 'dumb', COLORTERM: 'truecolor' }, true, 'auto', 0],
    ['NO_COLOR', { NO_COLOR: '1', TERM: 'xterm-256color' }, true, 'auto', 0],
    ['an empty NO_COLOR does not count', { NO_COLOR: '' }, true, 'auto', 1],
    ['NO_COLOR beats FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '3' }, true, 'auto', 0],
    ['FORCE_COLOR beats a pipe and TERM=dumb', { FORCE_COLOR: '1', TERM: 'dumb' }, false, 'auto', 1],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, 'auto', 0],
    ['FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, 'auto', 0],
    ['FORCE_COLOR=2', { FORCE_COLOR: '2' }, false, 'auto', 2],
    ['FORCE_COLOR=3', { FORCE_COLOR: '3' }, false, 'auto', 3],
    ['FORCE_COLOR=true', { FORCE_COLOR: 'true', TERM: 'screen-256color' }, false, 'auto', 2],
    ['always beats NO_COLOR and a pipe', { NO_COLOR: '1' }, false, 'always', 1],
    ['never beats FORCE_COLOR', { FORCE_COLOR: '3' }, true, 'never', 0],
  ] as const)('%s', (_, env, isTTY, flag, level) => {
    expect(colourLevel(env, isTTY, flag)).toBe(level);
  });
});
