import * as fc from 'fast-check';
import { measureTalkTime } from '../../src/core/talk-time/measure.ts';
import { toTranscript } from '../../src/core/transcript/transcribe.ts';
import type { SpeakerNames, TranscribedWord, Transcription } from '../../src/core/transcription.ts';

/** A word of `channel:speaker` (`0:?` for none), as long as the test likes: one may stand for a whole speech. */
export const word = (voice: string, startMs: number, endMs: number, text = 'word'): TranscribedWord => {
  const [channel, speaker] = voice.split(':');
  return {
    text,
    startMs,
    endMs,
    confidence: null,
    channel: Number(channel),
    speaker: speaker === '?' ? null : Number(speaker),
  };
};

export const transcriptionOf = (durationMs: number, ...words: TranscribedWord[]): Transcription => ({
  durationMs,
  language: 'en',
  words,
  approximateSpeakers: false,
  remarks: [],
});

/** One word after the other, without gaps, each `wordMs` long. */
export const speech = (voice: string, startMs: number, wordMs: number, text: string): TranscribedWord[] =>
  text.split(' ').map((one, i) => word(voice, startMs + i * wordMs, startMs + (i + 1) * wordMs, one));

/** What an export is made of. */
export const exportInput = (from: Transcription, names: SpeakerNames = {}, title = 'Weekly review.mp3') => {
  const transcript = toTranscript(from, names);
  return {
    title,
    transcript,
    talkTime: measureTalkTime(transcript),
    recordedAtMs: Date.UTC(2026, 10, 22, 8, 5, 9),
  };
};

/** Up to 40 words of up to eight voices within a minute, with gaps and overlaps of every kind. */
export const anyTranscription = (options: {
  readonly missingSpeakers: boolean;
}): fc.Arbitrary<Transcription> =>
  fc
    .array(
      fc.record({
        // Few places, so that equal starts, equal ends and gaps of exactly 500 ms and 2 s do occur.
        startMs: fc.oneof(
          fc.nat(59_000),
          fc.nat(118).map((n) => n * 500),
        ),
        lengthMs: fc.oneof(
          fc.nat(4_000),
          fc.nat(8).map((n) => n * 500),
        ),
        channel: fc.nat(1),
        speaker: options.missingSpeakers ? fc.option(fc.nat(3)) : fc.nat(3),
      }),
      { maxLength: 40 },
    )
    .map((words) =>
      transcriptionOf(
        63_000,
        ...words.map(({ startMs, lengthMs, channel, speaker }, i) =>
          word(`${channel}:${speaker ?? '?'}`, startMs, startMs + lengthMs, `w${i}`),
        ),
      ),
    );
