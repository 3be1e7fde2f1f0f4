import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clock, count, dollars, fixed, percent, price, priceDecimals, signed, span } from '../../../src/app/dashboard/figures.ts';
import { cells, fitted, fittedRight, plainText, spread, unstyled } from '../../../src/app/dashboard/text.ts';
import { nextTheme, THEME_NAMES, themeOf } from '../../../src/app/dashboard/theme.ts';
import { COLOUR } from '../../support/terminal-codes.ts';

describe('plainText', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['moves and erasures', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a hyperlink', '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['a device control string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['an unfinished string', 'a\u001b]52;c;AAAA', 'a'],
    ['C1 controls', 'a\u009b31mb\u0085c', 'abc'],
    ['reset', 'a\u001bcb', 'ab'],
    ['a lone escape', 'a\u001b', 'a'],
    ['line ends and tabs', 'a\r\n\tb', 'a b'],
    ['bells, backspaces, nulls', 'a\u0007\b\u0000b', 'ab'],
    ['bidi overrides and joiners', 'a\u202eb\u200dc\u2066d', 'abcd'],
    ['ordinary text', 'σ-smile ▲ 名前', 'σ-smile ▲ 名前'],
  ])('%s', (_, dirty, clean) => {
    expect(plainText(dirty)).toBe(clean);
  });

  test('never lets a control character through', () => {
    const codes = fc.array(fc.integer({ min: 0, max: 0x20_70 }), { maxLength: 60 }).map((points) => String.fromCharCode(...points));
    const hostile = fc
      .array(fc.constantFrom('\u001b', '[', ']', 'P', '\u009b', '\u0007', '0;1', 'm', 'x', '\n'), { maxLength: 20 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(codes, hostile), (text) => {
        expect(plainText(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

describe('cells', () => {
  test('counts neither styles nor combining marks, and wide characters twice', () => {
    expect(cells('\u001b[1m\u001b[38;5;75mab\u001b[39m\u001b[22m')).toBe(2);
    expect(cells('e\u0301')).toBe(1);
    expect(cells('名前')).toBe(4);
    expect(cells('😀')).toBe(2);
    expect(cells('╭─⠿●▲')).toBe(5);
  });

  test('fitted, fittedRight and spread have exactly the width, whatever the text', () => {
    const piece = fc.constantFrom('a', '1', '名', '😀', 'e\u0301', '⠿', '\u001b[31m', '\u001b[39m', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(20), (pieces, width) => {
        const text = pieces.join('');
        expect(cells(fitted(text, width))).toBe(width);
        expect(cells(fittedRight(text, width))).toBe(width);
        expect(cells(spread(text, text, width))).toBe(width);
      }),
    );
  });

  test('spread keeps a space between its two texts', () => {
    expect(spread('left', 'right', 12)).toBe('left   right');
    expect(spread('lefty', 'right', 10)).toBe('lef… right');
    expect(spread('left', 'right', 5)).toBe('right');
  });

  test('a cut text says so, and its style does not run on', () => {
    expect(fitted('abcdef', 4)).toBe('abc…');
    expect(fitted('\u001b[31mabcdef\u001b[39m', 4)).toBe('\u001b[31mabc…\u001b[0m');
  });
});

describe('figures', () => {
  test('fixed keeps its width: decimals go first, then thousands', () => {
    expect([1.5, 1234.56, 123_456.7, 1_234_567, 1e15].map((value) => fixed(value, 6, 1))).toEqual([
      '   1.5',
      '1234.6',
      '123457',
      ' 1235k',
      ' 1000T',
    ]);
    expect(fixed(undefined, 5, 1)).toBe('    ·');
    expect(fixed(Number.NaN, 5, 1)).toBe('    ·');
    expect(fixed(Number.NEGATIVE_INFINITY, 5, 1)).toBe('   -∞');
    expect(fixed(-0.04, 5, 1)).toBe('  0.0');
    expect(signed(0.04, 5, 1)).toBe('  0.0');
    expect(signed(2.5, 6, 2)).toBe(' +2.50');
  });

  test('widths hold for every number', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 4, max: 12 }), fc.integer({ min: 0, max: 4 }), (value, width, decimals) => {
        for (const text of [fixed(value, width, decimals), signed(value, width, decimals), percent(value, width, decimals)]) {
          expect(text.length).toBe(width);
        }
        for (const text of [dollars(value, width + 3), price(value, width + 3, decimals)]) expect(text.length).toBe(width + 3);
      }),
    );
  });

  test('money, counts, prices, times', () => {
    expect(dollars(12_345.678, 12)).toBe('  +12,345.68');
    expect(dollars(-1234.5, 7)).toBe(' -1,235');
    expect(dollars(-1234.5, 8)).toBe('-1,234.5');
    expect(count(1_234_567, 11)).toBe('  1,234,567');
    expect(count(1_234_567, 6)).toBe(' 1235k');
    expect(price(70_012.5, 9, 1)).toBe(' 70,012.5');
    expect(price(undefined, 9, 1)).toBe('        ·');
    expect([0, 59.999, 3661, 90_061].map(clock)).toEqual(['00:00:00', '00:00:59', '01:01:01', '1d 01:01:01']);
    expect([30, 300, 5400, 172_800].map(span)).toEqual(['30 s', '5 min', '1.5 h', '2 d']);
    expect([70_000, 5400, 100, 1.2, 0].map(priceDecimals)).toEqual([1, 2, 3, 5, 2]);
  });
});

describe('themes', () => {
  test('follow each other in a ring and keep the colour level', () => {
    let theme = themeOf('dark', 2);
    const seen = THEME_NAMES.map(() => {
      theme = nextTheme(theme);
      return theme.name;
    });
    expect(seen).toEqual(['light', 'mono', 'dark']);
    expect(theme.level).toBe(2);
  });

  test('paint with the palette of the level, and without colours with attributes only', () => {
    expect(themeOf('dark', 1).paint('bid', 'x')).toBe('\u001b[94mx\u001b[39m');
    expect(themeOf('dark', 3).paint('badge', 'x')).toBe('\u001b[1m\u001b[38;5;255m\u001b[48;5;24mx\u001b[49m\u001b[39m\u001b[22m');
    for (const name of THEME_NAMES) {
      for (const role of ['bid', 'ask', 'gain', 'loss', 'badge', 'alarm', 'selected', 'ours', 'dim', 'forecast'] as const) {
        expect(themeOf(name, 0).paint(role, 'x')).not.toMatch(COLOUR);
        expect(unstyled(themeOf(name, 2).paint(role, 'x'))).toBe('x');
      }
    }
  });
});
