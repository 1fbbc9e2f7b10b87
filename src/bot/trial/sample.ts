import type { ConversationId, FileId } from '../../core/ids.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import type { ResultMessage } from '../../core/thread-message.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import { TRIAL } from '../sentences/trial.ts';

/** Slack's limit for the text of an edit, counted after escaping. */
const TEXT_MAX = 4_000;

/** Japanese of exactly that length, in which Slack must read three entities again and again. */
export const LONG_TEXT = ((): string => {
  const part = '会議の記録&amp;字幕&lt;東京&gt;';
  return part.repeat(Math.floor(TEXT_MAX / part.length)).padEnd(TEXT_MAX, '録');
})();

/** An image of one pixel. */
export const CHART = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A file of some kilobytes, to be shared and downloaded. */
export const FILE = Buffer.from(`${TRIAL.fileLine}\n`.repeat(200));

const WORD_MS = 250;
const WORDS = 600;
/** A speaker changes after so many words. */
const TURN = 40;

/** A result as large as Parley makes them: more transcript than a message holds, eight speakers, a chart. */
export const sampleResult = (chartId: FileId | null): ResultMessage => {
  const transcript = toTranscript(
    {
      durationMs: (WORDS + 1) * WORD_MS,
      language: 'en',
      words: Array.from({ length: WORDS }, (_, index) => ({
        text: index % TURN === TURN - 1 ? 'everyone?' : 'transcribed',
        startMs: index * WORD_MS,
        endMs: (index + 1) * WORD_MS - 20,
        confidence: 0.9,
        channel: 0,
        speaker: Math.floor(index / TURN) % 8,
      })),
      approximateSpeakers: true,
      remarks: [],
    },
    {},
  );
  return {
    kind: 'result',
    conversationId: 'trial' as ConversationId,
    title: TRIAL.title,
    transcript,
    talkTime: measureTalkTime(transcript),
    chart: chartId === null ? null : { fileId: chartId, altText: TRIAL.chart },
  };
};
