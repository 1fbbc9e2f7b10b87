/** What Twilio takes from trial accounts, beside media streams and recordings. */
export const TRIAL = {
  /** Spoken first. */
  notice: 'You have a trial account. You can remove this message at any time by upgrading to a full account.',
  callMs: 600_000,
  /** Of one call: documents that lead to another. */
  redirects: 10,
  webhookTimeoutMs: 5_000,
} as const;
