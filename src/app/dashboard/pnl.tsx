import type { ReactNode } from 'react';
import type { SubjectView } from '../../sim/snapshot.ts';
import { chartLines } from './chart.ts';
import { clock, count, dollars, fixed, signed } from './figures.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { cells, fitted, plainText, spread } from './text.ts';
import type { Role, Theme } from './theme.ts';
import { panelTitle } from './view.ts';

/** Rows of the curve with its axis. */
const CHART_MIN = 5;

/** The subject's profit and loss over time, and by cause. */
export function Pnl(props: PanelProps): ReactNode {
  return <Block lines={pnlLines(props)} width={props.width} />;
}

export function pnlLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const { subject } = snapshot;
  const spec = {
    title: `${panelTitle('pnl')} USD`,
    note: `${plainText(subject.name)} (${plainText(subject.kind)})`,
    focused: view.panel === 'pnl',
  };
  const room = height - 2 - 2;
  const causes = causeLines(subject, inner, Math.max(1, room - CHART_MIN), theme);
  const chart = room - causes.length;
  const lines = [
    spread(
      `${theme.paint('dim', 'total')} ${theme.paint(roleOf(subject.pnl.total), dollars(subject.pnl.total, 9))}`,
      volumeText(subject, theme),
      inner,
    ),
    ...historyLines(subject, inner, chart, theme),
    ruleLine('by cause', inner, theme),
    ...causes,
  ];
  return framed(spec, lines, width, height, theme);
}

const roleOf = (amount: number): Role => (amount < 0 ? 'loss' : 'gain');

function volumeText(subject: SubjectView, theme: Theme): string {
  return `${count(subject.fills, 5)} ${theme.paint('dim', 'fills')} ${fixed(subject.volume, 6, 1)} ${theme.paint('dim', 'units')}`;
}

function historyLines(subject: SubjectView, width: number, height: number, theme: Theme): string[] {
  if (subject.history.length < 2) return filled(emptyLines('no curve yet: it needs two samples', width, height, theme), height);
  const points = subject.history.map((sample) => [sample.seconds, sample.total] as const);
  const range = Math.max(...points.map(([, total]) => Math.abs(total)));
  const chart = {
    series: [{ points, role: roleOf(subject.pnl.total) }],
    level: 0,
    spanMin: 1,
    yLabel: (y: number) => signed(y, 7, range < 100 ? 1 : 0),
    xLabel: (x: number) => clock(x),
    labelWidth: 7,
  };
  return chartLines(chart, width, height, theme);
}

const filled = (lines: readonly string[], height: number): string[] => Array.from({ length: height }, (_, i) => lines[i] ?? '');

function ruleLine(text: string, width: number, theme: Theme): string {
  return `${theme.paint('dim', text)} ${theme.paint('frame', '─'.repeat(Math.max(0, width - cells(text) - 1)))}`;
}

/** In the ledger's order: one cause to a line with its bar, or, where there are more causes than lines, several to a line. */
function causeLines({ pnl }: SubjectView, width: number, rows: number, theme: Theme): string[] {
  const causes = pnl.byCause;
  if (causes.length === 0) return [theme.paint('dim', 'nothing booked yet: the first fill fills this')];
  if (causes.length <= rows) return barLines(causes, width, theme);
  const columns = Math.max(1, Math.floor((width + 2) / (NAME + AMOUNT + 2)));
  const shown = causes.length <= rows * columns ? causes : withRest(causes, rows * columns);
  const height = Math.ceil(shown.length / columns);
  const column = Math.floor((width - 2 * (columns - 1)) / columns);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: columns }, (__, at) => {
      const entry = shown[at * height + row];
      return entry === undefined ? '' : causeText(entry, column, theme);
    }).join('  '),
  );
}

interface CauseAmount {
  readonly cause: string;
  readonly amount: number;
}

const NAME = 10;
const AMOUNT = 8;

/** The finer parts of moves of the surface: the first to go where there is no place for all, whatever their amounts, so that nothing jumps. */
const FINER = ['vanna', 'volga', 'curvature', 'skew', 'slope'];

/** The last place takes the sum of all that have none: of the finer ones first, then of the last ones. */
function withRest(causes: readonly CauseAmount[], places: number): CauseAmount[] {
  const finer = FINER.flatMap((name) => causes.filter(({ cause }) => cause === name));
  const others = causes.filter((entry) => !finer.includes(entry)).reverse();
  const rest = [...finer, ...others].slice(0, causes.length - places + 1);
  const kept = causes.filter((entry) => !rest.includes(entry));
  return [...kept, { cause: `${rest.length} more`, amount: rest.reduce((sum, { amount }) => sum + amount, 0) }];
}

const causeText = ({ cause, amount }: CauseAmount, width: number, theme: Theme): string =>
  fitted(named(cause, width - AMOUNT - 1), width - AMOUNT) + theme.paint(roleOf(amount), dollars(amount, AMOUNT));

/** `spreadCapture` in words, and only the first of them where there is no room. */
function named(cause: string, width: number): string {
  const words = plainText(cause).replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.length > width ? (words.split(' ')[0] ?? words) : words;
}

/** A bar from the middle: to the right what was earned, to the left what was lost. */
function barLines(causes: readonly CauseAmount[], width: number, theme: Theme): string[] {
  const most = Math.max(1e-9, ...causes.map(({ amount }) => Math.abs(amount)));
  const text = Math.min(36, width - 9);
  const half = Math.max(1, Math.floor((width - text - 2) / 2));
  return causes.map((entry) => {
    const bar = Math.round((Math.abs(entry.amount) / most) * half);
    const left = entry.amount < 0 ? '█'.repeat(bar).padStart(half) : ' '.repeat(half);
    const right = entry.amount > 0 ? '█'.repeat(bar).padEnd(half) : ' '.repeat(half);
    return `${causeText(entry, text, theme)} ${theme.paint('loss', left)}${theme.paint('frame', '│')}${theme.paint('gain', right)}`;
  });
}
