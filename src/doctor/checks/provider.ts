import { toAppError } from '../../core/error.ts';
import { type Finding, findings } from '../finding.ts';

/**
 * Tries something that Parley needs. `attempt` says what it found, and throws `AppError`, whose sentence is shown,
 * for what does not work.
 */
export const checkProvider = async (parts: {
  readonly name: string;
  readonly attempt: () => Promise<string>;
  readonly todo: string;
}): Promise<Finding> => {
  const tell = findings(parts.name);
  try {
    return tell.ok(await parts.attempt());
  } catch (error) {
    return tell.failed(toAppError(error).userMessage.replace(/\.$/, ''), parts.todo);
  }
};
