import twilio from 'twilio';
import type { CallInstruction } from '../core/ports.ts';
import { APOLOGY } from './sentences.ts';
import { streamUrl, type WebhookUrls } from './urls.ts';

/** How sentences are spoken. Null leaves it to the account's settings. */
export interface Voice {
  /** As the vendor names it: `Polly.Amy-Neural`. */
  readonly name: string | null;
  /** BCP 47: `en-GB`. */
  readonly language: string | null;
}

export const DEFAULT_VOICE: Voice = { name: null, language: null };

/** Spoken in one instruction. The network refuses longer texts. */
const MAX_CHARACTERS = 3_000;
/** Longer than any PIN, which ends with #. */
const MAX_DIGITS = 12;

/** For when the flows have no instruction. */
export const apology = (voice: Voice): string =>
  hangUp({ next: 'hang-up', say: [APOLOGY] }, voice).toString();

/** Presses keys, and asks at `url` what is next. @see https://www.twilio.com/docs/voice/twiml/play#digits */
export const pressKeys = (keys: string, url: string): string => {
  const response = new twilio.twiml.VoiceResponse();
  // Half a second of silence first, and then one key after the other.
  response.play({ digits: `w${keys}` });
  response.redirect({ method: 'POST' }, url);
  return response.toString();
};

/**
 * An instruction as TwiML. `streamToken` is used for `connect` alone. No URL in it is made of names or sentences.
 * @see https://www.twilio.com/docs/voice/twiml
 */
export const twimlOf = (
  instruction: CallInstruction,
  parts: { readonly urls: WebhookUrls; readonly streamToken: string; readonly voice: Voice },
): string => {
  switch (instruction.next) {
    case 'connect':
      return connect(instruction, parts).toString();
    case 'wait':
      return wait(instruction, parts).toString();
    case 'ask-pin':
      return askPin(instruction, parts).toString();
    case 'hang-up':
      return hangUp(instruction, parts.voice).toString();
  }
};

type InstructionOf<Next> = Extract<CallInstruction, { readonly next: Next }>;
type Response = InstanceType<typeof twilio.twiml.VoiceResponse>;

const connect = (
  { legId, say, url, broken, progress }: InstructionOf<'connect'>,
  { urls, streamToken, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  const sentences = speakable(say);
  if (sentences.length > 0) {
    const gather = response.gather({
      input: ['dtmf'],
      numDigits: 1,
      // Every key counts, # as well.
      finishOnKey: '',
      timeout: 1,
      action: urls.key(legId),
      method: 'POST',
    });
    for (const sentence of sentences) gather.say(attributesOf(voice), sentence);
  }
  const stream = response.connect().stream({
    url: streamUrl(url),
    statusCallback: urls.stream(legId, progress),
    statusCallbackMethod: 'POST',
  });
  stream.parameter({ name: 'leg', value: legId });
  stream.parameter({ name: 'token', value: streamToken });
  // Reached when the audio was lost and the phone is still there. The network hangs up when the redirect fails, so the
  // pauses give Parley time to restart.
  for (const pauseMs of broken.pausesMs) {
    for (const sentence of speakable(broken.say)) response.say(attributesOf(voice), sentence);
    response.pause({ length: seconds(pauseMs) });
  }
  response.redirect({ method: 'POST' }, urls.voice(legId, progress));
  return response;
};

const wait = (
  { legId, say, forMs, progress }: InstructionOf<'wait'>,
  { urls, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  for (const sentence of speakable(say)) response.say(attributesOf(voice), sentence);
  response.pause({ length: seconds(forMs) });
  response.redirect({ method: 'POST' }, urls.voice(legId, progress));
  return response;
};

/** The network pauses for whole seconds. */
const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));

const askPin = (
  { say, attempt }: InstructionOf<'ask-pin'>,
  { urls, voice }: Parameters<typeof twimlOf>[1],
): Response => {
  const response = new twilio.twiml.VoiceResponse();
  const action = urls.pin(attempt);
  const gather = response.gather({
    input: ['dtmf'],
    numDigits: MAX_DIGITS,
    finishOnKey: '#',
    timeout: 8,
    action,
    method: 'POST',
  });
  for (const sentence of speakable(say)) gather.say(attributesOf(voice), sentence);
  // Reached when nothing was entered, which is an attempt as well.
  response.redirect({ method: 'POST' }, action);
  return response;
};

const hangUp = ({ say }: InstructionOf<'hang-up'>, voice: Voice): Response => {
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

/** Without what XML cannot hold (the builder throws on it), without empty sentences, and cut at `MAX_CHARACTERS` in all. */
const speakable = (sentences: readonly string[]): readonly string[] => {
  let left = MAX_CHARACTERS;
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
