import type { AppError } from '../../src/core/error.ts';

/** The error that `work` rejects with. Rejects when it resolves. */
export const faultOf = async (work: Promise<unknown>): Promise<AppError> => {
  try {
    await work;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('did not reject');
};
