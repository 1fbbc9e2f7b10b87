import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../src/clock.ts';
import { parseLiveQuery } from '../live-query.ts';
import type { EngineClock } from './ear.ts';
import { describeStream, type LiveBehaviour, type ScriptedStream, serveStream } from './live-stream.ts';
import type { WordReader } from './markers.ts';
import { type LiveProfile, VENDOR_PROFILE } from './profile.ts';

export interface ScriptedLive {
  /** Every attempt so far, oldest first. */
  readonly streams: readonly ScriptedStream[];
  /** Open sockets (half-open ones included, until the client closes them), and their maximum. */
  readonly openNow: number;
  readonly peakOpen: number;
  /** The behaviours of the next streams, in order. Further ones follow `setFallback`, or are transcribed. */
  script(...behaviours: readonly LiveBehaviour[]): void;
  /** The behaviour of streams that are not scripted. */
  setFallback(choose: (stream: ScriptedStream) => LiveBehaviour): void;
}

/** The live side of the scripted engine: a route for upgrades of the same server. */
export const createScriptedLive = (options: {
  readonly apiKey: string;
  readonly profile?: Partial<LiveProfile> | undefined;
  readonly clock?: EngineClock | undefined;
  /** Reads the words of a stream. */
  readonly reader: (sampleRateHz: number) => WordReader;
  readonly changed: () => void;
}): ScriptedLive & {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
} => {
  const clock = options.clock ?? systemClock;
  const profile = { ...VENDOR_PROFILE, ...options.profile };
  /** A plan may change while the engine runs. */
  const maxStreams = (): number => options.profile?.maxStreams ?? VENDOR_PROFILE.maxStreams;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });
  const streams: ScriptedStream[] = [];
  const held = new Set<Duplex>();
  const scripted: LiveBehaviour[] = [];
  let choose: (stream: ScriptedStream) => LiveBehaviour = () => ({ mode: 'transcribe' });
  let mostOpen = 0;
  const openNow = (): number => streams.filter(({ open }) => open).length;

  /** Why a stream is refused, whatever the script says. */
  const refusalOf = (
    { authorized }: ScriptedStream,
    parsed: ReturnType<typeof parseLiveQuery>,
  ): LiveBehaviour | null => {
    if (!authorized) return { mode: 'reject', status: 401 };
    if ('problem' in parsed) return { mode: 'reject', status: 400, reason: `Bad Request: ${parsed.problem}` };
    return openNow() < maxStreams() ? null : { mode: 'reject', status: 429 };
  };

  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const stream = describeStream(request, options.apiKey, clock);
    const parsed = parseLiveQuery(stream.query);
    const behaviour: LiveBehaviour = refusalOf(stream, parsed) ?? scripted.shift() ?? choose(stream);
    socket.on('error', () => socket.destroy());
    held.add(socket);
    socket.on('close', () => held.delete(socket));
    streams.push(stream);
    if (behaviour.mode === 'transcribe' && 'query' in parsed) {
      server.once('headers', (headers) => headers.push(`dg-request-id: ${stream.requestId}`));
      server.handleUpgrade(request, socket, head, (webSocket) => {
        stream.open = true;
        mostOpen = Math.max(mostOpen, openNow());
        serveStream(webSocket, stream, behaviour, {
          query: parsed.query,
          profile,
          clock,
          reader: options.reader,
          changed: options.changed,
        });
        options.changed();
      });
      return;
    }
    if (behaviour.mode === 'reject') {
      stream.rejectedWith = behaviour.status;
      reject(socket, behaviour, stream.requestId);
    }
    options.changed();
  };

  return {
    streams,
    get openNow() {
      return openNow();
    },
    get peakOpen() {
      return mostOpen;
    },
    script(...behaviours) {
      scripted.push(...behaviours);
    },
    setFallback(next) {
      choose = next;
    },
    upgrade: accept,
    close() {
      for (const socket of held) socket.destroy();
      server.close();
    },
  };
};

/** As Deepgram words them. */
const REASONS: Readonly<Record<number, string>> = {
  401: 'Invalid credentials.',
  402: 'Project does not have enough credits for an ASR request and does not have an overage agreement.',
  403: 'Project does not have access to the requested model.',
  429: 'Too many requests. Please try again later.',
};

const reject = (
  socket: Duplex,
  { status, reason = REASONS[status], retryAfterS }: Extract<LiveBehaviour, { mode: 'reject' }>,
  requestId: string,
): void => {
  const body = JSON.stringify({ err_code: STATUS_CODES[status], err_msg: reason, request_id: requestId });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      `dg-request-id: ${requestId}`,
      ...(reason === undefined ? [] : [`dg-error: ${reason}`]),
      ...(retryAfterS === undefined ? [] : [`retry-after: ${retryAfterS}`]),
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};
