import { z } from 'zod';

/**
 * What the network sends on the socket of a leg's audio.
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
const start = z.object({
  event: z.literal('start'),
  streamSid: z.string().min(1).max(64),
  start: z.object({
    accountSid: z.string(),
    callSid: z.string(),
    customParameters: z.object({ leg: z.string().max(64), token: z.string().max(600) }),
    mediaFormat: z.object({
      encoding: z.literal('audio/x-mulaw'),
      sampleRate: z.coerce.number().pipe(z.literal(8000)),
      channels: z.coerce.number().pipe(z.literal(1)),
    }),
  }),
});
/**
 * As text: `timestamp`, milliseconds since the stream began, which jitters, and `chunk`, which counts the messages. 20 ms
 * are 216 characters; the limit is a second.
 */
const media = z.object({
  event: z.literal('media'),
  media: z.object({
    track: z.string().max(32).default('inbound'),
    chunk: z.coerce.number().int().min(0).max(1e9),
    timestamp: z.coerce.number().min(0).max(172_800_000),
    payload: z.base64().max(10_668),
  }),
});
const dtmf = z.object({
  event: z.literal('dtmf'),
  dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/) }),
});
const mark = z.object({ event: z.literal('mark'), mark: z.object({ name: z.string().max(64) }) });
const stop = z.object({ event: z.literal('stop') });

const known = z.discriminatedUnion('event', [start, media, dtmf, mark, stop]);
const any = z.object({ event: z.string() });

export type StreamMessage = z.infer<typeof known>;
export type StreamStart = z.infer<typeof start>;
export type StreamMedia = z.infer<typeof media>['media'];

/** `unknown` for an event that is not used; null for what is not a documented message. */
export const parseStreamMessage = (text: string): StreamMessage | 'unknown' | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = known.safeParse(value);
  if (parsed.success) return parsed.data;
  const event = any.safeParse(value).data?.event;
  return event === undefined || KNOWN.has(event) ? null : 'unknown';
};

const KNOWN: ReadonlySet<string> = new Set(['start', 'media', 'dtmf', 'mark', 'stop']);

/** What we send. */
export type StreamOrder =
  | { readonly event: 'media'; readonly media: { readonly payload: string } }
  | { readonly event: 'mark'; readonly mark: { readonly name: string } }
  | { readonly event: 'clear' };
