import { describe, expect, test } from 'vitest';
import { BrailleCanvas } from '../../../src/app/dashboard/braille.ts';
import { chartLines } from '../../../src/app/dashboard/chart.ts';
import { cells, unstyled } from '../../../src/app/dashboard/text.ts';
import { themeOf } from '../../../src/app/dashboard/theme.ts';

const plain = themeOf('mono', 0);
const drawn = (canvas: BrailleCanvas): string[] => canvas.lines(plain).map(unstyled);

describe('BrailleCanvas', () => {
  test('each dot of a cell has its own bit of U+2800', () => {
    const expected = ['⠁', '⠂', '⠄', '⡀', '⠈', '⠐', '⠠', '⢀'];
    const one = (x: number, y: number): string => {
      const canvas = new BrailleCanvas(1, 1);
      canvas.dot(x, y, 'text');
      return drawn(canvas)[0] ?? '';
    };
    expect([0, 1].flatMap((x) => [0, 1, 2, 3].map((y) => one(x, y)))).toEqual(expected);
  });

  test('all eight together fill the cell', () => {
    const canvas = new BrailleCanvas(1, 1);
    for (let x = 0; x < 2; x++) for (let y = 0; y < 4; y++) canvas.dot(x, y, 'text');
    expect(drawn(canvas)).toEqual(['⣿']);
  });

  test('draws lines, both ends included, in either direction', () => {
    const across = new BrailleCanvas(4, 1);
    across.line(0, 0, 7, 3, 'text');
    expect(drawn(across)).toEqual(['⠉⠒⠤⣀']);
    const back = new BrailleCanvas(4, 1);
    back.line(7, 3, 0, 0, 'text');
    expect(drawn(back).map((line) => line.length)).toEqual([4]);
    expect(drawn(back)[0]?.[0]).not.toBe(' ');
    const down = new BrailleCanvas(1, 2);
    down.line(0, 0, 0, 7, 'text');
    expect(drawn(down)).toEqual(['⡇', '⡇']);
  });

  test('a dotted line leaves gaps', () => {
    const canvas = new BrailleCanvas(3, 1);
    canvas.line(0, 0, 5, 0, 'text', 2);
    expect(drawn(canvas)).toEqual(['⠁⠁⠁']);
  });

  test('drops what is outside, NaN included', () => {
    const canvas = new BrailleCanvas(2, 1);
    for (const [x, y] of [
      [-1, 0],
      [4, 0],
      [0, -1],
      [0, 4],
      [Number.NaN, 0],
    ] as const)
      canvas.dot(x, y, 'text');
    canvas.glyph(9, 9, 'x', 'text');
    expect(drawn(canvas)).toEqual(['  ']);
  });

  test('a glyph replaces the cell, and each run carries its role', () => {
    const canvas = new BrailleCanvas(3, 1);
    canvas.line(0, 0, 5, 0, 'bid');
    canvas.glyph(2, 0, '▲', 'ask');
    expect(canvas.lines(themeOf('dark', 2))).toEqual(['\u001b[38;5;75m⠉\u001b[39m\u001b[38;5;215m▲\u001b[39m\u001b[38;5;75m⠉\u001b[39m']);
  });
});

describe('chartLines', () => {
  const spec = { spanMin: 1, yLabel: (y: number) => y.toFixed(0), xLabel: (x: number) => `x${x}`, labelWidth: 3 };

  test('has exactly its size, labels at the ends, and the line in between', () => {
    const points = [
      [0, 0],
      [10, 100],
    ] as const;
    const lines = chartLines({ ...spec, series: [{ points, role: 'text' }] }, 14, 5, plain).map(unstyled);
    expect(lines).toEqual([' 88┤       ⢀⠤⠊', '   │     ⡠⠔⠁  ', '   │  ⢀⠔⠊     ', ' 13┤⡠⠒⠁       ', '    x0     x10']);
  });

  test('a flat line stands in the middle and does not divide by zero', () => {
    const points = [
      [0, 5],
      [1, 5],
      [2, 5],
    ] as const;
    const lines = chartLines({ ...spec, spanMin: 0, series: [{ points, role: 'text' }] }, 12, 4, plain).map(unstyled);
    expect(lines[1]).toMatch(/[⠤⠒]{8}/);
  });

  test('keeps its level in view and is blank without points', () => {
    const up = chartLines(
      {
        ...spec,
        level: 0,
        series: [
          {
            points: [
              [0, 50],
              [1, 100],
            ],
            role: 'text',
          },
        ],
      },
      12,
      6,
      plain,
    ).map(unstyled);
    expect(up[4]).toContain('⡀');
    expect(chartLines({ ...spec, series: [] }, 12, 3, plain).map(cells)).toEqual([12, 12, 12]);
  });
});
