import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Snapshot } from '../../sim/snapshot.ts';
import { Book } from './book.tsx';
import { Chain } from './chain.tsx';
import { Block, type PanelProps } from './frame.tsx';
import { Help } from './help.tsx';
import type { KeyContext } from './keymap.ts';
import { Keys } from './keys.tsx';
import { layoutOf, type Place, SIZE_MIN, type Size } from './layout.ts';
import { Log } from './log.tsx';
import { Pnl } from './pnl.tsx';
import { Risk } from './risk.tsx';
import { Status } from './status.tsx';
import { Surface } from './surface.tsx';
import { fitted } from './text.ts';
import type { Theme } from './theme.ts';
import type { Playing } from './use-simulation.ts';
import { PANELS, type PanelName, panelTitle, strikesMax, type View } from './view.ts';
import { Why } from './why.tsx';

export interface BoardProps {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly playing: Playing;
  readonly theme: Theme;
  readonly size: Size;
}

const COMPONENTS: Readonly<Record<PanelName, (props: PanelProps) => ReactNode>> = {
  chain: Chain,
  book: Book,
  pnl: Pnl,
  surface: Surface,
  risk: Risk,
  log: Log,
};

/** The whole screen for one snapshot: a function of what it is given. */
export function Board({ snapshot, view, playing, theme, size }: BoardProps): ReactNode {
  const layout = layoutOf(size, view, strikesMax(snapshot), snapshot.subject.limits.length);
  const { width, height } = layout;
  if (layout.kind === 'notice') return <Block lines={noticeLines(size, width, height, theme)} width={width} />;
  const context: KeyContext = { phase: playing.phase, layout: layout.kind, zoomed: view.zoomed, help: view.help, why: view.why };
  const panel = (place: Place): ReactNode => {
    const Panel = COMPONENTS[place.panel];
    return <Panel key={place.panel} snapshot={snapshot} view={view} theme={theme} width={place.width} height={place.height} />;
  };
  return (
    <Box flexDirection="column" width={width} flexShrink={0}>
      <Status snapshot={snapshot} playing={playing} theme={theme} width={width} />
      {layout.kind === 'tabs' && <Block lines={[tabsLine(view, width, theme)]} width={width} />}
      {view.help ? (
        <Help theme={theme} width={width} height={height} />
      ) : view.why ? (
        <Why snapshot={snapshot} view={view} theme={theme} width={width} height={height} />
      ) : (
        <Box height={height}>
          {layout.columns.map((places) => (
            <Box key={places[0]?.panel} flexDirection="column" width={places[0]?.width ?? width} flexShrink={0}>
              {places.map(panel)}
            </Box>
          ))}
        </Box>
      )}
      <Keys context={context} theme={theme} width={width} />
    </Box>
  );
}

function tabsLine(view: View, width: number, theme: Theme): string {
  const tabs = PANELS.map((panel) =>
    panel === view.panel ? theme.paint('badge', `[${panelTitle(panel)}]`) : theme.paint('dim', ` ${panelTitle(panel)} `),
  );
  return fitted(` ${tabs.join(' ')}`, width);
}

/** For a terminal that is too small: what it would take. The run goes on. */
function noticeLines(size: Size, width: number, height: number, theme: Theme): string[] {
  const lines = [
    theme.paint('title', `volpit needs ${SIZE_MIN.columns}x${SIZE_MIN.rows}`),
    `this terminal is ${size.columns}x${size.rows}`,
    'the run continues; q quits',
  ];
  return Array.from({ length: height }, (_, row) => fitted(lines[row] ?? '', width));
}
