/** `npm run check`: types, lint, dead code and structure; exits 1 when any of them finds something. */
import { runChecks } from './checks.ts';

// The structure is held by a unit test, which `npm test` runs with the others.
const structure = { name: 'structure', command: ['vitest', 'run', 'test/architecture.test.ts'] };
process.exitCode = runChecks([structure]).every((check) => check.passed) ? 0 : 1;
