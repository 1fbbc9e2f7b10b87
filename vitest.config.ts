import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: 'test/support/postgres-binaries.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Real databases, engines and browsers start in these tests, on machines with two busy cores. A limit says
    // that something hangs, never that it is slow: speed is bench's business.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
