import type { ReactNode } from 'react';
import type { ExpiryView, ForecastView, Snapshot } from '../../sim/snapshot.ts';
import { chartLines } from './chart.ts';
import { fixed, percent, signed, span } from './figures.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { fitted, fittedRight, plainText } from './text.ts';
import type { Theme } from './theme.ts';
import { panelTitle } from './view.ts';

/** The implied surface: smile of the selected expiry, term structure, and the forecast of its factors. */
export function Surface(props: PanelProps): ReactNode {
  return <Block lines={surfaceLines(props)} width={props.width} />;
}

/** Cells of the term structure: expiry, three vols, and the arrow with the difference. */
const TERM = 34;
const TERM_MIN = 6;

export function surfaceLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const inner = width - 4;
  const factors = factorLines(snapshot.forecast, inner, theme);
  const above = Math.max(TERM_MIN, height - 2 - factors.length);
  const expiry = snapshot.expiries[view.expiry];
  const smile = inner - TERM - 2;
  const left = expiry === undefined ? emptyLines('no expiry left', smile, above, theme) : smileLines(expiry, smile, above, theme);
  const right = termLines(snapshot, view.expiry, above, theme);
  const lines = Array.from({ length: above }, (_, row) => `${fitted(left[row] ?? '', smile)}  ${fitted(right[row] ?? '', TERM)}`);
  const spec = {
    title: `${panelTitle('surface')} ${expiry === undefined ? '' : plainText(expiry.label)}`,
    note: `forecast by ${plainText(snapshot.forecast.kind)}`,
    legend: [
      theme.paint('world', '⠒⠒ world'),
      theme.paint('tracked', '⠂⠂ tracked'),
      theme.paint('forecast', '▲▼ forecast, at the money'),
    ].join('  '),
    focused: view.panel === 'surface',
  };
  return framed(spec, [...lines, ...factors], width, height, theme);
}

/** World as a full line, tracked as a dotted one; the forecast is a triangle at the forward. */
function smileLines(expiry: ExpiryView, width: number, height: number, theme: Theme): string[] {
  if (expiry.smile.length < 2) return emptyLines('no smile: the expiry has passed', width, height, theme);
  const world = expiry.smile.map(({ strike, world: vol }) => [strike, vol] as const);
  const tracked = expiry.smile.flatMap(({ strike, tracked: vol }) => (vol === undefined ? [] : [[strike, vol] as const]));
  const { forecastAtmVol, trackedAtmVol } = expiry;
  const glyph = arrowOf(forecastAtmVol, trackedAtmVol);
  const chart = {
    series: [
      { points: world, role: 'world' as const },
      { points: tracked, role: 'tracked' as const, dotted: true },
    ],
    marks:
      forecastAtmVol === undefined
        ? []
        : [{ x: expiry.forward, y: forecastAtmVol, glyph: glyph === ' ' ? '◆' : glyph, role: 'forecast' as const }],
    spanMin: 0.02,
    yLabel: (vol: number) => `${percent(vol, 5, 1)}%`,
    xLabel: (strike: number) => fixed(strike, 8, 0).trim(),
    labelWidth: 6,
  };
  return chartLines(chart, width, height, theme);
}

function termLines(snapshot: Snapshot, selected: number, rows: number, theme: Theme): string[] {
  const { expiries } = snapshot;
  const room = rows - 1;
  const first = Math.max(0, Math.min(expiries.length - room, selected - Math.floor(room / 2)));
  const heading = `${fitted('ATM %', 7)}${fittedRight('world', 6)}${fittedRight('tracked', 8)}${fittedRight('forecast', 13)}`;
  const lines = expiries.slice(first, first + room).map((expiry, i) => {
    const line = termLine(expiry, theme);
    return first + i === selected ? theme.paint('selected', line) : line;
  });
  return [theme.paint('dim', heading), ...lines];
}

function termLine(expiry: ExpiryView, theme: Theme): string {
  const { worldAtmVol, trackedAtmVol, forecastAtmVol } = expiry;
  const change = forecastAtmVol === undefined || trackedAtmVol === undefined ? undefined : (forecastAtmVol - trackedAtmVol) * 100;
  const forecast = ` ${arrowOf(forecastAtmVol, trackedAtmVol)}${percent(forecastAtmVol, 5, 2)}${signed(change, 6, 2)}`;
  const world = theme.paint('world', percent(worldAtmVol, 6, 2));
  const tracked = theme.paint('tracked', percent(trackedAtmVol, 8, 2));
  return `${fitted(plainText(expiry.label), 7)}${world}${tracked}${theme.paint('forecast', forecast)}`;
}

/** Up, down, or blank for less than half a hundredth of a vol point. */
function arrowOf(forecast: number | undefined, now: number | undefined): string {
  if (forecast === undefined || now === undefined || Math.abs(forecast - now) < 0.000_05) return ' ';
  return forecast > now ? '▲' : '▼';
}

/** One line per factor: where it is, and per horizon the expected change with the scale of its error. */
function factorLines(forecast: ForecastView, width: number, theme: Theme): string[] {
  const { warmup, horizonsSeconds, factors } = forecast;
  const [name, tracked, cell] = [9, 9, 16];
  const shown = Math.max(1, Math.min(horizonsSeconds.length, Math.floor((width - name - tracked) / cell)));
  // The longest horizons matter most where not all fit: the term structure above is drawn at the last one.
  const from = horizonsSeconds.length - shown;
  const ready = factors.some((factor) => factor.change.length > 0);
  const horizons = horizonsSeconds.slice(from).map((seconds) => fittedRight(`in ${span(seconds)}`, cell));
  const waiting = `no forecast yet: ${warmup.seen} of ${warmup.needed} steps seen`;
  const heading = theme.paint('dim', fitted('factor', name) + fittedRight('tracked', tracked) + (ready ? horizons.join('') : ''));
  const lines = factors.map((factor) => {
    const changes = horizonsSeconds.slice(from).map((_, i) => {
      const [change, scale] = [factor.change[from + i], factor.scale[from + i]];
      if (change === undefined || scale === undefined) return ' '.repeat(cell);
      return theme.paint('forecast', signed(change, cell - 7, 4)) + theme.paint('dim', `±${fixed(scale, 6, 4)}`);
    });
    return fitted(plainText(factor.name), name) + fixed(factor.tracked, tracked, 4) + changes.join('');
  });
  return [ready ? heading : `${heading}   ${theme.paint('warn', waiting)}`, ...lines];
}
