import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type EngineClock, machineClock } from './clock.ts';
import { MarkerReader, type WordReader } from './markers.ts';
import { ScriptedTranscriber, transcriberOptions } from './transcriber.ts';

/** How one live stream is treated, from its upgrade on. */
export type LiveBehaviour =
  | {
      readonly mode: 'hear';
      /** Every answer comes this much later. */
      readonly slowMs?: number;
      /** Every final is said twice. */
      readonly duplicateFinals?: boolean;
      /** What happens once this much audio has come in. */
      readonly fault?: { readonly afterAudioMs: number; readonly what: LiveFault };
    }
  /** The upgrade is answered with a status instead: 429, 503; 401, 402, 400. */
  | { readonly mode: 'refuse'; readonly status: number; readonly retryAfterS?: number }
  /** The upgrade is never answered. */
  | { readonly mode: 'ignore' };

export type LiveFault =
  /** The connection breaks without a word. */
  | 'kill'
  /** It stays, and nothing is heard or said on it any more, not even a pong. */
  | 'half-open'
  /** It answers pings, and never says another word. */
  | 'mute'
  /** Closes with 1011, as when the engine fails. */
  | 'fail'
  /** Closes with 1011 and NET-0001, as after 10 s of nothing. */
  | 'time-out';

/** What the engine saw of one live stream, and what a test may do to it. Grows while the stream runs. */
interface ScriptedStream {
  /** Also in the header of its upgrade, and in its messages. */
  readonly requestId: string;
  readonly query: URLSearchParams;
  readonly authorized: boolean;
  readonly openedAtMs: number;
  /** The status of the refusal; null when it was let in. */
  refusedWith: number | null;
  audioBytes: number;
  /** The sizes of the audio messages, in bytes. */
  readonly chunkSizes: number[];
  /** The numbers of the markers that came whole, in order. */
  readonly markers: number[];
  /** Stretches of sound that were no whole marker. */
  damaged: number;
  /** `KeepAlive`, `Finalize` and `CloseStream`, in order; audio between them as `audio`, once. */
  readonly received: string[];
  open: boolean;
  /** When it was broken on purpose, on the monotonic clock. */
  brokenAtMs: number | null;
  break(what: LiveFault): void;
}

export interface ScriptedLive {
  /** Every attempt so far, oldest first. */
  readonly streams: readonly ScriptedStream[];
  /** Sockets open now (half-open ones too, until the client lets go of them), and the most at once. */
  readonly openNow: number;
  readonly peakOpen: number;
  /** The next streams are treated so, in this order; after them as `setFallback` says, or transcribed. */
  script(...behaviours: readonly LiveBehaviour[]): void;
  /** How a stream is treated for which nothing was scripted. */
  setFallback(choose: (stream: ScriptedStream) => LiveBehaviour): void;
}

/** Deepgram closes after 10 s of neither audio nor KeepAlive. */
const DEFAULT_IDLE_MS = 10_000;

/** The live side of the scripted engine: a route for upgrades of the same server. */
export const createScriptedLive = (options: {
  readonly apiKey: string;
  readonly idleMs?: number | undefined;
  /** What reads the words of a stream; left out, markers are read. */
  readonly reader?: ((sampleRateHz: number) => WordReader) | undefined;
  readonly clock?: EngineClock | undefined;
  readonly changed: () => void;
}): ScriptedLive & {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
} => {
  const { clock = machineClock } = options;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });
  const streams: ScriptedStream[] = [];
  const held = new Set<Duplex>();
  const coming: LiveBehaviour[] = [];
  let choose: (stream: ScriptedStream) => LiveBehaviour = () => ({ mode: 'hear' });
  let mostOpen = 0;
  const openNow = (): number => streams.filter(({ open }) => open).length;

  const admit = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const stream = describeStream(request, options.apiKey, clock);
    const behaviour: LiveBehaviour = stream.authorized
      ? (coming.shift() ?? choose(stream))
      : { mode: 'refuse', status: 401 };
    socket.on('error', () => socket.destroy());
    held.add(socket);
    socket.on('close', () => held.delete(socket));
    streams.push(stream);
    if (behaviour.mode === 'hear') {
      server.once('headers', (headers) => headers.push(`dg-request-id: ${stream.requestId}`));
      server.handleUpgrade(request, socket, head, (webSocket) => {
        stream.open = true;
        mostOpen = Math.max(mostOpen, openNow());
        listen(webSocket, stream, behaviour, {
          idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
          reader: options.reader ?? ((sampleRateHz) => new MarkerReader(sampleRateHz)),
          clock,
          changed: options.changed,
        });
        options.changed();
      });
      return;
    }
    if (behaviour.mode === 'refuse') {
      stream.refusedWith = behaviour.status;
      refuse(socket, behaviour);
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
      coming.push(...behaviours);
    },
    setFallback(chooser) {
      choose = chooser;
    },
    upgrade: admit,
    close() {
      for (const socket of held) socket.destroy();
      server.close();
    },
  };
};

const describeStream = (request: IncomingMessage, apiKey: string, clock: EngineClock): ScriptedStream => ({
  requestId: randomUUID(),
  query: new URL(request.url ?? '/', 'http://engine.invalid').searchParams,
  authorized: request.headers.authorization === `Token ${apiKey}`,
  openedAtMs: clock.monotonicMs(),
  refusedWith: null,
  audioBytes: 0,
  chunkSizes: [],
  markers: [],
  damaged: 0,
  received: [],
  open: false,
  brokenAtMs: null,
  break: () => {},
});

const refuse = (
  socket: Duplex,
  { status, retryAfterS }: Extract<LiveBehaviour, { mode: 'refuse' }>,
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

/** Hears one admitted stream until it is broken or ended. */
const listen = (
  socket: WebSocket,
  stream: ScriptedStream,
  behaviour: Extract<LiveBehaviour, { mode: 'hear' }>,
  {
    changed,
    clock,
    idleMs,
    reader,
  }: {
    readonly clock: EngineClock;
    readonly idleMs: number;
    readonly reader: (sampleRateHz: number) => WordReader;
    readonly changed: () => void;
  },
): void => {
  const heardAs = transcriberOptions(stream.query);
  const ear = new ScriptedTranscriber(heardAs, stream.requestId, reader(heardAs.sampleRateHz));
  let mute = false;
  let deaf = false;
  const cancels = new Set<() => void>();
  /** In order, because all wait equally long. */
  const later = (act: () => void): void => {
    if (behaviour.slowMs === undefined) {
      act();
      return;
    }
    const cancel = clock.after(behaviour.slowMs, () => {
      cancels.delete(cancel);
      act();
    });
    cancels.add(cancel);
  };
  const say = (message: object): void => {
    const text = JSON.stringify(message);
    const times = behaviour.duplicateFinals && 'is_final' in message && message.is_final ? 2 : 1;
    later(() => {
      if (mute) return;
      for (let i = 0; i < times; i += 1) socket.send(text, () => {});
    });
  };
  const waitForMessage = (): (() => void) => clock.after(idleMs, () => stream.break('time-out'));
  let cancelIdle = waitForMessage();

  stream.break = (what) => {
    if (stream.brokenAtMs !== null) return;
    stream.brokenAtMs = clock.monotonicMs();
    mute = true;
    switch (what) {
      case 'kill':
        socket.terminate();
        return;
      case 'half-open':
        deaf = true;
        return;
      case 'mute':
        return;
      case 'fail':
        socket.close(1011, 'Internal error');
        return;
      case 'time-out':
        socket.close(1011, 'NET-0001: no audio or KeepAlive in time');
    }
  };

  socket.on('ping', (data) => {
    if (!deaf) socket.pong(data, false, () => {});
  });
  socket.on('message', (data: RawData, isBinary) => {
    cancelIdle();
    cancelIdle = waitForMessage();
    if (mute) return;
    if (isBinary) hear(data as Buffer);
    else obey((data as Buffer).toString());
    changed();
  });
  const hear = (bytes: Buffer): void => {
    stream.audioBytes += bytes.length;
    stream.chunkSizes.push(bytes.length);
    if (stream.received.at(-1) !== 'audio') stream.received.push('audio');
    const { markers, messages } = ear.push(bytes);
    stream.markers.push(...markers);
    stream.damaged = ear.damaged;
    for (const message of messages) say(message);
    if (behaviour.fault !== undefined && ear.heardMs >= behaviour.fault.afterAudioMs) {
      stream.break(behaviour.fault.what);
    }
  };
  const obey = (text: string): void => {
    const [, type] = /^\{\s*"type"\s*:\s*"(KeepAlive|Finalize|CloseStream)"\s*\}$/.exec(text) ?? [];
    if (type === undefined) {
      socket.close(1008, 'DATA-0000: not a message the engine knows');
      return;
    }
    stream.received.push(type);
    if (type === 'Finalize') say(ear.finalize(true));
    if (type !== 'CloseStream') return;
    say(ear.finalize(false));
    say(ear.metadata());
    later(() => {
      if (!mute) socket.close(1000);
    });
  };
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    cancelIdle();
    for (const cancel of cancels) cancel();
    stream.open = false;
    changed();
  });
};
