import type { Dispatch } from 'preact/hooks';
import type { PhoneSetting } from '../../phones/control/contract.ts';
import { createAttempt } from '../attempt.ts';
import { phonesClient } from './client.ts';
import type { PhonesAction } from './state.ts';

/** What a person does with a telephone. Each says it in a sentence when it could not be done, and answers false. */
export interface PhoneActions {
  readonly set: (number: string, setting: PhoneSetting) => Promise<boolean>;
  /** Rings `to`, with its sound here. */
  readonly call: (number: string, to: string) => Promise<boolean>;
  readonly answer: (number: string) => Promise<boolean>;
  /** Or refuses. */
  readonly hangUp: (number: string) => Promise<boolean>;
  readonly press: (number: string, key: string) => Promise<boolean>;
  readonly speakSample: (number: string, sample: string) => Promise<boolean>;
  readonly speakFile: (number: string, file: File) => Promise<boolean>;
  /** Answers with the recording's name; null when it could not be kept. */
  readonly keepRecording: (file: File) => Promise<string | null>;
  /** Takes over the sound of a telephone that is in a call. */
  readonly pickUp: (number: string) => void;
  readonly mute: (muted: boolean) => void;
}

export function createPhoneActions(parts: {
  readonly dispatch: Dispatch<PhonesAction>;
  readonly notify: (sentence: string) => void;
  readonly keySound: (key: string) => void;
}): PhoneActions {
  const { dispatch, notify, keySound } = parts;
  const attempt = createAttempt(notify);
  const done = async (work: Promise<unknown>): Promise<boolean> => (await attempt(work)) !== null;

  /** The telephone is in hand at once, so that its first sound is heard. */
  async function inHand(number: string, work: () => Promise<unknown>): Promise<boolean> {
    dispatch({ type: 'pick-up', number });
    const isDone = await done(work());
    if (!isDone) dispatch({ type: 'put-down', number });
    return isDone;
  }

  return {
    set: (number, setting) => done(phonesClient.set(number, setting)),
    call: (number, to) => inHand(number, () => phonesClient.call(number, to)),
    answer: (number) => inHand(number, () => phonesClient.answer(number)),
    hangUp: (number) => done(phonesClient.hangUp(number)),
    press: (number, key) => {
      keySound(key);
      return done(phonesClient.press(number, key));
    },
    speakSample: (number, sample) => done(phonesClient.speakSample(number, sample)),
    speakFile: (number, file) => done(phonesClient.speakFile(number, file)),
    keepRecording: async (file) => (await attempt(phonesClient.keepRecording(file)))?.name ?? null,
    pickUp: (number) => dispatch({ type: 'pick-up', number }),
    mute: (muted) => dispatch({ type: 'mute', muted }),
  };
}
