/**
 * `npm test`: everything that must hold, from a fresh clone. Ends with the line `N passed, N failed`, in which
 * each check of the code itself counts as one test.
 *
 * Arguments go to vitest: `npm test -- test/core` runs those files alone, without the checks.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { runChecks } from './checks.ts';
import { provideChromium } from './chromium.ts';
import { obtainWorker } from './mediasoup-worker/obtain.ts';

const root = path.join(import.meta.dirname, '..');
const chosen = process.argv.slice(2);
const reports = mkdtempSync(path.join(tmpdir(), 'parley-test-'));
const report = path.join(reports, 'vitest.json');

const counts = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), success: z.boolean() });

try {
  const chromium = provideChromium();
  // A first build takes minutes, which no test should wait for.
  const worker = await obtainWorker({ say: console.log });
  if ('missing' in worker) throw new Error(worker.missing);
  const checks = chosen.length > 0 ? [] : runChecks();
  const vitest = spawnSync(
    path.join(root, 'node_modules/.bin/vitest'),
    ['run', ...chosen, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: 'inherit', env: { ...process.env, CHROMIUM_PATH: chromium } },
  );
  const tests = counts.parse(JSON.parse(readFileSync(report, 'utf8')));
  const failedChecks = checks.filter((check) => !check.passed);
  for (const { name } of failedChecks) console.log(`failed check: ${name}`);
  const passed = tests.numPassedTests + checks.length - failedChecks.length;
  // A file that could not even be loaded fails the run without failing a test.
  const brokenFiles = vitest.status !== 0 && tests.numFailedTests === 0 ? 1 : 0;
  const failed = tests.numFailedTests + failedChecks.length + brokenFiles;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
