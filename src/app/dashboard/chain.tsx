import type { ReactNode } from 'react';
import type { SeriesView, Snapshot } from '../../sim/snapshot.ts';
import { count, fixed, percent, price, priceDecimals, signed } from './figures.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { cells, fitted, fittedRight, plainText, spread } from './text.ts';
import type { Role, Theme } from './theme.ts';
import { panelTitle, selectedSeries, strikesOf, type View } from './view.ts';

/** The glyphs of our own quotes: at the best price of the book, or behind it. */
export const AT_BEST = '●';
export const BEHIND = '○';

/** The option chain of one expiry: calls, strike, puts. */
export function Chain(props: PanelProps): ReactNode {
  return <Block lines={chainLines(props)} width={props.width} />;
}

export function chainLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const strikes = strikesOf(snapshot, view.expiry);
  const rows = Math.max(1, height - 2 - 6);
  const spec = { title: panelTitle('chain'), focused: view.panel === 'chain' };
  if (strikes.length === 0) {
    return framed(spec, emptyLines('no series listed: the chain of this expiry has ended', inner, height - 2, theme), width, height, theme);
  }
  const selected = selectedSeries(snapshot, view);
  const first = firstRow(strikes, selected?.strike ?? 0, rows);
  const shown = strikes.slice(first, first + rows);
  const grid = gridOf(snapshot, inner);
  const body = shown.map((strike) => strikeLine(snapshot, view, strike, grid, selected, theme));
  const legend =
    theme.paint('ours', AT_BEST) +
    theme.paint('dim', ' our quote at the best price  ') +
    theme.paint('ours', BEHIND) +
    theme.paint('dim', ' behind it');
  const above = first > 0 ? `${first} more above` : '';
  const below = strikes.length - first - shown.length;
  const note = [above, below > 0 ? `${below} more below` : ''].filter((text) => text !== '').join(', ');
  const lines = [
    marketLine(snapshot, inner, theme),
    expiryLine(snapshot, view, inner, theme),
    ...headingLines(grid, theme),
    ...body,
    ...Array.from({ length: rows - shown.length }, () => ''),
    ...detailLines(snapshot, selected, inner, theme),
  ];
  return framed({ ...spec, note, legend }, lines, width, height, theme);
}

function marketLine({ market }: Snapshot, width: number, theme: Theme): string {
  const decimals = priceDecimals(market.spot);
  const quote = `${price(market.bid, 9, decimals)} / ${price(market.ask, 9, decimals)}`;
  const label = (text: string): string => theme.paint('dim', text);
  const left = `${label('spot')} ${theme.paint('strong', price(market.spot, 9, decimals))}  ${label('perp')} ${quote}`;
  const right = `${label('rv')} ${percent(market.realisedVol, 5, 1)} %  ${label('prints')} ${count(market.prints, 7)}`;
  return spread(left, right, width);
}

function expiryLine(snapshot: Snapshot, view: View, width: number, theme: Theme): string {
  const tabs = snapshot.expiries.map((expiry, index) => {
    const label = plainText(expiry.label);
    return index === view.expiry ? theme.paint('badge', `[${label}]`) : theme.paint('dim', ` ${label} `);
  });
  const expiry = snapshot.expiries[view.expiry];
  const forward = price(expiry?.forward, 9, priceDecimals(snapshot.market.spot));
  return spread(tabs.join(' '), `${theme.paint('dim', 'forward')} ${forward}`, width);
}

/** The columns of one side, outwards from the strike, with the cells they take. */
type Field = 'bid' | 'ask' | 'bidSize' | 'askSize' | 'ourBid' | 'ourAsk' | 'theo' | 'position';
interface Grid {
  readonly calls: readonly Field[];
  readonly puts: readonly Field[];
  readonly decimals: number;
  /** Spaces on each side of the strike. */
  readonly gap: number;
}

const WIDTHS: Readonly<Record<Field, number>> = { bid: 8, ask: 8, bidSize: 6, askSize: 6, ourBid: 8, ourAsk: 8, theo: 9, position: 4 };
const HEADINGS: Readonly<Record<Field, string>> = {
  bid: 'bid',
  ask: 'ask',
  bidSize: 'size',
  askSize: 'size',
  ourBid: 'our bid',
  ourAsk: 'our ask',
  theo: 'theo',
  position: 'pos',
};
/** Columns whose last cell is a mark, or empty. */
const PADDED: ReadonlySet<Field> = new Set<Field>(['bid', 'ask', 'bidSize', 'askSize', 'theo']);
const MIDDLE = 14;

/** The widest set of columns that fits. */
function gridOf(snapshot: Snapshot, width: number): Grid {
  const decimals = priceDecimals(snapshot.market.spot);
  const sets: readonly (readonly Field[])[] = [
    ['ourBid', 'ourAsk', 'bidSize', 'bid', 'ask', 'askSize'],
    ['bidSize', 'bid', 'ask', 'askSize'],
    ['bid', 'ask'],
  ];
  const taken = (fields: readonly Field[]): number =>
    2 * [...fields, 'theo' as const, 'position' as const].reduce((sum, f) => sum + WIDTHS[f], 0) + MIDDLE;
  const market = sets.find((fields) => taken(fields) <= width) ?? sets[2] ?? [];
  return {
    calls: ['position', 'theo', ...market],
    puts: [...market, 'theo', 'position'],
    decimals,
    gap: Math.max(0, Math.floor((width - taken(market)) / 2)),
  };
}

/** The name of each side over its columns, then the columns' own names. */
function headingLines({ calls, puts, gap }: Grid, theme: Theme): string[] {
  const space = ' '.repeat(gap);
  const side = (fields: readonly Field[]): string =>
    fields.map((field) => fittedRight(`${HEADINGS[field]}${PADDED.has(field) ? ' ' : ''}`, WIDTHS[field])).join('');
  const over = (name: string, fields: readonly Field[]): string => {
    const width = side(fields).length;
    const rule = Math.max(0, width - name.length - 4);
    const left = Math.floor(rule / 2);
    return ` ${theme.paint('frame', '─'.repeat(left))} ${theme.paint('title', name)} ${theme.paint('frame', '─'.repeat(rule - left))} `;
  };
  return [
    over('CALLS', calls) + ' '.repeat(MIDDLE + 2 * gap) + over('PUTS', puts),
    theme.paint('dim', side(calls) + space + fittedRight('strike', 7) + fittedRight('vol %', 7) + space + side(puts)),
  ];
}

function strikeLine(snapshot: Snapshot, view: View, strike: number, grid: Grid, selected: SeriesView | undefined, theme: Theme): string {
  const at = snapshot.series.filter((series) => series.expiry === view.expiry && series.strike === strike);
  const [call, put] = [at.find((series) => series.right === 'call'), at.find((series) => series.right === 'put')];
  const chosen = selected !== undefined && selected.strike === strike ? selected.right : undefined;
  const space = ' '.repeat(grid.gap);
  const lit = (text: string, on: boolean): string => (on ? theme.paint('selected', text) : text);
  const price = theme.paint('strong', fixed(strike, 6, Number.isInteger(strike) ? 0 : priceDecimals(strike)));
  const vol = percent(call?.vol ?? put?.vol, 6, 1);
  const middle = `${chosen === 'call' ? '◂' : ' '}${price}${vol}${chosen === 'put' ? '▸' : ' '}`;
  const side = (series: SeriesView | undefined, fields: readonly Field[]): string =>
    fields.map((field) => (series === undefined ? ' '.repeat(WIDTHS[field]) : cell(series, field, grid.decimals, theme))).join('');
  const left = lit(side(call, grid.calls) + space, chosen === 'call');
  const right = lit(space + side(put, grid.puts), chosen === 'put');
  return left + lit(middle, chosen !== undefined) + right;
}

function cell(series: SeriesView, field: Field, decimals: number, theme: Theme): string {
  const number = (value: number | undefined, role: Role): string =>
    theme.paint(value === undefined ? 'dim' : role, fixed(value, 8, decimals));
  switch (field) {
    case 'bid':
      return quoteCell(series.bid, series.ourBid, 'bid', decimals, theme);
    case 'ask':
      return quoteCell(series.ask, series.ourAsk, 'ask', decimals, theme);
    case 'bidSize':
      return theme.paint('dim', `${fixed(series.bid === undefined ? undefined : series.bidSize, 5, 2)} `);
    case 'askSize':
      return theme.paint('dim', `${fixed(series.ask === undefined ? undefined : series.askSize, 5, 2)} `);
    case 'ourBid':
      return number(series.ourBid, 'ours');
    case 'ourAsk':
      return number(series.ourAsk, 'ours');
    case 'theo':
      return `${number(series.theo, series.selected ? 'text' : 'dim')} `;
    case 'position':
      return series.position === 0
        ? theme.paint('dim', '   -')
        : theme.paint(series.position > 0 ? 'bid' : 'ask', signed(series.position, 4, 1));
  }
}

/** A market price, and the mark of our own quote: `●` where ours is part of the best price, `○` where it is behind. */
function quoteCell(best: number | undefined, ours: number | undefined, side: 'bid' | 'ask', decimals: number, theme: Theme): string {
  const mark = ours === undefined ? ' ' : ours === best ? AT_BEST : BEHIND;
  return theme.paint(best === undefined ? 'dim' : side, fixed(best, 7, decimals)) + theme.paint('ours', mark);
}

/** Two lines on the series under the cursor: our quotes with their sizes, then the values and the selector's reason. */
function detailLines(snapshot: Snapshot, series: SeriesView | undefined, width: number, theme: Theme): string[] {
  if (series === undefined) return [];
  const decimals = priceDecimals(snapshot.market.spot);
  const quote = (value: number | undefined, size: number): string =>
    value === undefined
      ? theme.paint('dim', fitted('     none', 15))
      : theme.paint('ours', `${fixed(value, 8, decimals)} x${fixed(size, 5, 2)}`);
  const label = (text: string): string => theme.paint('dim', text);
  const [bid, ask] = [quote(series.ourBid, series.ourBidSize), quote(series.ourAsk, series.ourAskSize)];
  const ours = `${label('our bid')}${bid}  ${label('our ask')}${ask}`;
  const [theo, fair] = [fixed(series.theo, 8, decimals), fixed(series.fair, 8, decimals)];
  const values = `${label('theo')} ${theo}  ${label('fair')} ${fair}  ${label(series.selected ? 'quoted:' : 'not quoted:')} `;
  const reason = plainText(series.reason);
  return [
    spread(theme.paint('title', `▸ ${plainText(series.symbol)}`), ours, width),
    values + theme.paint(series.selected ? 'text' : 'warn', fitted(reason === '' ? '-' : reason, Math.max(0, width - cells(values)))),
  ];
}

/** The first strike shown: the cursor stays in view, near the middle where strikes are hidden. */
function firstRow(strikes: readonly number[], selected: number, rows: number): number {
  const at = Math.max(0, strikes.indexOf(selected));
  return Math.max(0, Math.min(strikes.length - rows, at - Math.floor(rows / 2)));
}
