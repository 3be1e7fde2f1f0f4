import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The slow suite: long fuzz runs and statistics, `npm run test:slow`. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.slow.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    testTimeout: 900_000,
  },
});
