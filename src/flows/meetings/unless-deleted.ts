import { toAppError } from '../../core/error.ts';

/**
 * Shows something in a thread or a channel. A message that somebody deleted stays deleted: what it would show is not
 * missed by anybody, and nothing that comes after it waits for it.
 */
export const unlessDeleted = async (show: () => Promise<unknown>): Promise<void> => {
  try {
    await show();
  } catch (error) {
    if (toAppError(error).code !== 'recording-gone') throw error;
  }
};
