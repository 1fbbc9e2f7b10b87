import { DECLINE_KEY } from '../../core/calls/spoken.ts';
import { EXAMPLE_NUMBER, NUMBER_HINT } from './common.ts';

export const OWN_NUMBER = {
  title: 'Your phone number',
  intro: 'Parley calls this number first when you choose “Use my phone”, and when teammates call you.',
  label: 'Phone number',
  hint: `${NUMBER_HINT} Leave it empty to remove your number.`,
  none: (command: string): string =>
    `You haven’t saved a number. Save it with “${command} my number ${EXAMPLE_NUMBER}”.`,
  shown: (number: string): string => `Your number is ${number}. “Use my phone” calls it first.`,
  saved: (number: string): string => `Saved. Your number is ${number}. “Use my phone” calls it first.`,
  removed: 'Your number was removed.',
} as const;

export const CALL_SETTINGS = {
  title: 'Call settings',
  notice: 'Recording notice',
  noticeHint:
    `Played to everyone on the phone. Must mention recording and “press ${DECLINE_KEY}” to decline. ` +
    '{caller} becomes the caller’s name.',
  noticeMissing: 'Write a recording notice. People on the phone must know that they’re recorded.',
  whoCanCall: 'Who can call?',
  everyone: 'Everyone in the workspace',
  selected: 'Only the people selected below',
  callers: 'People who can call',
  callersPlaceholder: 'Select people',
  callersMissing: 'Select at least one person, or let everyone call.',
  afterwards: 'After transcription',
  delete: 'Delete the recording',
  keep: 'Keep it in Twilio',
} as const;
