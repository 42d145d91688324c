// The tests in a real browser, against the built page (scripts/build page) as scripts/serve sends it. One file at a time: each starts a browser,
// and two would only wait for each other.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    // A browser starts in a second or two; on a busy machine it takes ten times that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // On a busy machine a browser now and then loses a tab, a message or a download, once in some thousand tests. What is the page's fault fails twice;
    // what passed only then is marked in the output.
    retry: 1,
    // A browser that answers no more fails each test that is left by its time alone, for hours.
    bail: 10,
    // Of the tests that may run side by side.
    maxConcurrency: 6,
  },
});
