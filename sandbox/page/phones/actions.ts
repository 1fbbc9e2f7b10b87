import type { Dispatch } from 'preact/hooks';
import type { PhoneSetting } from '../../phones/control/contract.ts';
import { createAttempt } from '../workspace/attempt.ts';
import { phonesClient } from './client.ts';
import type { PanelAction } from './state.ts';

/** What the visitor does with a phone. Each resolves with false after a failure, which it has shown as a notice. */
export interface PhoneActions {
  readonly set: (number: string, setting: PhoneSetting) => Promise<boolean>;
  /** Calls `to` from this phone, which becomes active. */
  readonly call: (number: string, to: string) => Promise<boolean>;
  readonly answer: (number: string) => Promise<boolean>;
  /** Declines a call that still rings. */
  readonly hangUp: (number: string) => Promise<boolean>;
  readonly press: (number: string, key: string) => Promise<boolean>;
  readonly speakSample: (number: string, sample: string) => Promise<boolean>;
  readonly speakFile: (number: string, file: File) => Promise<boolean>;
  /** Resolves with the recording's name, or null after a failure. */
  readonly saveRecording: (file: File) => Promise<string | null>;
  /** Moves the audio of a phone that is in a call to this page. */
  readonly activate: (number: string) => void;
  readonly mute: (muted: boolean) => void;
}

export function createPhoneActions(parts: {
  readonly dispatch: Dispatch<PanelAction>;
  readonly notify: (sentence: string) => void;
  readonly playKey: (key: string) => void;
}): PhoneActions {
  const { dispatch, notify, playKey } = parts;
  const attempt = createAttempt(notify);
  const done = async (request: Promise<unknown>): Promise<boolean> => (await attempt(request)) !== null;

  /** The phone is active before its call begins, so that no audio is lost. */
  async function withActive(number: string, request: () => Promise<unknown>): Promise<boolean> {
    dispatch({ type: 'activate', number });
    const isDone = await done(request());
    if (!isDone) dispatch({ type: 'deactivate', number });
    return isDone;
  }

  return {
    set: (number, setting) => done(phonesClient.set(number, setting)),
    call: (number, to) => withActive(number, () => phonesClient.call(number, to)),
    answer: (number) => withActive(number, () => phonesClient.answer(number)),
    hangUp: (number) => done(phonesClient.hangUp(number)),
    press: (number, key) => {
      playKey(key);
      return done(phonesClient.press(number, key));
    },
    speakSample: (number, sample) => done(phonesClient.speakSample(number, sample)),
    speakFile: (number, file) => done(phonesClient.speakFile(number, file)),
    saveRecording: async (file) => (await attempt(phonesClient.saveRecording(file)))?.name ?? null,
    activate: (number) => dispatch({ type: 'activate', number }),
    mute: (muted) => dispatch({ type: 'mute', muted }),
  };
}
