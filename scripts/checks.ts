import { spawnSync } from 'node:child_process';
import path from 'node:path';

interface Check {
  readonly name: string;
  /** A tool of `node_modules/.bin` and its arguments. */
  readonly command: readonly string[];
}

const root = path.join(import.meta.dirname, '..');

const CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of the workspace page', command: ['tsc', '-p', 'sandbox/page'] },
  { name: 'types of the pages', command: ['tsc', '-p', 'src/pages'] },
  { name: 'lint and format', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  {
    name: 'promises',
    command: ['oxlint', '--type-aware', '--deny-warnings', 'src', 'sandbox', 'scripts', 'test', 'bench'],
  },
  { name: 'dead code', command: ['knip'] },
];

/** Runs every check, with its output on the terminal, whatever the earlier ones found. */
export const runChecks = (more: readonly Check[] = []): { name: string; passed: boolean }[] =>
  [...CHECKS, ...more].map(({ name, command: [tool = '', ...args] }) => {
    console.log(`\n— ${name}`);
    const startedMs = performance.now();
    const { status } = spawnSync(path.join(root, 'node_modules/.bin', tool), args, {
      cwd: root,
      stdio: 'inherit',
    });
    console.log(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return { name, passed: status === 0 };
  });
