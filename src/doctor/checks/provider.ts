import { toAppError } from '../../core/error.ts';
import { type Finding, findings } from '../finding.ts';
import { PROVIDER } from '../sentences.ts';

/** Tries a provider. `attempt` returns what it found, and throws `AppError`, whose sentence is shown. */
export const checkProvider = async (options: {
  readonly name: string;
  readonly attempt: () => Promise<string>;
  readonly advice: string;
}): Promise<Finding> => {
  const result = findings(options.name);
  try {
    return result.ok(await options.attempt());
  } catch (error) {
    return result.failed(PROVIDER.failed(toAppError(error).userMessage, options.advice));
  }
};
