import type { ConversationId, FileId } from '../../../src/core/ids.ts';
import { measureTalkTime } from '../../../src/core/talk-time/measure.ts';
import type { ResultMessage } from '../../../src/core/thread-message.ts';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { SpeakerNames, TranscribedWord, Transcription } from '../../../src/core/transcription.ts';

/** An image of one pixel. */
export const PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

/** What voice `speaker` says from `startMs` on, a word every 300 ms. */
export const says = (speaker: number, startMs: number, text: string): TranscribedWord[] =>
  text.split(' ').map((word, index) => ({
    text: word,
    startMs: startMs + index * 300,
    endMs: startMs + index * 300 + 250,
    confidence: 0.9,
    channel: 0,
    speaker,
  }));

const heardOf = (words: readonly TranscribedWord[], more: Partial<Transcription> = {}): Transcription => ({
  durationMs: words.reduce((end, word) => Math.max(end, word.endMs), 0) + 1_000,
  language: 'en',
  words,
  approximateSpeakers: false,
  remarks: [],
  ...more,
});

export const SHORT = [
  ...says(0, 500, 'Good morning everyone. Shall we begin?'),
  ...says(1, 3_400, 'Yes please. I have the numbers here.'),
  ...says(0, 7_000, 'Then go ahead.'),
];

export const resultOf = (
  words: readonly TranscribedWord[],
  more: { names?: SpeakerNames; heard?: Partial<Transcription>; message?: Partial<ResultMessage> } = {},
): ResultMessage => {
  const transcript = toTranscript(heardOf(words, more.heard), more.names ?? {});
  return {
    kind: 'result',
    conversationId: 'conversation-1' as ConversationId,
    title: 'weekly.mp3',
    transcript,
    talkTime: measureTalkTime(transcript),
    chart: { fileId: 'F1' as FileId, altText: 'Pie chart of talk time' },
    ...more.message,
  };
};
