/** The waits after the first failed attempt, the second, and so on. A job has one attempt more than there are waits. */
export const RETRY_DELAYS_MS: readonly number[] = [2_000, 10_000, 30_000, 120_000, 600_000];
