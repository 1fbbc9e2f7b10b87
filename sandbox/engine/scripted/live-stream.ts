import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { CancelTimer } from '../../../src/core/ports.ts';
import type { LiveQuery } from '../live-query.ts';
import { Ear, type EngineClock } from './ear.ts';
import type { WordReader } from './markers.ts';
import type { LiveProfile } from './profile.ts';
import { ScriptedTranscriber } from './transcriber.ts';

/** How a live stream is treated, from its upgrade on. */
export type LiveBehaviour =
  | {
      readonly mode: 'transcribe';
      /** Delays every message. */
      readonly slowMs?: number;
      /** Sends every final twice. */
      readonly duplicateFinals?: boolean;
      /** Every Finalize is left unanswered, or answered with a final that has no words. */
      readonly finalize?: 'unanswered' | 'empty final';
      /** A fault after this much audio, or so many messages to the client. */
      readonly fault?: { readonly what: LiveFault } & (
        | { readonly afterAudioMs: number }
        | { readonly afterMessages: number }
      );
    }
  /** The upgrade is rejected with a status (429, 503; 401, 402, 400) and its reason. */
  | {
      readonly mode: 'reject';
      readonly status: number;
      readonly reason?: string;
      readonly retryAfterS?: number;
    }
  /** The upgrade is never answered. */
  | { readonly mode: 'ignore' };

export type LiveFault =
  /** The connection breaks. */
  | 'kill'
  /** The connection stays, but nothing is received or sent any more, not even a pong. */
  | 'half-open'
  /** Only pongs are sent. */
  | 'mute'
  /** Closes with 1011, as after an engine error. */
  | 'fail'
  /** As after a time without audio or KeepAlive: a last `Metadata`, then 1011. */
  | 'time-out';

/** What the engine received of a live stream, and how to break it. Grows while the stream runs. */
export interface ScriptedStream {
  /** Also in the upgrade response and in messages. */
  readonly requestId: string;
  readonly query: URLSearchParams;
  readonly authorized: boolean;
  readonly openedAtMs: number;
  /** The status of a rejection; null when it was accepted. */
  rejectedWith: number | null;
  audioBytes: number;
  /** Bytes of each audio message. */
  readonly chunkSizes: number[];
  /** The numbers of the complete markers, in order. */
  readonly markers: number[];
  /** Pieces of audio that were not a complete marker. */
  damaged: number;
  /** `KeepAlive`, `Finalize`, `CloseStream`, and one `audio` for the audio in between. */
  readonly received: string[];
  /** Every message to the client, in order. */
  readonly sent: object[];
  open: boolean;
  /** When it was broken on purpose; monotonic. */
  brokenAtMs: number | null;
  break(what: LiveFault): void;
}

export const describeStream = (
  request: IncomingMessage,
  apiKey: string,
  clock: EngineClock,
): ScriptedStream => ({
  requestId: randomUUID(),
  query: new URL(request.url ?? '/', 'http://engine.invalid').searchParams,
  authorized: request.headers.authorization === `Token ${apiKey}`,
  openedAtMs: clock.monotonicMs(),
  rejectedWith: null,
  audioBytes: 0,
  chunkSizes: [],
  markers: [],
  damaged: 0,
  received: [],
  sent: [],
  open: false,
  brokenAtMs: null,
  break: () => {},
});

/** How Deepgram explains the close of an idle stream. */
const IDLE_REASON =
  'Deepgram did not receive audio data or a text message within the timeout window. See https://dtdg.co/net0001';

interface Serving {
  readonly query: LiveQuery;
  readonly profile: LiveProfile;
  readonly clock: EngineClock;
  readonly reader: (sampleRateHz: number) => WordReader;
  readonly changed: () => void;
}

/** Serves an accepted stream until it is broken or ends. */
export const serveStream = (
  socket: WebSocket,
  stream: ScriptedStream,
  behaviour: Extract<LiveBehaviour, { mode: 'transcribe' }>,
  { query, profile, clock, reader, changed }: Serving,
): void => {
  const bytesPerMs = (query.sample_rate * (query.encoding === 'linear16' ? 2 : 1)) / 1_000;
  const transcriber = new ScriptedTranscriber(
    { query, interimEveryMs: profile.interimEveryMs },
    stream.requestId,
    reader(query.sample_rate),
  );
  const ear = new Ear(profile.speed, clock);
  let mute = false;
  let ignoresPings = false;
  const delayed = new Set<CancelTimer>();
  /** In order, because all delays are equal. */
  const later = (act: () => void): void => {
    if (behaviour.slowMs === undefined) {
      act();
      return;
    }
    const cancel = clock.after(behaviour.slowMs, () => {
      delayed.delete(cancel);
      act();
    });
    delayed.add(cancel);
  };
  const send = (message: object): void => {
    const text = JSON.stringify(message);
    const times = behaviour.duplicateFinals && 'is_final' in message && message.is_final ? 2 : 1;
    later(() => {
      if (mute) return;
      for (let i = 0; i < times; i += 1) {
        stream.sent.push(message);
        socket.send(text, () => {});
      }
      const { fault } = behaviour;
      if (fault !== undefined && 'afterMessages' in fault && stream.sent.length >= fault.afterMessages) {
        stream.break(fault.what);
      }
    });
  };
  const startIdleTimer = (): CancelTimer =>
    clock.after(profile.idleMs, () => {
      if (ear.isBehind) cancelIdle = startIdleTimer();
      else stream.break('time-out');
    });
  let cancelIdle = startIdleTimer();

  stream.break = (what) => {
    if (stream.brokenAtMs !== null) return;
    stream.brokenAtMs = clock.monotonicMs();
    if (what === 'time-out') send(transcriber.metadata('incomplete'));
    mute = true;
    switch (what) {
      case 'kill':
        socket.terminate();
        return;
      case 'half-open':
        ignoresPings = true;
        return;
      case 'mute':
        return;
      case 'fail':
        socket.close(1011, 'Internal error');
        return;
      case 'time-out':
        socket.close(1011, IDLE_REASON);
    }
  };

  const hear = (bytes: Buffer): void => {
    if (mute) return;
    const { markers, messages } = transcriber.push(bytes);
    stream.markers.push(...markers);
    stream.damaged = transcriber.damaged;
    for (const message of messages) send(message);
    const { fault } = behaviour;
    if (fault !== undefined && 'afterAudioMs' in fault && transcriber.audioMs >= fault.afterAudioMs) {
      stream.break(fault.what);
    }
    changed();
  };
  const finalize = (): void => {
    const how = behaviour.finalize ?? (transcriber.hasWords ? 'answered' : profile.emptyFinalize);
    if (how === 'unanswered') return;
    if (how === 'empty final') transcriber.forgetWords();
    send(transcriber.finalize(true));
  };
  const obey = (type: string): void => {
    if (mute) return;
    if (type === 'Finalize') finalize();
    if (type !== 'CloseStream') return;
    send(transcriber.finalize(false));
    send(transcriber.metadata());
    later(() => {
      if (!mute) socket.close(1000);
    });
  };

  socket.on('ping', (data) =>
    ear.push(0, () => {
      if (!ignoresPings) socket.pong(data, false, () => {});
    }),
  );
  socket.on('message', (data: RawData, isBinary) => {
    if (isBinary || stream.audioBytes > 0) {
      cancelIdle();
      cancelIdle = startIdleTimer();
    }
    if (mute) return;
    if (isBinary) receiveAudio(data as Buffer);
    else receiveControl((data as Buffer).toString());
    changed();
  });
  const receiveAudio = (bytes: Buffer): void => {
    stream.audioBytes += bytes.length;
    stream.chunkSizes.push(bytes.length);
    if (stream.received.at(-1) !== 'audio') stream.received.push('audio');
    ear.push(bytes.length / bytesPerMs, () => hear(bytes));
  };
  const receiveControl = (text: string): void => {
    const [, type] = /^\{\s*"type"\s*:\s*"(KeepAlive|Finalize|CloseStream)"\s*\}$/.exec(text) ?? [];
    if (type === undefined) {
      socket.close(1008, 'DATA-0000: not a message the engine knows');
      return;
    }
    stream.received.push(type);
    ear.push(0, () => obey(type));
  };
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    cancelIdle();
    ear.close();
    for (const cancel of delayed) cancel();
    stream.open = false;
    changed();
  });
};
