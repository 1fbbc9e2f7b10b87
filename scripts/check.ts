/** `npm run check`: types, lint and dead code; exits 1 when any of them finds something. */
import { runChecks } from './checks.ts';

process.exitCode = runChecks().every((check) => check.passed) ? 0 : 1;
