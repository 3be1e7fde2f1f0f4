import { join } from 'node:path';

/** What is said of a log: the run, and what it came to. */
export const manifestPath = (folder: string): string => join(folder, 'manifest.json');
/** Its records. */
export const eventsPath = (folder: string): string => join(folder, 'events.bin');
