import { shorten, toSingleLine } from '../single-line.ts';
import { NOTICE_MISSING, NOTICE_WITHOUT_KEY, noticeTooLong } from './sentences.ts';
import { DECLINE_KEY, DEFAULT_NOTICE, UNNAMED_CALLER } from './spoken.ts';
import type { CallSettings } from './types.ts';

export const DEFAULT_SETTINGS: CallSettings = {
  notice: DEFAULT_NOTICE,
  callers: null,
  recordings: 'delete',
};

/** About three quarters of a minute when it is spoken. */
export const MAX_NOTICE_LENGTH = 600;
const MAX_CALLER_LENGTH = 80;

/** The notice as it is spoken, on one line. */
export const renderNotice = ({ notice }: CallSettings, callerName: string): string =>
  toSingleLine(notice).replaceAll('{caller}', () => spokenCaller(callerName));

export const spokenCaller = (name: string): string =>
  shorten(toSingleLine(name), MAX_CALLER_LENGTH) || UNNAMED_CALLER;

/** Why settings are invalid, as a sentence; null when they are valid. */
export const checkSettings = ({ notice }: CallSettings): string | null => {
  if (toSingleLine(notice) === '') return NOTICE_MISSING;
  if (notice.length > MAX_NOTICE_LENGTH) return noticeTooLong(MAX_NOTICE_LENGTH);
  return MENTIONS_DECLINE_KEY.test(notice) ? null : NOTICE_WITHOUT_KEY;
};

const MENTIONS_DECLINE_KEY = new RegExp(`(?<!\\d)${DECLINE_KEY}(?!\\d)`);
