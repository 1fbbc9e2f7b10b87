import { z } from 'zod';
import { address, type Problem, type Values, whole } from './fields.ts';

export const MEETING_VARIABLES = {
  DEEPGRAM_LIVE_STREAMS: whole(1, 10_000).default(50),
  MEDIA_ANNOUNCED_ADDRESS: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'must be an address or a host name, without http:// or a port' })
    .optional(),
  MEDIA_PORT: whole(1, 65_000).optional(),
  TURN_URL: z
    .string()
    .regex(/^turns?:[^\s,]+(,turns?:[^\s,]+)*$/, {
      error: 'must be turn: or turns: addresses, separated by commas',
    })
    .transform((urls) => urls.split(','))
    .optional(),
  TURN_SECRET: z.string().min(8, { error: 'is too short (static-auth-secret of coturn)' }).optional(),
  NODE_URL: address('where browsers reach this instance of Parley').optional(),
  MEETING_GRACE_SECONDS: whole(1, 3_600).default(60),
} as const;

type MeetingValues = Values<typeof MEETING_VARIABLES>;

export interface MeetingsConfig {
  /** The public address of this machine's media ports; null when browsers run on this machine. */
  readonly announcedAddress: string | null;
  /** Media worker n listens on this port + n; null: on free ports. */
  readonly portBase: number | null;
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null;
  /** Where browsers reach this instance when there are several; null when there is one. */
  readonly nodeUrl: string | null;
  readonly graceMs: number;
  /** The most live connections to the speech engine, for this instance. */
  readonly liveStreams: number;
}

/** Outside the ranges that browsers, databases and operating systems use. */
const DEFAULT_MEDIA_PORT = 40_000;

export const meetingProblems = (values: MeetingValues): Problem[] => {
  if ((values.TURN_URL === undefined) === (values.TURN_SECRET === undefined)) return [];
  return values.TURN_URL === undefined
    ? [{ variable: 'TURN_URL', message: 'is needed when TURN_SECRET is set' }]
    : [{ variable: 'TURN_SECRET', message: 'is needed when TURN_URL is set' }];
};

export const meetingsConfig = (values: MeetingValues): MeetingsConfig => ({
  announcedAddress: values.MEDIA_ANNOUNCED_ADDRESS ?? null,
  // Ports that a firewall must open are fixed.
  portBase: values.MEDIA_PORT ?? (values.MEDIA_ANNOUNCED_ADDRESS === undefined ? null : DEFAULT_MEDIA_PORT),
  turn:
    values.TURN_URL === undefined || values.TURN_SECRET === undefined
      ? null
      : { urls: values.TURN_URL, secret: values.TURN_SECRET },
  nodeUrl: values.NODE_URL ?? null,
  graceMs: values.MEETING_GRACE_SECONDS * 1_000,
  liveStreams: values.DEEPGRAM_LIVE_STREAMS,
});
