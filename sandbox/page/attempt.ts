/** Does what may fail: answers null when it did, after saying so in a sentence. */
export const createAttempt =
  (say: (sentence: string) => void) =>
  async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
