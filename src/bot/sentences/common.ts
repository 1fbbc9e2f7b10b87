import type { ErrorCode } from '../../core/error.ts';

/** `1 turn`, `2 turns`. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Shown for a name that is empty. */
export const NAMELESS = 'Someone';

export const UNTITLED = { recording: 'Recording', meeting: 'Meeting', call: 'Call' } as const;

export const BUTTONS = {
  cancel: 'Cancel',
  close: 'Close',
  join: 'Join',
  next: 'Next',
  save: 'Save',
  start: 'Start',
  tryAgain: 'Try again',
} as const;

/** How a phone number is written, for hints. */
export const EXAMPLE_NUMBER = '+44 20 7946 0000';
export const NUMBER_HINT = `Include the country code, e.g. ${EXAMPLE_NUMBER}.`;

export const CHANNEL_FIELD = {
  label: 'Channel',
  placeholder: 'Select a channel',
  missing: 'Select a channel.',
} as const;
export const SELECT_PERSON = 'Select a person';

export const TOO_SLOW_TO_OPEN = 'This is taking longer than usual. Close this and click again.';
export const TOO_SLOW_TO_SAVE = 'Still saving. Reopen this in a minute to check before trying again.';

/** Why a result is not in its thread, for parentheses. */
export const undeliveredReason = (code: ErrorCode): string => {
  switch (code) {
    case 'channel-archived':
      return 'the channel is archived';
    case 'not-in-channel':
      return 'Parley is no longer in the channel';
    case 'recording-gone':
      return 'the original message was deleted';
    default:
      return 'Slack refused it';
  }
};
