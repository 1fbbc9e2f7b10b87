import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/ports.ts';
import { type Connection, type ConnectionEnd, openConnection } from './connection.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import { liveUrl } from './wire.ts';

/** How many of the live connections that were tried at once the engine admitted. */
export interface LiveTrial {
  readonly tried: number;
  readonly admitted: number;
  /** Why the others were not, for an admin; null when all were. */
  readonly refusal: { readonly status: number | null; readonly reason: string } | null;
}

const AUDIO = { encoding: 'linear16', sampleRateHz: 16_000 } as const;
/** A stream without audio is closed soon, and one of this costs next to nothing. */
const SILENCE = Buffer.alloc(AUDIO.sampleRateHz / 5);

/** Opens live connections, all at the same time, and closes them in order once it is known which are admitted. */
export const tryLive = async (options: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly mipOptOut: boolean;
  readonly connections: number;
  readonly createConnection?: () => Duplex;
  readonly clock: Clock;
}): Promise<LiveTrial> => {
  const attempts = Array.from({ length: options.connections }, () => attempt(options));
  const outcomes = await Promise.all(attempts.map(({ outcome }) => outcome));
  await Promise.all(attempts.map((each) => each.close()));
  const refusals = outcomes.flatMap((end) => (end === null || end.kind === 'finished' ? [] : [end.fault]));
  return {
    tried: outcomes.length,
    admitted: outcomes.length - refusals.length,
    refusal: refusals[0] ?? null,
  };
};

/** `outcome` is null once it is open. `close` resolves when it is closed. */
const attempt = ({
  apiKey,
  baseUrl,
  clock,
  createConnection,
  mipOptOut,
}: Parameters<typeof tryLive>[0]): {
  readonly outcome: Promise<ConnectionEnd | null>;
  close(): Promise<void>;
} => {
  const outcome = Promise.withResolvers<ConnectionEnd | null>();
  const ended = Promise.withResolvers<void>();
  const connection: Connection = openConnection(
    {
      apiKey,
      clock,
      url: liveUrl(baseUrl, {
        live: { kind: 'meeting', audio: AUDIO },
        hints: { languages: [], terms: [] },
        mipOptOut,
      }),
      bytesPerSecond: AUDIO.sampleRateHz * 2,
      patience: 1,
      timings: { ...DEFAULT_TIMINGS, stalledAfterMs: DEFAULT_TIMINGS.connectTimeoutMs },
      createConnection,
    },
    {
      onOpen() {
        connection.sendAudio(SILENCE);
        outcome.resolve(null);
      },
      onDrain() {},
      onResults() {},
      onEnd(end) {
        outcome.resolve(end);
        ended.resolve();
      },
    },
  );
  return {
    outcome: outcome.promise,
    close() {
      if (connection.acceptsAudio) connection.finish();
      return ended.promise;
    },
  };
};
