/** Polls until the value is neither null, undefined nor false. Rejects after `timeoutMs`, with the last error. */
export const until = async <T>(
  read: () => T | Promise<T>,
  { timeoutMs = 120_000, everyMs = 50, what = 'the condition' } = {},
): Promise<NonNullable<Exclude<T, false>>> => {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await read();
      if (value !== null && value !== undefined && value !== false) {
        return value as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`, { cause: lastError });
};
