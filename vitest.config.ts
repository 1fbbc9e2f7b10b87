import { defineConfig } from 'vitest/config';

const INTEGRATION = 'test/**/*.integration.test.{ts,tsx}';
const E2E = 'test/e2e/**/*.test.ts';
const IMAGE = 'test/image/*.check.ts';

/** Real databases, engines and browsers: a limit says that something hangs, never that it is slow. */
const withRealParts = {
  globalSetup: 'test/support/set-up.ts',
  pool: 'forks',
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
} as const;

/** Building two images includes compiling the media worker. */
const IMAGE_LIMITS = { hookTimeout: 3_600_000 } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [INTEGRATION, E2E],
          // Most of a test file's time would be importing what the file before it has imported: one process for all
          // files of a worker. So a unit test leaves nothing behind: no patched global, no mocked module.
          isolate: false,
          // The same, so that a busy machine fails nothing.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 120_000 } },
        },
      },
      { extends: true, test: { name: 'integration', include: [INTEGRATION], ...withRealParts } },
      { extends: true, test: { name: 'e2e', include: [E2E], ...withRealParts } },
      // Minutes of downloads and copies: `npm run image:check`, not `npm test`.
      { extends: true, test: { name: 'image', include: [IMAGE], ...withRealParts, ...IMAGE_LIMITS } },
    ],
  },
});
