// Would a test notice? Stryker changes the TypeScript named here, one place at a time, and runs the tests that reach it. For scripts/mutate; its
// packages stand in this folder's own lock file, since nothing else needs them.
// The files are those that decide without a browser: what is filtered, sorted, marked and linked, and what containers and settings mean.

export default {
  packageManager: 'npm',
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tests/mutation/vitest.config.ts', related: false },
  mutate: (
    process.env.CSH_MUTATE ??
    [
      'web/src/state/activity.ts',
      'web/src/state/annotations.ts',
      'web/src/state/filter.ts',
      'web/src/state/known_good.ts',
      'web/src/state/link.ts',
      'web/src/state/rate.ts',
      'web/src/state/session_order.ts',
      'web/src/state/session_windows.ts',
      'web/src/state/visible_rows.ts',
      'web/src/engine/container.ts',
      'web/src/engine/crc32.ts',
      'web/src/engine/settings.ts',
      'web/src/engine/zone.ts',
    ].join(',')
  ).split(','),
  ignorePatterns: ['build', 'tests/golden', 'tests/corpus', 'tests/bench'],
  // Texts for people are not behaviour to be tested word by word.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  // What runs while a module is loaded belongs to every test: a twentieth of the changes would take seven eighths of the time.
  ignoreStatic: true,
  concurrency: Number(process.env.CSH_MUTATE_JOBS ?? 2),
  timeoutMS: 20_000,
  timeoutFactor: 10,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'build/stryker/report.json' },
  tempDirName: 'build/stryker/sandbox',
  thresholds: { high: 95, low: 85, break: 85 },
  disableTypeChecks: false,
};
