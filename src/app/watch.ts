import type { InstrumentId } from '../core/units.ts';
import type { Simulation } from '../sim/simulation.ts';
import { takeSnapshot } from '../sim/take-snapshot.ts';
import type { Context } from './command.ts';
import { EXIT_CODES, openDashboard } from './dashboard/open-dashboard.tsx';
import type { SnapshotSource } from './dashboard/source.ts';
import { type ThemeName, themeOf } from './dashboard/theme.ts';

/** Shows a simulation in the dashboard until the reader leaves. Returns the exit code. */
export async function watch(
  simulation: Simulation,
  context: Context,
  options: { readonly speed: number; readonly theme: ThemeName },
): Promise<number> {
  const end = await openDashboard(sourceOf(simulation), {
    speed: options.speed,
    theme: themeOf(options.theme, context.colour),
    stdin: process.stdin,
    stdout: context.output.stdout,
  });
  return EXIT_CODES[end];
}

/** What the dashboard may do with a simulation: look, and let time pass. */
export function sourceOf(simulation: Simulation): SnapshotSource {
  return {
    snapshot: (selected: InstrumentId) => takeSnapshot(simulation, selected),
    advance: (seconds) => simulation.advance(simulation.nowSeconds + seconds),
    step: () => simulation.advance(simulation.scenario.durationSeconds, 1),
    get done() {
      return simulation.done;
    },
  };
}
