import { responseWith } from '../../../sandbox/engine/scripted/response.ts';
import { wavOf } from '../../../scripts/wav.ts';

/** A recording that the scripted engine knows by its length, so that every result can be told from every other. */
export interface NumberedRecording {
  readonly number: number;
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether its transcript is too long for a message. */
  readonly long: boolean;
  /** A word that nobody says in any other recording. */
  readonly ownWord: string;
}

/** Far more than the 13,000 characters that a message takes. */
const LONG_WORDS = 3_000;
const SILENCE_BYTES = 3_200;

export const numberedRecording = (number: number, { long = false } = {}): NumberedRecording => ({
  number,
  long,
  name: `talk-${number}.wav`,
  ownWord: ownWord(number),
  bytes: wavOf(Buffer.alloc(SILENCE_BYTES + 4 * number + (long ? 2 : 0)), {
    sampleRateHz: 16_000,
    channels: 1,
  }),
});

const ownWord = (number: number): string => `zebra${number}x`;

/** What the engine hears in a body of so many bytes, as `/v1/listen` says it. */
export const heardIn = (contentLength: number): unknown => {
  const beyond = contentLength - numberedRecording(0).bytes.length;
  const word = ownWord(Math.floor(beyond / 4));
  const count = beyond % 4 === 0 ? 4 : LONG_WORDS;
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
