import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The fast suite: everything but `*.slow.test.ts`. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/**/*.slow.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 60_000,
    // Files run one after another on the modules of those before: nothing in src keeps a state that a test could leave behind, and loading
    // them anew for each file was a third of the suite's time.
    isolate: false,
    // By default one core is left alone, which on two is half of the machine.
    maxWorkers: '100%',
  },
});
