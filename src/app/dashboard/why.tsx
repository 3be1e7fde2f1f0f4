import type { ReactNode } from 'react';
import { explanationText } from '../../study/explanation-text.ts';
import { Block, emptyLines, framed, type PanelProps } from './frame.tsx';
import { plainText } from './text.ts';
import { selectedSeries } from './view.ts';

/** The chain of reasons behind the quote of the selected series, as `volpit explain` tells it. */
export function Why(props: PanelProps): ReactNode {
  return <Block lines={whyLines(props)} width={props.width} />;
}

export function whyLines({ snapshot, view, theme, width, height }: PanelProps): string[] {
  const symbol = selectedSeries(snapshot, view)?.symbol ?? '';
  const { explanation } = snapshot;
  const legend = theme.paint('dim', 'the run goes on behind this; the keys select other series');
  const spec = { title: `Why ${plainText(symbol)}`, note: 'esc closes', legend, focused: true };
  if (explanation === undefined) {
    return framed(spec, emptyLines('the subject does not explain its quotes', width - 4, height - 2, theme), width, height, theme);
  }
  const run = {
    scenario: snapshot.scenario,
    seed: snapshot.seed,
    subject: snapshot.subject.name,
    symbol,
    regime: snapshot.market.regime,
  };
  return framed(
    spec,
    explanationText(run, explanation, width - 4)
      .split('\n')
      .map(plainText),
    width,
    height,
    theme,
  );
}
