import type { ReactNode } from 'react';
import type { LogLine } from '../../sim/snapshot.ts';
import { clock } from './figures.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { fitted, plainText } from './text.ts';
import type { Role } from './theme.ts';
import { panelTitle } from './view.ts';

/** What happened, with reasons; the latest at the bottom. */
export function Log(props: PanelProps): ReactNode {
  return <Block lines={logLines(props)} width={props.width} />;
}

const ROLES: Readonly<Record<LogLine['kind'], Role>> = {
  fill: 'ours',
  trade: 'text',
  regime: 'warn',
  hedge: 'bid',
  limit: 'warn',
  forecast: 'forecast',
  info: 'dim',
};

export function logLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const spec = { title: panelTitle('log'), focused: view.panel === 'log' };
  const latest = snapshot.log.slice(-Math.max(0, height - 2));
  if (latest.length === 0) {
    return framed(
      spec,
      emptyLines('nothing yet: fills, hedges, limits and regimes are listed here', inner, height - 2, theme),
      width,
      height,
      theme,
    );
  }
  const lines = latest.map((line) => {
    const head = `${theme.paint('dim', clock(line.seconds))} ${theme.paint(ROLES[line.kind], fitted(line.kind, 8))} `;
    return head + fitted(plainText(line.text), Math.max(0, inner - clock(line.seconds).length - 10));
  });
  return framed(spec, lines, width, height, theme);
}
