/**
 * Runs `work` one at a time: a call while it runs leads to one more run, however many calls there were.
 * @param work must not reject
 */
export const coalesce = (work: () => Promise<void>): (() => void) => {
  let isRunning = false;
  let isCalledAgain = false;
  return function run() {
    if (isRunning) {
      isCalledAgain = true;
      return;
    }
    isRunning = true;
    void work().finally(() => {
      isRunning = false;
      if (!isCalledAgain) return;
      isCalledAgain = false;
      run();
    });
  };
};
