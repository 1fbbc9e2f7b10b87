import twilio from 'twilio';
import type { CallInstruction } from '../core/ports.ts';
import { type Addresses, streamAddress } from './addresses.ts';

/** How sentences are spoken. Null leaves it to the account's settings. */
export interface Voice {
  /** As the vendor names it: `Polly.Amy-Neural`. */
  readonly name: string | null;
  /** BCP 47: `en-GB`. */
  readonly language: string | null;
}

export const DEFAULT_VOICE: Voice = { name: null, language: null };

/** What is said at once. The network refuses longer texts, and nobody listens to them. */
const MOST_CHARACTERS = 3_000;
/** Longer than any PIN; it is entered with # at its end. */
const MOST_DIGITS = 12;

const APOLOGY = 'Sorry, something went wrong on our side. Please try again later. Goodbye.';

/** What a telephone hears when Parley has no answer. */
export const apology = (voice: Voice): string =>
  hangUp({ next: 'hang-up', say: [APOLOGY] }, voice).toString();

/**
 * An answer as TwiML. `streamToken` goes with the sound that connects, and is used for `connect` alone. No address in
 * it is made of names or sentences.
 * @see https://www.twilio.com/docs/voice/twiml
 */
export const twimlOf = (
  answer: CallInstruction,
  parts: { readonly addresses: Addresses; readonly streamToken: string; readonly voice: Voice },
): string => {
  switch (answer.next) {
    case 'connect':
      return connect(answer, parts).toString();
    case 'wait':
      return wait(answer, parts).toString();
    case 'ask-pin':
      return askPin(answer, parts).toString();
    case 'hang-up':
      return hangUp(answer, parts.voice).toString();
  }
};

type AnswerOf<Next> = Extract<CallInstruction, { readonly next: Next }>;
type Response = InstanceType<typeof twilio.twiml.VoiceResponse>;

const connect = (
  { legId, say, url, broken }: AnswerOf<'connect'>,
  { addresses, streamToken, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  const sentences = speakable(say);
  if (sentences.length > 0) {
    const gather = response.gather({
      input: ['dtmf'],
      numDigits: 1,
      // Every key is an answer, # as well.
      finishOnKey: '',
      timeout: 1,
      action: addresses.key(legId),
      method: 'POST',
    });
    for (const sentence of sentences) gather.say(attributesOf(voice), sentence);
  }
  const stream = response.connect().stream({ url: streamAddress(url) });
  stream.parameter({ name: 'leg', value: legId });
  stream.parameter({ name: 'token', value: streamToken });
  // Reached when the sound broke off and the telephone is still there. The network hangs up when the last address does
  // not answer, so there is time before for Parley to be there again.
  for (const pauseMs of broken.pausesMs) {
    for (const sentence of speakable(broken.say)) response.say(attributesOf(voice), sentence);
    response.pause({ length: seconds(pauseMs) });
  }
  response.redirect({ method: 'POST' }, addresses.voice(legId, { noticePlayed: true, attempts: 0 }));
  return response;
};

const wait = (
  { legId, say, forMs, progress }: AnswerOf<'wait'>,
  { addresses, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  for (const sentence of speakable(say)) response.say(attributesOf(voice), sentence);
  response.pause({ length: seconds(forMs) });
  response.redirect({ method: 'POST' }, addresses.voice(legId, progress));
  return response;
};

/** The network pauses for whole ones. */
const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));

const askPin = (
  { say, attempt }: AnswerOf<'ask-pin'>,
  { addresses, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  const action = addresses.pin(attempt);
  const gather = response.gather({
    input: ['dtmf'],
    numDigits: MOST_DIGITS,
    finishOnKey: '#',
    timeout: 8,
    action,
    method: 'POST',
  });
  for (const sentence of speakable(say)) gather.say(attributesOf(voice), sentence);
  // Reached when nothing was entered, which counts as an attempt.
  response.redirect({ method: 'POST' }, action);
  return response;
};

const hangUp = ({ say }: AnswerOf<'hang-up'>, voice: Voice): Response => {
  const response = new twilio.twiml.VoiceResponse();
  for (const sentence of speakable(say)) response.say(attributesOf(voice), sentence);
  response.hangup();
  return response;
};

type SayAttributes = NonNullable<Parameters<Response['say']>[0]> & object;

const attributesOf = ({ name, language }: Voice): SayAttributes =>
  ({
    ...(name === null ? {} : { voice: name }),
    ...(language === null ? {} : { language }),
  }) as SayAttributes;

/** Sentences without what XML cannot hold (the builder throws on it), empty ones, and all beyond what is said at once. */
const speakable = (sentences: readonly string[]): readonly string[] => {
  let left = MOST_CHARACTERS;
  return sentences.flatMap((sentence) => {
    const said = sentence
      .replace(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
      .trim()
      .slice(0, left)
      .toWellFormed();
    left = Math.max(0, left - said.length);
    return said === '' ? [] : [said];
  });
};
