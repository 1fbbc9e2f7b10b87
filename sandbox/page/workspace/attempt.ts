/** Makes a request that may fail: resolves with null when it did, after `report` got the sentence. */
export const createAttempt =
  (report: (sentence: string) => void) =>
  async <T>(request: Promise<T>): Promise<T | null> => {
    try {
      return await request;
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
