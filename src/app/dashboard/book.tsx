import type { ReactNode } from 'react';
import type { BookLevelView, BookView } from '../../sim/snapshot.ts';
import { AT_BEST } from './chain.tsx';
import { clock, fixed, priceDecimals } from './figures.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { fitted, fittedRight, plainText } from './text.ts';
import type { Theme } from './theme.ts';
import { panelTitle } from './view.ts';

/** The book of the selected series as a ladder, with our orders, the size ahead of them, and the last trades. */
export function Book(props: PanelProps): ReactNode {
  return <Block lines={bookLines(props)} width={props.width} />;
}

/** Cells of the ladder without its depth bars, and of the list of trades without and with their times. */
const LADDER = 24;
const TRADES = 13;
const TRADES_TIMED = 22;

export function bookLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const { book } = snapshot;
  const decimals = priceDecimals(snapshot.market.spot);
  const spec = {
    title: `${panelTitle('book')} ${plainText(book.symbol)}`,
    focused: view.panel === 'book',
    legend: theme.paint('ours', AT_BEST) + theme.paint('dim', ' ours   ahead: queue in front of us'),
  };
  if (book.bids.length === 0 && book.asks.length === 0 && book.lastTrades.length === 0) {
    const message = 'nobody quotes this series yet: makers wake within the first seconds';
    return framed(spec, emptyLines(message, inner, height - 2, theme), width, height, theme);
  }
  const timed = inner >= LADDER + 3 + TRADES_TIMED + 4;
  const trades = timed ? TRADES_TIMED : TRADES;
  const bar = Math.max(0, inner - LADDER - 3 - trades);
  const rows = height - 2 - 1;
  const ladder = ladderLines(book, rows, bar, decimals, theme);
  const prints = tradeLines(book, rows, timed, decimals, theme);
  const heading = theme.paint(
    'dim',
    `${' '.repeat(bar)}${fittedRight('ahead', 5)}${fittedRight('ours', 5)}${fittedRight('size', 6)}${fittedRight('price', 8)}`,
  );
  const rule = theme.paint('frame', ' │ ');
  const lines = ladder.map((line, row) => line + rule + (prints[row] ?? ''));
  return framed(spec, [heading + rule + theme.paint('dim', fitted('last trades', trades)), ...lines], width, height, theme);
}

/** Asks above, bids below, the spread between them; the best prices always in the middle. */
function ladderLines(book: BookView, rows: number, bar: number, decimals: number, theme: Theme): string[] {
  const half = Math.floor((rows - 1) / 2);
  const most = Math.max(0, ...[...book.bids, ...book.asks].map((level) => level.size));
  const line = (level: BookLevelView | undefined, side: 'bid' | 'ask'): string =>
    level === undefined ? ' '.repeat(LADDER + bar) : levelLine(level, side, most, bar, decimals, theme);
  const asks = Array.from({ length: half }, (_, i) => line(book.asks[half - 1 - i], 'ask'));
  const bids = Array.from({ length: rows - 1 - half }, (_, i) => line(book.bids[i], 'bid'));
  return [...asks, spreadLine(book, bar, decimals, theme), ...bids];
}

function levelLine(level: BookLevelView, side: 'bid' | 'ask', most: number, bar: number, decimals: number, theme: Theme): string {
  const ours = level.ours > 0;
  const ahead = level.ahead === undefined ? ' '.repeat(5) : `${fixed(level.ahead, 4, 2)} `;
  const depth = bar < 2 ? ' '.repeat(bar) : `${theme.paint(side, barOf(most > 0 ? level.size / most : 0, bar - 1))} `;
  const own = ours ? theme.paint('ours', AT_BEST + fixed(level.ours, 4, 2)) : ' '.repeat(5);
  return `${depth}${theme.paint('dim', ahead)}${own} ${fixed(level.size, 5, 2)} ${theme.paint(side, fixed(level.price, 7, decimals))}`;
}

function spreadLine(book: BookView, bar: number, decimals: number, theme: Theme): string {
  const [bid, ask] = [book.bids[0]?.price, book.asks[0]?.price];
  const text = bid === undefined ? 'no bids' : ask === undefined ? 'no asks' : `spread ${fixed(ask - bid, 7, decimals)}`;
  return theme.paint('dim', fittedRight(text, LADDER + bar));
}

/** The latest at the top. The arrow is the side of the aggressor: `▲` bought, `▼` sold. */
function tradeLines(book: BookView, rows: number, timed: boolean, decimals: number, theme: Theme): string[] {
  const latest = book.lastTrades.slice(-rows).reverse();
  if (latest.length === 0) return [theme.paint('dim', fitted('none yet', timed ? TRADES_TIMED : TRADES))];
  return latest.map((trade) => {
    const [arrow, role] = trade.aggressor === 'buy' ? (['▲', 'bid'] as const) : (['▼', 'ask'] as const);
    const time = timed ? theme.paint('dim', `${clock(trade.seconds).slice(-8)} `) : '';
    return `${time}${theme.paint(role, arrow + fixed(trade.price, 7, decimals))} ${fixed(trade.size, 4, 2)}`;
  });
}

/** A bar that grows from right to left, in half cells. */
function barOf(share: number, width: number): string {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * width * 2);
  const full = Math.floor(halves / 2);
  return fittedRight((halves % 2 === 1 ? '▐' : '') + '█'.repeat(full), width);
}
