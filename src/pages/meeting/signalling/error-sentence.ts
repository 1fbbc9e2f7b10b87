import { RequestRefused } from '../../shared/request-channel.ts';
import { SOMETHING_WENT_WRONG } from '../sentences.ts';

/** Refusals whose sentence is written for people. The others are about the protocol, and people can do nothing. */
const CODES_FOR_PEOPLE: ReadonlySet<string> = new Set(['not-allowed', 'no-consent', 'full', 'failed']);

/** What to show for a failed request. What is not for people goes to the console. */
export const errorSentence = (
  error: unknown,
  codesForPeople: ReadonlySet<string> = CODES_FOR_PEOPLE,
): string => {
  if (error instanceof RequestRefused && codesForPeople.has(error.code)) return error.message;
  console.error(error);
  return SOMETHING_WENT_WRONG;
};

/** Of requests about a person or a phone, which may have left meanwhile. */
export const peerErrorSentence = (error: unknown): string =>
  errorSentence(error, new Set([...CODES_FOR_PEOPLE, 'not-found']));
