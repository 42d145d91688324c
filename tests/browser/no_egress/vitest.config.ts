// Only for scripts/prove-no-egress, which sets up what whole_way.ts needs; the browser tests do not include it.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    include: ['tests/browser/no_egress/whole_way.ts'],
    environment: 'node',
    testTimeout: 120_000,
  },
});
