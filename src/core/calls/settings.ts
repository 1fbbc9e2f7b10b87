import { shorten, toSingleLine } from '../single-line.ts';
import type { CallSettings } from './types.ts';

/** The key with which whoever is on a telephone refuses to be recorded and transcribed. */
export const DECLINE_KEY = '9';

export const DEFAULT_SETTINGS: CallSettings = {
  notice:
    `Hello. {caller} is calling you through Parley. This call is recorded and turned into text. ` +
    `If you do not want that, press ${DECLINE_KEY} at any time; the call then goes on without it.`,
  callers: null,
  recordings: 'delete',
};

/** About three quarters of a minute when it is spoken: nobody listens for longer to a machine. */
export const MAX_NOTICE_LENGTH = 600;
const LONGEST_CALLER = 80;

/** What everybody on a telephone hears first, on one line. */
export const renderNotice = ({ notice }: CallSettings, callerName: string): string =>
  toSingleLine(notice).replaceAll(
    '{caller}',
    () => shorten(toSingleLine(callerName), LONGEST_CALLER) || 'Somebody',
  );

/** Why settings cannot be as they are, as a sentence; null when they can. */
export const checkSettings = ({ notice }: CallSettings): string | null => {
  if (toSingleLine(notice) === '') return 'Everybody on a telephone must hear a notice first. Write one.';
  if (notice.length > MAX_NOTICE_LENGTH) {
    return `The notice is too long to be listened to. Make it ${MAX_NOTICE_LENGTH} characters at most.`;
  }
  // They would have a right that nobody tells them of.
  return SAYS_DECLINE_KEY.test(notice)
    ? null
    : `The notice must say that pressing ${DECLINE_KEY} refuses the recording. Write the key as “${DECLINE_KEY}”.`;
};

const SAYS_DECLINE_KEY = new RegExp(`(?<!\\d)${DECLINE_KEY}(?!\\d)`);
