/**
 * What one check found. `warning`: it works, and something about it should be known. `skipped`: it does not apply
 * here, or could not be tried.
 */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, as a sentence without its full stop. Holds no secret. */
  readonly said: string;
  /** What to do about it, as whole sentences. */
  readonly todo?: string;
}

/** Makes the findings of one check. */
export const findings = (check: string) => ({
  ok: (said: string): Finding => ({ check, state: 'ok', said }),
  warning: (said: string, todo: string): Finding => ({ check, state: 'warning', said, todo }),
  failed: (said: string, todo: string): Finding => ({ check, state: 'failed', said, todo }),
  skipped: (said: string): Finding => ({ check, state: 'skipped', said }),
});
