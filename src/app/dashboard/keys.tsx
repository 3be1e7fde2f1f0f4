import type { ReactNode } from 'react';
import { Block } from './frame.tsx';
import { KEYMAP, type KeyContext } from './keymap.ts';
import { cells, spread } from './text.ts';
import type { Theme } from './theme.ts';

export interface KeysProps {
  readonly context: KeyContext;
  readonly theme: Theme;
  readonly width: number;
}

/** The last row: the keys that mean something now. */
export function Keys(props: KeysProps): ReactNode {
  return <Block lines={[keysLine(props)]} width={props.width} />;
}

/** As many keys as fit, in the order of the table; the one for help always. */
export function keysLine({ context, theme, width }: KeysProps): string {
  const hints = KEYMAP.filter((binding) => binding.valid?.(context) ?? true).flatMap(({ hint }) => (hint === undefined ? [] : [hint]));
  const text = ([keys, word]: readonly [string, string]): string => `${theme.paint('key', keys)} ${theme.paint('dim', word)}`;
  const last = hints.find(([keys]) => keys === '?');
  const right = last === undefined ? '' : ` ${text(last)} `;
  let left = '';
  for (const hint of hints) {
    if (hint === last) continue;
    const next = `${left} ${text(hint)} `;
    if (cells(next) + cells(right) > width) break;
    left = next;
  }
  return spread(left, right, width);
}
