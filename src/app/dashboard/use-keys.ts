import { useStdin } from 'ink';
import { useEffect } from 'react';

/**
 * Calls back with each piece of input: a whole escape sequence, or text. Ink's own hook names keys first, and throws on keys that it has no
 * name for, such as ctrl with the menu key (`ESC [ 29 ; 5 ~`); here names are given by `keymap.ts`.
 */
export function useKeys(onInput: (input: string) => void): void {
  const { setRawMode, internal_eventEmitter: pieces } = useStdin();
  useEffect(() => {
    setRawMode(true);
    return () => setRawMode(false);
  }, [setRawMode]);
  useEffect(() => {
    pieces.on('input', onInput);
    return () => {
      pieces.off('input', onInput);
    };
  }, [pieces, onInput]);
}
