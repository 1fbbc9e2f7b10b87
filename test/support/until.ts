/** Asks again and again until the answer is neither null, undefined nor false. Rejects after `timeoutMs`, with the last error. */
export const until = async <T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 50, what = 'the condition' } = {},
): Promise<NonNullable<Exclude<T, false>>> => {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`${what} did not come about within ${timeoutMs} ms`, { cause: lastError });
};
