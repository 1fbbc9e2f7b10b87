import type { Finding } from './finding.ts';
import { REPORT } from './sentences.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok     ',
  warning: 'note   ',
  failed: 'FAILED ',
  skipped: '–      ',
};

/** One finding for a terminal, with the advice below. */
export const findingText = ({ check, state, message, advice }: Finding): string =>
  [`  ${MARKS[state]} ${check}: ${message}`, ...(advice === undefined ? [] : [`          → ${advice}`])].join(
    '\n',
  );

/** The last line. */
export const summaryText = (found: readonly Finding[]): string => {
  const failed = found.filter(({ state }) => state === 'failed').length;
  const warnings = found.filter(({ state }) => state === 'warning').length;
  const summary = failed > 0 ? REPORT.problems(failed) : REPORT.allPassed;
  return warnings === 0 ? summary : `${summary} ${REPORT.notes(warnings)}`;
};

/** 1 when a check failed. */
export const exitCode = (found: readonly Finding[]): 0 | 1 =>
  found.some(({ state }) => state === 'failed') ? 1 : 0;
