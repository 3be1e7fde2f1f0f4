import { colourLevel } from '../../src/app/colour.ts';
import { EXIT_CODES, openDashboard } from '../../src/app/dashboard/open-dashboard.tsx';
import { themeOf } from '../../src/app/dashboard/theme.ts';
import { scriptedSource } from './scripted-source.ts';

/**
 * A program with the dashboard over a scripted source, to be bundled and run on a pseudo-terminal. Arguments: the horizon in
 * simulated seconds, and `throw` to make the source fail at 2 seconds, `crash` to throw outside of it, `exit` to leave when done.
 */
const [horizon = '3600', mode = ''] = process.argv.slice(2);
const source = scriptedSource(Number(horizon), mode === 'throw' ? 2 : Number.POSITIVE_INFINITY);
const theme = themeOf('dark', colourLevel(process.env, process.stdout.isTTY));
const { stdin, stdout } = process;
if (mode === 'crash') {
  // Once it draws: on a busy machine that may take longer than any time set from the start.
  const write = stdout.write.bind(stdout);
  stdout.write = ((...words: Parameters<typeof write>) => {
    stdout.write = write;
    setTimeout(() => {
      throw new Error('crashed elsewhere');
    }, 500);
    return write(...words);
  }) as typeof stdout.write;
}
try {
  const end = await openDashboard(source, { speed: 10, theme, stdin, stdout, exitWhenDone: mode === 'exit' });
  console.log(`ended: ${end} at ${source.seconds.toFixed(0)} s`);
  process.exitCode = EXIT_CODES[end];
} catch (error) {
  console.log(`failed: ${String(error)}`);
  process.exitCode = 1;
}
