import { type Instance, render } from 'ink';
import { App, type AppProps } from './app.tsx';

/**
 * Starts Ink on a stream of frames. In its mode `debug` each write is one whole frame, whatever `CI` says; keys, signals and
 * the console are left to the caller.
 */
export function mount(props: AppProps, stdin: NodeJS.ReadStream, frames: NodeJS.WriteStream): Instance {
  return render(<App {...props} />, { stdin, stdout: frames, debug: true, exitOnCtrlC: false, patchConsole: false });
}
