/** Resolves after this time, which keeps no process alive. */
export const pause = (ms: number): Promise<null> =>
  new Promise((resolve) => void setTimeout(() => resolve(null), ms).unref());
