import { Text, Transform } from 'ink';
import type { ReactNode } from 'react';
import type { Snapshot } from '../../sim/snapshot.ts';
import { cells, fitted } from './text.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** What every panel is given. It answers with lines of text, and keeps nothing. */
export interface PanelProps {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly theme: Theme;
  /** Cells and rows of the panel, its frame included. */
  readonly width: number;
  readonly height: number;
}

/** The frame around a panel's lines. */
export interface FrameSpec {
  readonly title: string;
  /** Right end of the upper edge. */
  readonly note?: string;
  /** Left end of the lower edge: a legend. Styled text. */
  readonly legend?: string;
  readonly focused: boolean;
}

/** Puts lines into a rounded frame; the result has exactly `height` lines of exactly `width` cells. */
export function framed(spec: FrameSpec, lines: readonly string[], width: number, height: number, theme: Theme): string[] {
  if (width < 4 || height < 2) return Array.from({ length: height }, (_, i) => fitted(lines[i] ?? '', width));
  const edge = (text: string): string => theme.paint(spec.focused ? 'focus' : 'frame', text);
  const inner = Math.max(0, width - 4);
  const side = edge('│');
  const body = Array.from({ length: Math.max(0, height - 2) }, (_, i) => `${side} ${fitted(lines[i] ?? '', inner)} ${side}`);
  const title = ` ${spec.title} `;
  const note = spec.note === undefined || spec.note === '' ? '' : ` ${spec.note} `;
  return [
    edge('╭─') + ruled(theme.paint(spec.focused ? 'focus' : 'title', title), theme.paint('dim', note), width - 4, edge) + edge('─╮'),
    ...body,
    edge('╰─') + ruled(spec.legend === undefined ? '' : ` ${spec.legend} `, '', width - 4, edge) + edge('─╯'),
  ];
}

function ruled(left: string, right: string, width: number, edge: (text: string) => string): string {
  if (cells(left) > width) return fitted(left, width);
  const room = width - cells(left) - cells(right);
  return room < 0 ? left + edge('─'.repeat(width - cells(left))) : left + edge('─'.repeat(room)) + right;
}

/** Lines for the inside of a panel that has nothing to show yet: what is missing, and what will fill it. */
export function emptyLines(message: string, width: number, height: number, theme: Theme): string[] {
  const text = fitted(message, Math.min(width, cells(message)));
  const left = ' '.repeat(Math.max(0, Math.floor((width - cells(text)) / 2)));
  const above = Math.max(0, Math.floor((height - 1) / 2));
  return [...Array.from({ length: above }, () => ''), left + theme.paint('dim', text)];
}

/**
 * Styled lines of one width as one element. Ink measures a blank block of the same size, and the lines take its place when
 * it is drawn: Ink keeps the measure of every text that it has ever seen, so a text that changes ten times a second would
 * fill the memory, and measuring it is the dearer part of a frame.
 */
export function Block({ lines, width }: { readonly lines: readonly string[]; readonly width: number }): ReactNode {
  if (width < 1 || lines.length < 1) return null;
  return (
    <Transform transform={(_, index) => lines[index] ?? ''}>
      <Text wrap="truncate">{blank(width, lines.length)}</Text>
    </Transform>
  );
}

const blank = (width: number, height: number): string => Array.from({ length: height }, () => ' '.repeat(width)).join('\n');
