const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 5_000;

/**
 * How long to wait before reconnecting, by the number of attempts so far: doubling, with jitter (`random` is 0 to 1),
 * so that a restarted server is not met by all pages at once.
 */
export const reconnectDelayMs = (attempts: number, random: number): number => {
  const longestMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts);
  return Math.round(longestMs * (0.5 + random / 2));
};
