import type { ReactNode } from 'react';
import { Block, framed } from './frame.tsx';
import { type Binding, KEYMAP } from './keymap.ts';
import { fitted } from './text.ts';
import type { Theme } from './theme.ts';

export interface HelpProps {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

/** All keys, made from the table that is also asked when one is pressed. */
export function Help(props: HelpProps): ReactNode {
  return <Block lines={helpLines(props)} width={props.width} />;
}

const KEY_WIDTH = 12;

export function helpLines({ theme, width, height }: HelpProps): string[] {
  const inner = width - 4;
  const run = groupLines('Run', theme);
  const select = groupLines('Select', theme);
  const screen = groupLines('Screen', theme);
  // Three columns where there is room; else two, the shorter groups one below the other.
  const columns =
    inner >= 3 * 36 ? [run, select, screen] : [[...run, ...(height - 2 > run.length + select.length ? [''] : []), ...select], screen];
  const column = Math.floor(inner / columns.length);
  const rows = Math.max(...columns.map((lines) => lines.length));
  const lines = Array.from({ length: rows }, (_, row) => columns.map((group) => fitted(group[row] ?? '', column)).join(''));
  const legend = theme.paint('dim', 'the run goes on behind this table');
  return framed({ title: 'Keys', note: 'esc closes', legend, focused: true }, lines, width, height, theme);
}

/** Bindings of one key that differ by the moment, such as pause and resume, share a line. */
function groupLines(group: Binding['group'], theme: Theme): string[] {
  const lines = new Map<string, string[]>();
  for (const binding of KEYMAP.filter((one) => one.group === group))
    lines.set(binding.shown, [...(lines.get(binding.shown) ?? []), binding.help]);
  return [
    theme.paint('title', group),
    ...[...lines].map(([keys, helps]) => `${theme.paint('key', fitted(keys, KEY_WIDTH))}${helps.join(', ')}`),
  ];
}
