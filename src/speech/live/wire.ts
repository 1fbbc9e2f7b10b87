import { z } from 'zod';
import type { LiveOptions } from '../../core/ports.ts';

/**
 * Deepgram's live messages, as far as they are used. Lenient as for recordings: fields come and go, and one invalid word
 * must not cost the others.
 * @see https://developers.deepgram.com/reference/speech-to-text/listen-streaming
 */
const wordSchema = z.object({
  word: z.string().optional().catch(undefined),
  punctuated_word: z.string().optional().catch(undefined),
  start: z.number(),
  end: z.number(),
  confidence: z.number().optional().catch(undefined),
});

const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('Results'),
    start: z.number().nonnegative(),
    duration: z.number().nonnegative(),
    is_final: z.boolean(),
    channel: z.object({
      alternatives: z.array(z.object({ words: z.array(wordSchema.nullable().catch(null)) })),
    }),
  }),
  z.object({ type: z.literal('Metadata') }),
]);

export type EngineMessage =
  | ({ readonly type: 'results' } & EngineResults)
  /** The last message of a stream that was told to close. */
  | { readonly type: 'metadata' }
  /** Not used. */
  | { readonly type: 'other' };

/** The words in a span of audio, in seconds of the audio sent on this connection. */
export interface EngineResults {
  readonly startS: number;
  readonly endS: number;
  readonly isFinal: boolean;
  readonly words: readonly EngineWord[];
}
interface EngineWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  readonly confidence: number | null;
}

export const parseMessage = (text: string): EngineMessage => {
  const parsed = messageSchema.safeParse(parseJson(text));
  if (!parsed.success) return { type: 'other' };
  const message = parsed.data;
  if (message.type === 'Metadata') return { type: 'metadata' };
  return {
    type: 'results',
    startS: message.start,
    endS: message.start + message.duration,
    isFinal: message.is_final,
    words: (message.channel.alternatives[0]?.words ?? []).flatMap(toWord),
  };
};

const toWord = (word: z.infer<typeof wordSchema> | null): EngineWord[] => {
  const text = (word?.punctuated_word || word?.word || '').trim();
  if (word === null || text === '') return [];
  const { start, end, confidence } = word;
  return [
    {
      text,
      startS: start,
      endS: Math.max(start, end),
      confidence: confidence === undefined ? null : Math.min(1, Math.max(0, confidence)),
    },
  ];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * The URL of a live stream. Endpointing of 300 ms is a pause between sentences rather than between words. Without a
 * language the engine recognises several, also within one stream.
 */
export const liveUrl = (
  baseUrl: string,
  { audio, language }: Pick<LiveOptions, 'audio' | 'language'>,
  { mipOptOut }: { readonly mipOptOut: boolean },
): string => {
  const url = new URL(`${baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/listen`);
  url.search = new URLSearchParams({
    model: 'nova-3',
    language: language ?? 'multi',
    encoding: audio.encoding,
    sample_rate: String(audio.sampleRateHz),
    channels: '1',
    interim_results: 'true',
    smart_format: 'true',
    endpointing: '300',
    utterance_end_ms: '1000',
    vad_events: 'true',
    mip_opt_out: String(mipOptOut),
  }).toString();
  return url.href;
};

/** Commands, as text messages. Binary messages are audio. */
export const KEEP_ALIVE = JSON.stringify({ type: 'KeepAlive' });
export const FINALIZE = JSON.stringify({ type: 'Finalize' });
export const CLOSE_STREAM = JSON.stringify({ type: 'CloseStream' });
