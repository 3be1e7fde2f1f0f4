import type { ReactNode } from 'react';
import type { Snapshot } from '../../sim/snapshot.ts';
import { clock, count, fixed } from './figures.ts';
import { Block } from './frame.tsx';
import { cells, clipped, fitted, plainText } from './text.ts';
import type { Theme } from './theme.ts';
import type { Phase, Playing } from './use-simulation.ts';

export interface StatusProps {
  readonly snapshot: Snapshot;
  readonly playing: Playing;
  readonly theme: Theme;
  readonly width: number;
}

/** The first row: which run this is, where it stands, and how it is played. */
export function Status(props: StatusProps): ReactNode {
  return <Block lines={[statusLine(props)]} width={props.width} />;
}

const PHASES: Readonly<Record<Phase, string>> = { run: '► RUN  ', pause: '‖ PAUSE', done: '■ DONE ' };
const STRESSED = /stress|crash|crisis|panic/i;
/** Below this share of the wanted speed the run is behind. */
const BEHIND = 0.9;

export function statusLine({ snapshot, playing, theme, width }: StatusProps): string {
  const wide = width >= 110;
  const name = theme.paint('strong', clipped(plainText(snapshot.scenario), wide ? 24 : 14));
  const seed = `${theme.paint('dim', 'seed')} ${clipped(plainText(snapshot.seed), 10)}`;
  const left = ` ${wide ? `${theme.paint('title', 'volpit')} ` : ''}${name} ${seed} `;
  const events = width >= 150 ? `${theme.paint('dim', 'events')} ${count(snapshot.events, 11)}  ` : '';
  const state = theme.paint(playing.phase === 'run' ? 'gain' : 'warn', PHASES[playing.phase]);
  const right = `${regimeBadge(plainText(snapshot.market.regime), theme)} ${events}${speedText(playing, wide, theme)} ${state} `;
  return `${left}${progressText(snapshot, width - cells(left) - cells(right), theme)}${right}`;
}

function regimeBadge(regime: string, theme: Theme): string {
  return theme.paint(STRESSED.test(regime) ? 'alarm' : 'badge', ` ${clipped(regime.toUpperCase(), 10)} `);
}

/** Simulated time, a bar, and the horizon; without the bar where there is no room for it. */
function progressText({ nowSeconds, horizonSeconds }: Snapshot, width: number, theme: Theme): string {
  const [now, end] = [clock(nowSeconds), clock(horizonSeconds)];
  const room = width - now.length - end.length - 4;
  if (room < 4) return fitted(theme.paint('strong', now), width);
  const share = horizonSeconds > 0 ? nowSeconds / horizonSeconds : 1;
  const full = Math.max(0, Math.min(room, Math.floor(share * room)));
  const bar = theme.paint('focus', '━'.repeat(full)) + theme.paint('frame', '─'.repeat(room - full));
  return ` ${theme.paint('strong', now)} ${bar} ${theme.paint('dim', end)} `;
}

/** The speed asked for, and where the machine does not keep up, the one that is reached. Always 17 cells, or 5 on a narrow screen. */
function speedText({ speed, reached, phase }: Playing, wide: boolean, theme: Theme): string {
  const asked = Number.isFinite(speed) ? factor(speed) : '  max';
  const unlimited = !Number.isFinite(speed);
  const behind = phase === 'run' && reached !== undefined && reached < BEHIND * speed;
  if (!wide) return behind && !unlimited ? theme.paint('warn', factor(reached)) : asked;
  const note = behind
    ? unlimited
      ? `makes ${factor(reached).trim()}`
      : theme.paint('warn', `lags, ${factor(reached).trim()}`)
    : theme.paint('dim', phase === 'run' ? 'on time' : '');
  return `${asked} ${fitted(note, 11)}`;
}

const factor = (speed: number): string =>
  speed < 1 && speed > 0 ? `x1/${Math.round(1 / speed)}`.padStart(5) : `x${fixed(speed, 4, 0).trim()}`.padStart(5);
