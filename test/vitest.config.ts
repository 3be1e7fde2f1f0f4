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
    // By default one core is left alone, which on two is half of the machine.
    maxWorkers: '100%',
  },
});
