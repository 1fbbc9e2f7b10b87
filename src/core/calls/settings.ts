import { shorten, toLine } from '../line.ts';
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
export const LONGEST_NOTICE = 600;
const LONGEST_CALLER = 80;

/** What everybody on a telephone hears first, on one line. */
export const noticeFor = ({ notice }: CallSettings, callerName: string): string =>
  notice.replaceAll('{caller}', () => shorten(toLine(callerName), LONGEST_CALLER) || 'Somebody');

/** Settings as they are to be kept, or why they cannot be, as a sentence. */
export const understandSettings = (
  settings: CallSettings,
): { readonly settings: CallSettings } | { readonly refused: string } => {
  const notice = toLine(settings.notice);
  if (notice === '') return { refused: 'Everybody on a telephone must hear a notice first. Write one.' };
  if (notice.length > LONGEST_NOTICE) {
    return {
      refused: `The notice is too long to be listened to. Make it ${LONGEST_NOTICE} characters at most.`,
    };
  }
  if (!new RegExp(`(?<!\\d)${DECLINE_KEY}(?!\\d)`).test(notice)) {
    return {
      refused: `The notice must say that pressing ${DECLINE_KEY} refuses the recording. Write the key as “${DECLINE_KEY}”.`,
    };
  }
  const callers = settings.callers === null ? null : [...new Set(settings.callers)];
  return { settings: { notice, callers, recordings: settings.recordings } };
};
