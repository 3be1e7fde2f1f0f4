import type { ReactNode } from 'react';
import type { Snapshot } from '../../sim/snapshot.ts';
import { fixed, signed } from './figures.ts';
import { Block, framed, type PanelProps } from './frame.tsx';
import { fitted, fittedRight, plainText } from './text.ts';
import type { Role, Theme } from './theme.ts';
import { panelTitle } from './view.ts';

/** The subject's Greeks, and what it has used of its limits. */
export function Risk(props: PanelProps): ReactNode {
  return <Block lines={riskLines(props)} width={props.width} />;
}

/** Share of a limit from which on its line carries a warning. */
const NEAR = 0.8;
/** Cells of a limit's name. */
const NAME = 9;

export function riskLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const { limits, state } = snapshot.subject;
  const rows = Math.max(0, height - 2 - 3);
  const shown = limits.slice(0, limits.length > rows ? rows - 1 : rows);
  const hidden = limits.length - shown.length;
  const lines = [
    `${theme.paint('dim', 'state')} ${theme.paint(/^quoting/.test(state) ? 'strong' : 'warn', fitted(plainText(state), inner - 6))}`,
    ...greekLines(snapshot, inner, theme),
    ...shown.map((limit) => limitLine(limit, inner, theme)),
    ...(limits.length === 0 ? [theme.paint('dim', 'no limits set: the scenario gives none')] : []),
    ...(hidden > 0 ? [theme.paint('dim', `${hidden} more: zoom with z`)] : []),
    ...(rows - limits.length > snapshot.expiries.length ? positionLines(snapshot, theme) : []),
  ];
  return framed({ title: panelTitle('risk'), note: 'used of limit', focused: view.panel === 'risk' }, lines, width, height, theme);
}

/**
 * In the units of a trading desk, as the limits are: delta in units of the underlying, gamma as the change of delta for a move
 * of 1 % in spot, vega in dollars per vol point, theta in dollars per day.
 */
function greekLines({ subject }: Snapshot, width: number, theme: Theme): string[] {
  const { delta, gamma, vega, theta } = subject.greeks;
  const column = Math.floor(width / 2);
  const cell = (name: string, value: number, decimals: number, unit: string): string =>
    fitted(`${theme.paint('dim', fitted(name, 5))} ${signed(value, 7, decimals)} ${theme.paint('dim', unit)}`, column);
  return [
    cell('delta', delta, 3, 'units') + cell('gamma', gamma, 3, '/1%'),
    cell('vega', vega, 1, '$/pt') + cell('theta', theta, 1, '$/day'),
  ];
}

function limitLine(limit: Snapshot['subject']['limits'][number], width: number, theme: Theme): string {
  const share = limit.limit > 0 ? Math.abs(limit.value) / limit.limit : 0;
  const role: Role = share >= 1 ? 'warn' : share >= NEAR ? 'ask' : 'bid';
  // The whole unit where there is room, else the form that the Greeks above have.
  const unit = width < 60 ? 5 : 16;
  const flag = share >= 1 ? theme.paint('alarm', '!!') : share >= NEAR ? theme.paint('warn', '! ') : '  ';
  const figures = `${signed(limit.value, 7, 1)}/${fixed(limit.limit, 6, 0)} ${theme.paint('dim', fitted(unitText(plainText(limit.unit), unit), unit))}`;
  const bar = Math.max(4, width - NAME - 2 - 16 - unit);
  const full = Math.min(bar, Math.round(share * bar));
  const drawn = theme.paint(role, '█'.repeat(full)) + theme.paint('frame', '░'.repeat(bar - full));
  return `${fitted(plainText(limit.name), NAME - 1)} ${drawn}${flag} ${figures}`;
}

/** `$ per vol point` as `$/pt`, `units per 1 %` as `/1%`, where the long form does not fit. */
function unitText(unit: string, width: number): string {
  if (unit.length <= width) return unit;
  return unit
    .replace(' per vol point', '/pt')
    .replace(/^units per /, '/')
    .replace(' per ', '/')
    .replace(' %', '%');
}

/** Options held by expiry, in units of the underlying: where there is room for them. */
function positionLines({ expiries, series }: Snapshot, theme: Theme): string[] {
  const held = (expiry: number, right: 'call' | 'put'): number =>
    series.reduce((sum, one) => sum + (one.expiry === expiry && one.right === right ? one.position : 0), 0);
  const heading = fitted('options held', 13) + fittedRight('calls', 9) + fittedRight('puts', 9) + fittedRight('net', 9);
  const lines = expiries.map(({ label }, expiry) => {
    const [calls, puts] = [held(expiry, 'call'), held(expiry, 'put')];
    return fitted(plainText(label), 13) + [calls, puts, calls + puts].map((units) => signed(units, 9, 2)).join('');
  });
  return [theme.paint('dim', heading), ...lines];
}
