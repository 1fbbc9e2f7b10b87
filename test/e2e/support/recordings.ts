import { responseWith } from '../../../sandbox/engine/scripted/response.ts';
import { wavOf } from '../../../scripts/wav.ts';

/** A recording that the scripted engine recognizes by its length, so that every result is different. */
export interface NumberedRecording {
  readonly number: number;
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether its transcript is too long for a message. */
  readonly long: boolean;
  /** A word that is in no other recording. */
  readonly uniqueWord: string;
}

/** Far more than the 13,000 characters of a message. */
const LONG_WORDS = 3_000;
const SILENCE_BYTES = 3_200;

export const numberedRecording = (number: number, { long = false } = {}): NumberedRecording => ({
  number,
  long,
  name: `talk-${number}.wav`,
  uniqueWord: uniqueWord(number),
  bytes: wavOf(Buffer.alloc(SILENCE_BYTES + 4 * number + (long ? 2 : 0)), {
    sampleRateHz: 16_000,
    channels: 1,
  }),
});

const uniqueWord = (number: number): string => `zebra${number}x`;

/** The response of `/v1/listen` to a body of so many bytes. */
export const transcriptionOf = (contentLength: number): unknown => {
  const extraBytes = contentLength - numberedRecording(0).bytes.length;
  const word = uniqueWord(Math.floor(extraBytes / 4));
  const count = extraBytes % 4 === 0 ? 4 : LONG_WORDS;
  return responseWith({
    durationMs: count * 400 + 1_000,
    language: 'en',
    channels: [
      Array.from({ length: count }, (_, at) => ({
        word,
        punctuated: at % 8 === 7 ? `${word}.` : word,
        startMs: at * 400,
        endMs: at * 400 + 300,
        speaker: Math.floor(at / 8) % 2,
      })),
    ],
  });
};
