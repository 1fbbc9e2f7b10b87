/**
 * `npm test`: everything that must hold, from a fresh clone, stage by stage. Prints how long each stage took and ends
 * with the line `N passed, N failed`, in which each check of the code itself counts as one test.
 *
 * Arguments go to vitest: `npm test -- test/core` runs those files alone, without the checks.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { buildWorkspacePage } from '../sandbox/page/build.ts';
import { buildMeetingPage } from '../src/pages/build.ts';
import { obtainTools } from '../test/support/set-up.ts';
import { runChecks } from './checks.ts';

interface Stage {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly tookMs: number;
}

const root = path.join(import.meta.dirname, '..');
const counts = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

const runVitest = (args: readonly string[]): Pick<Stage, 'passed' | 'failed'> => {
  const reports = mkdtempSync(path.join(tmpdir(), 'parley-test-'));
  const report = path.join(reports, 'vitest.json');
  try {
    const { status } = spawnSync(
      path.join(root, 'node_modules/.bin/vitest'),
      ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      { cwd: root, stdio: 'inherit' },
    );
    const tests = counts.parse(JSON.parse(readFileSync(report, 'utf8')));
    // A file that cannot be loaded fails the run without failing a test.
    const brokenFiles = status !== 0 && tests.numFailedTests === 0 ? 1 : 0;
    return { passed: tests.numPassedTests, failed: tests.numFailedTests + brokenFiles };
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
};

const checks = (): Pick<Stage, 'passed' | 'failed'> => {
  const results = runChecks();
  for (const { name, passed } of results) if (!passed) console.log(`failed check: ${name}`);
  const passed = results.filter((check) => check.passed).length;
  return { passed, failed: results.length - passed };
};

const provide = async (): Promise<Pick<Stage, 'passed' | 'failed'>> => {
  await obtainTools();
  // Once, before forty programs that need them are started, some at the same time.
  await buildMeetingPage({ log: console });
  await buildWorkspacePage({ log: console });
  return { passed: 0, failed: 0 };
};

const stages: Stage[] = [];
const stage = async (
  name: string,
  run: () => Pick<Stage, 'passed' | 'failed'> | Promise<Pick<Stage, 'passed' | 'failed'>>,
): Promise<void> => {
  console.log(`\n— ${name}`);
  const startedMs = performance.now();
  const result = await run();
  stages.push({ name, ...result, tookMs: performance.now() - startedMs });
};

// These mostly wait: for audio in real time, for processes to start, for a browser.
const INTEGRATION_WORKERS = 4;
const E2E_WORKERS = 3;

const chosen = process.argv.slice(2);
if (chosen.length > 0) {
  await stage('chosen tests', () => runVitest(chosen));
} else {
  await stage('checks', checks);
  await stage('unit tests', () => runVitest(['--project=unit']));
  await stage('set-up', provide);
  await stage('integration tests', () =>
    runVitest(['--project=integration', `--maxWorkers=${INTEGRATION_WORKERS}`]),
  );
  await stage('end-to-end tests', () => runVitest(['--project=e2e', `--maxWorkers=${E2E_WORKERS}`]));
}

console.log('');
for (const { name, passed, failed, tookMs } of stages) {
  const seconds = `${Math.round(tookMs / 1000)} s`;
  console.log(`${name.padEnd(18)} ${seconds.padStart(6)}   ${passed} passed, ${failed} failed`);
}
const passed = stages.reduce((sum, each) => sum + each.passed, 0);
const failed = stages.reduce((sum, each) => sum + each.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
