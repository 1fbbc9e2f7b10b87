/**
 * The result of one check. `warning`: it works, but the admin should know something. `skipped`: it does not apply, or
 * could not be checked.
 */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** A sentence without its full stop. Holds no secret. */
  readonly message: string;
  /** What to do, in whole sentences. */
  readonly advice?: string;
}

/** What is wrong, and what to do about it. */
export type Problem = Required<Pick<Finding, 'message' | 'advice'>>;

/** Creates the findings of one check. */
export const findings = (check: string) => ({
  ok: (message: string): Finding => ({ check, state: 'ok', message }),
  warning: (problem: Problem): Finding => ({ check, state: 'warning', ...problem }),
  failed: (problem: Problem): Finding => ({ check, state: 'failed', ...problem }),
  skipped: (message: string): Finding => ({ check, state: 'skipped', message }),
});

export type Findings = ReturnType<typeof findings>;
