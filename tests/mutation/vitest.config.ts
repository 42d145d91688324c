// The tests that Stryker runs: those that need neither engine nor browser.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0') },
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/web/page/*.test.ts', 'tests/web/{container,hunt_options,settings,unpack,zone}.test.ts'],
    exclude: ['tests/web/page/{case,pivot_kusto}.test.ts'],
    environment: 'node',
    // A mutant's run shares the machine with others.
    testTimeout: 600_000,
  },
});
