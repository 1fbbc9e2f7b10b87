import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../src/clock.ts';
import {
  describeStream,
  type EngineClock,
  type LiveBehaviour,
  type ScriptedStream,
  serveStream,
} from './live-stream.ts';
import { MarkerReader, type WordReader } from './markers.ts';

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

/** Deepgram closes after 10 s of neither audio nor KeepAlive. */
const DEFAULT_IDLE_MS = 10_000;

/** The live side of the scripted engine: a route for upgrades of the same server. */
export const createScriptedLive = (options: {
  readonly apiKey: string;
  readonly idleMs?: number | undefined;
  readonly clock?: EngineClock | undefined;
  /** Reads the words of a stream. Default: markers. */
  readonly reader?: ((sampleRateHz: number) => WordReader) | undefined;
  readonly changed: () => void;
}): ScriptedLive & {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
} => {
  const clock = options.clock ?? systemClock;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });
  const streams: ScriptedStream[] = [];
  const held = new Set<Duplex>();
  const scripted: LiveBehaviour[] = [];
  let choose: (stream: ScriptedStream) => LiveBehaviour = () => ({ mode: 'transcribe' });
  let mostOpen = 0;
  const openNow = (): number => streams.filter(({ open }) => open).length;

  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const stream = describeStream(request, options.apiKey, clock);
    const behaviour: LiveBehaviour = stream.authorized
      ? (scripted.shift() ?? choose(stream))
      : { mode: 'reject', status: 401 };
    socket.on('error', () => socket.destroy());
    held.add(socket);
    socket.on('close', () => held.delete(socket));
    streams.push(stream);
    if (behaviour.mode === 'transcribe') {
      server.once('headers', (headers) => headers.push(`dg-request-id: ${stream.requestId}`));
      server.handleUpgrade(request, socket, head, (webSocket) => {
        stream.open = true;
        mostOpen = Math.max(mostOpen, openNow());
        serveStream(webSocket, stream, behaviour, {
          clock,
          idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
          reader: options.reader ?? ((sampleRateHz) => new MarkerReader(sampleRateHz)),
          changed: options.changed,
        });
        options.changed();
      });
      return;
    }
    if (behaviour.mode === 'reject') {
      stream.rejectedWith = behaviour.status;
      reject(socket, behaviour);
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

const reject = (
  socket: Duplex,
  { status, retryAfterS }: Extract<LiveBehaviour, { mode: 'reject' }>,
): void => {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      ...(retryAfterS === undefined ? [] : [`retry-after: ${retryAfterS}`]),
      'content-length: 0',
      'connection: close',
      '',
      '',
    ].join('\r\n'),
  );
};
