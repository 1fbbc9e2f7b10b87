import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Clock, LiveOptions, SpeechCaption } from '../../core/ports.ts';
import { parseResponse } from '../response.ts';
import { wavHeader } from '../wav.ts';
import type { Captions } from './captions.ts';
import { isTransient } from './refusal.ts';
import type { ReplayBuffer } from './replay-buffer.ts';
import type { SharedParts } from './shared.ts';
import { type Asked, type EngineWord, listenUrl } from './wire.ts';

/**
 * Transcribes audio that is left when a stream closes as a recording: ten minutes of it take seconds, where a live stream
 * takes eight minutes. As a WAV file, since the engine takes a format in the request for live audio only.
 * @throws when the engine does not transcribe it, after a few attempts
 */
const transcribeLeftover = async (
  pieces: readonly Buffer[],
  options: {
    readonly url: URL;
    readonly audio: LiveOptions['audio'];
    readonly apiKey: string;
    readonly createConnection: (() => Duplex) | undefined;
    /** For all attempts together. */
    readonly timeoutMs: number;
    readonly clock: Clock;
  },
): Promise<readonly EngineWord[]> => {
  const { clock } = options;
  const signal = clock.timeoutSignal(options.timeoutMs);
  for (let attempt = 1; ; attempt += 1) {
    const { status, body } = await post(pieces, options, signal).catch((error: unknown) => {
      if (signal.aborted || attempt === MAX_ATTEMPTS) throw error;
      return { status: null, body: '' };
    });
    if (status === 200) return wordsOf(body);
    if (status !== null && !isTransient(status)) throw new Error(`leftover audio refused: ${status}`);
    if (attempt === MAX_ATTEMPTS) throw new Error(`leftover audio not transcribed: ${status}`);
    await clock.sleep(RETRY_AFTER_MS * attempt, signal);
  }
};

const MAX_ATTEMPTS = 4;
const RETRY_AFTER_MS = 1_000;
/** Ten minutes of words have some 300 kB. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

const post = (
  pieces: readonly Buffer[],
  { url, audio, apiKey, createConnection }: Parameters<typeof transcribeLeftover>[1],
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const header = wavHeader(audio, sizeBytes);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(
    url,
    {
      method: 'POST',
      headers: {
        authorization: `Token ${apiKey}`,
        'content-type': 'audio/wav',
        'content-length': header.length + sizeBytes,
      },
      signal,
      agent: false,
      ...(createConnection && { createConnection }),
    },
    (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_RESPONSE_BYTES) request.destroy(new Error('the response is too long'));
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    },
  );
  request.on('error', reject);
  for (const piece of [header, ...pieces]) request.write(piece);
  request.end();
  return promise;
};

const wordsOf = (body: string): readonly EngineWord[] => {
  const response = parseResponse(JSON.parse(body), {
    hearing: 'mixed',
    approximateSpeakers: false,
    remarks: [],
  });
  if (response === null) throw new Error('leftover audio: unreadable response');
  return response.transcription.words.map(({ text, confidence, blankBefore, startMs, endMs }) => ({
    text,
    confidence,
    ...(blankBefore === undefined ? {} : { blankBefore }),
    startS: startMs / 1_000,
    endS: endMs / 1_000,
  }));
};

/** A longer silence ends a caption. */
const PAUSE_S = 0.8;
const MAX_WORDS = 40;
const ENDS_SENTENCE = /[.!?。！？…]["'”’)\]]*$/u;
const MIN_SENTENCE_WORDS = 12;

/** Words in groups such as live captions have: a sentence or two, and none over a pause. */
const inCaptions = (words: readonly EngineWord[]): readonly (readonly EngineWord[])[] => {
  const groups: EngineWord[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isFull =
      last === undefined ||
      word.startS - last.endS > PAUSE_S ||
      group!.length >= MAX_WORDS ||
      (group!.length >= MIN_SENTENCE_WORDS && ENDS_SENTENCE.test(last.text));
    if (isFull) groups.push([word]);
    else group!.push(word);
  }
  return groups;
};

/** Has the buffered audio from a position on transcribed as a recording, and `emit`s it as finals. False when it fails. */
export const captionLeftover = async (
  {
    from,
    buffer,
    captions,
  }: { readonly from: number; readonly buffer: ReplayBuffer; readonly captions: Captions },
  asked: Asked,
  { apiKey, baseUrl, clock, counters, createConnection, log, timings }: SharedParts,
  emit: (caption: SpeechCaption | null) => void,
): Promise<boolean> => {
  const { audio } = asked.live;
  const { end } = buffer;
  const leftMs = Math.round(((end - from) * 1_000) / audio.sampleRateHz);
  const words = await transcribeLeftover(buffer.audioFrom(from), {
    url: listenUrl(baseUrl, asked),
    audio,
    apiKey,
    createConnection,
    timeoutMs: timings.leftoverTimeoutMs,
    clock,
  }).catch((error: unknown) => {
    log.error({ err: error, leftMs }, 'speech: live audio was not transcribed');
    return null;
  });
  if (words === null) return false;
  for (const group of inCaptions(words)) {
    const results = { startS: group[0]!.startS, endS: group.at(-1)!.endS, isFinal: true, words: group };
    emit(captions.apply(results, from, end));
  }
  emit(captions.settle(end));
  counters.leftoverMs += leftMs;
  return true;
};
