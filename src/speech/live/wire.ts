import { z } from 'zod';
import type { LiveOptions, SpeechHints } from '../../core/ports.ts';
import { type JoinableWord, withBlanks } from '../../core/transcript/join-words.ts';
import { hintParameters } from '../hints.ts';

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
      alternatives: z.array(
        z.object({
          transcript: z.string().optional().catch(undefined),
          words: z.array(wordSchema.nullable().catch(null)),
        }),
      ),
    }),
  }),
  z.object({ type: z.literal('Metadata'), sha256: z.string().optional().catch(undefined) }),
]);

export type EngineMessage =
  | ({ readonly type: 'results' } & EngineResults)
  /** The last message of a stream; complete when the stream was told to close, and did in order. */
  | { readonly type: 'metadata'; readonly isComplete: boolean }
  /** Not used. */
  | { readonly type: 'other' };

/** The words in a span of audio, in seconds of the audio sent on this connection. */
export interface EngineResults {
  readonly startS: number;
  readonly endS: number;
  readonly isFinal: boolean;
  readonly words: readonly EngineWord[];
}
export interface EngineWord extends JoinableWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  readonly confidence: number | null;
}

export const parseMessage = (text: string): EngineMessage => {
  const parsed = messageSchema.safeParse(parseJson(text));
  if (!parsed.success) return { type: 'other' };
  const message = parsed.data;
  if (message.type === 'Metadata') return { type: 'metadata', isComplete: message.sha256 !== 'incomplete' };
  const { words = [], transcript = '' } = message.channel.alternatives[0] ?? {};
  return {
    type: 'results',
    startS: message.start,
    endS: message.start + message.duration,
    isFinal: message.is_final,
    words: withBlanks(words.flatMap(toWords), transcript),
  };
};

const toWords = (word: z.infer<typeof wordSchema> | null): EngineWord[] => {
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

/** A pause between sentences rather than between words. */
const ENDPOINTING_MS = 300;
/** What Deepgram recommends where the language may change within a sentence. */
const MULTI_ENDPOINTING_MS = 100;

/** What is asked for, live and of what is left at the end. */
export interface Asked {
  readonly live: Pick<LiveOptions, 'audio' | 'language' | 'kind'>;
  readonly hints: SpeechHints;
  readonly mipOptOut: boolean;
}

/** The URL of a live stream. Without a language the engine recognises several, also within one stream. */
export const liveUrl = (baseUrl: string, asked: Asked): string => {
  const url = listenUrl(baseUrl.replace(/^http/, 'ws'), asked);
  const isMulti = url.searchParams.get('language') === 'multi';
  url.searchParams.set('encoding', asked.live.audio.encoding);
  url.searchParams.set('sample_rate', String(asked.live.audio.sampleRateHz));
  url.searchParams.set('channels', '1');
  url.searchParams.set('interim_results', 'true');
  url.searchParams.set('endpointing', String(isMulti ? MULTI_ENDPOINTING_MS : ENDPOINTING_MS));
  return url.href;
};

/** The URL for what is left when a stream closes, with what is the same live. */
export const listenUrl = (baseUrl: string, { live, hints, mipOptOut }: Asked): URL => {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/v1/listen`);
  const { language, keyterm = [] } = hintParameters(hints);
  url.search = new URLSearchParams([
    ['model', 'nova-3'],
    ['language', live.language ?? language],
    ['smart_format', 'true'],
    ...keyterm.map((term) => ['keyterm', term]),
    // By which the vendor's own figures are told apart.
    ['tag', `parley-${live.kind}`],
    ['mip_opt_out', String(mipOptOut)],
  ]).toString();
  return url;
};

/** Commands, as text messages. Binary messages are audio. */
export const KEEP_ALIVE = JSON.stringify({ type: 'KeepAlive' });
export const FINALIZE = JSON.stringify({ type: 'Finalize' });
export const CLOSE_STREAM = JSON.stringify({ type: 'CloseStream' });
