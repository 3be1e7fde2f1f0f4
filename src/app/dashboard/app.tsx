import { type ReactNode, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { instrumentId } from '../../core/units.ts';
import { Board } from './board.tsx';
import { bindingOf, type Command, type KeyContext, keyNames } from './keymap.ts';
import { layoutOf, type Size } from './layout.ts';
import type { SnapshotSource } from './source.ts';
import { nextTheme, type Theme } from './theme.ts';
import { useKeys } from './use-keys.ts';
import { useSimulation } from './use-simulation.ts';
import { changedView, firstView, selectedId } from './view.ts';

/** The size of the terminal now, and a call whenever it changes. `current` gives the same object until then. */
export interface SizeSource {
  current(): Size;
  subscribe(listener: () => void): () => void;
}

export interface AppProps {
  readonly source: SnapshotSource;
  /** Simulated seconds per real second at the start. */
  readonly speed: number;
  readonly theme: Theme;
  readonly size: SizeSource;
  readonly exitWhenDone: boolean;
  readonly onEnd: (end: 'quit' | 'done' | 'interrupted') => void;
  readonly onError: (error: unknown) => void;
  /** The reader asks for all of the screen to be drawn anew. */
  readonly onRedraw: () => void;
}

/** The dashboard: what is looked at, what is pressed, and the simulation that is played. */
export function App({ source, speed, theme: firstTheme, size: sizeSource, exitWhenDone, onEnd, onError, onRedraw }: AppProps): ReactNode {
  const size = useSyncExternalStore(sizeSource.subscribe, sizeSource.current);
  const [first] = useState(() => source.snapshot(instrumentId(0)));
  const [view, setView] = useState(() => firstView(first));
  const [theme, setTheme] = useState(firstTheme);
  const simulation = useSimulation({ source, first, speed, selected: (snapshot) => selectedId(snapshot, view), onError });
  const { snapshot, playing } = simulation;

  useEffect(() => {
    if (exitWhenDone && playing.phase === 'done') onEnd('done');
  }, [exitWhenDone, playing.phase, onEnd]);

  const commands: Readonly<Record<Command, () => void>> = {
    quit: () => onEnd('quit'),
    interrupt: () => onEnd('interrupted'),
    pause: simulation.togglePause,
    step: simulation.step,
    second: () => simulation.advance(1),
    faster: () => simulation.changeSpeed('faster'),
    slower: () => simulation.changeSpeed('slower'),
    fastest: () => simulation.changeSpeed('fastest'),
    theme: () => setTheme(nextTheme),
    redraw: onRedraw,
  };

  // The listener stays one and the same, and asks here: taken anew after each frame it would lose a key that comes before it.
  const press = useRef<(input: string) => void>(() => {});
  press.current = (input) => {
    const layout = layoutOf(size, view, 0, 0).kind;
    const context: KeyContext = { phase: playing.phase, layout, zoomed: view.zoomed, help: view.help, why: view.why };
    for (const name of keyNames(input)) {
      const act = bindingOf(name, context)?.act;
      if (act === undefined) continue;
      if (typeof act === 'string') commands[act]();
      else setView((now) => changedView(now, act, snapshot));
    }
  };
  useKeys(useCallback((input: string) => press.current(input), []));

  return <Board snapshot={snapshot} view={view} playing={playing} theme={theme} size={size} />;
}
