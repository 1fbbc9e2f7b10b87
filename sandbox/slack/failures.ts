import type { FailureMode } from '../control.ts';
import { ControlError } from './errors.ts';

/** What can go wrong on purpose. Each is something the real Slack, or the way to it, does now and then. */
export const FAILURES = {
  'rate-limit-posts': 'chat.postMessage and chat.update answer 429 with Retry-After: 1',
  'rate-limit-history': 'conversations.history and .replies allow one call a minute, as for unlisted apps',
  'api-500': 'every Web API call answers HTTP 500',
  'api-error': 'every Web API call answers ok: false with internal_error',
  'api-hang': 'Web API calls are taken and never answered',
  'lose-acks':
    'chat.postMessage, chat.update and files.completeUploadExternal do their work, then the connection drops without an answer',
  'slow-downloads': 'files are sent at 64 KiB a second',
  'cut-downloads': 'a download breaks off half way',
  'download-login-page': 'downloads answer 200 with an HTML login page, whatever the token',
  'files-deleted-after-post': 'files that people post are deleted as soon as the message is out',
  'missing-files-scope': 'the token lacks files:read: missing_scope, and downloads lead to the login page',
  'connect-files':
    'files in events are Slack Connect stubs (file_access: check_file_info) without name or address',
  'bot-not-in-channel': 'the Web API answers not_in_channel in every channel, as after the bot was removed',
  'duplicate-events': 'every event is delivered twice, with the same event_id',
  'unacked-events': 'the first acknowledgement of an event gets lost, so that Slack sends it again',
  'socket-drop':
    'Socket Mode connections break without a word, at once and then three seconds after each connect',
  'slow-digest': 'an uploaded file takes five seconds, instead of a moment, until its mimetype is set',
} as const;

type SlackFailure = keyof typeof FAILURES;

export interface Failures<Name extends string = SlackFailure> {
  /** Whether this fault is to happen now; counts down a mode that was switched on for a number of times. */
  strikes(name: Name): boolean;
  /** Whether the mode is on, without using it up. */
  isOn(name: Name): boolean;
  /** All there are. */
  known(): { name: string; description: string }[];
  /** As they were given: `api-500`, or `api-500:3` for the next three times. */
  active(): FailureMode[];
  /** Replaces all modes. Throws `ControlError` for a name that does not exist. */
  set(modes: readonly string[]): void;
  onChange(listener: () => void): void;
}

/** One set of switches for as many stand-ins as are named: `known` says what each mode does. */
export const createFailures = <Name extends string>(
  known: Readonly<Record<Name, string>>,
): Failures<Name> => {
  const remaining = new Map<Name, number>();
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    strikes: (name) => {
      const left = remaining.get(name);
      if (left === undefined) return false;
      if (left === Number.POSITIVE_INFINITY) return true;
      if (left > 1) remaining.set(name, left - 1);
      else remaining.delete(name);
      changed();
      return true;
    },
    isOn: (name) => remaining.has(name),
    known: () => Object.entries<string>(known).map(([name, description]) => ({ name, description })),
    active: () =>
      [...remaining].map(([name, left]) => (left === Number.POSITIVE_INFINITY ? name : `${name}:${left}`)),
    set: (modes) => {
      const parsed = modes.map((mode) => parseMode(known, mode));
      remaining.clear();
      for (const [name, times] of parsed) remaining.set(name, times);
      changed();
    },
    onChange: (listener) => void listeners.push(listener),
  };
};

const parseMode = <Name extends string>(
  known: Readonly<Record<Name, string>>,
  mode: string,
): [Name, number] => {
  const [name = '', times] = mode.split(':');
  if (!Object.hasOwn(known, name)) {
    throw new ControlError(
      400,
      `There is no failure mode "${name}". Known: ${Object.keys(known).join(', ')}.`,
    );
  }
  if (times !== undefined && !/^[1-9]\d{0,5}$/.test(times)) {
    throw new ControlError(400, `"${mode}" should end in how many times it strikes, as in "${name}:3".`);
  }
  return [name as Name, times === undefined ? Number.POSITIVE_INFINITY : Number(times)];
};
