import type { Finding } from './finding.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok     ',
  warning: 'note   ',
  failed: 'FAILED ',
  skipped: '–      ',
};

/** One finding for a terminal; what to do stands beneath. */
export const findingText = ({ check, state, said, todo }: Finding): string =>
  [`  ${MARKS[state]} ${check}: ${said}`, ...(todo === undefined ? [] : [`          → ${todo}`])].join('\n');

/** The last line. */
export const summaryText = (found: readonly Finding[]): string => {
  const failed = found.filter(({ state }) => state === 'failed').length;
  const warnings = found.filter(({ state }) => state === 'warning').length;
  const noted = warnings === 0 ? '' : ` ${counted(warnings, 'note')} above.`;
  if (failed > 0) return `${counted(failed, 'thing')} to mend: see FAILED above.${noted}`;
  return `Nothing to mend.${noted}`;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** 1 when something has to be mended. */
export const exitCode = (found: readonly Finding[]): 0 | 1 =>
  found.some(({ state }) => state === 'failed') ? 1 : 0;
