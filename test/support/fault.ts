import type { AppError } from '../../src/core/error.ts';

/** What this fails with; a fault of its own when it does not fail. */
export const faultOf = async (work: Promise<unknown>): Promise<AppError> => {
  try {
    await work;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('nothing was thrown');
};
