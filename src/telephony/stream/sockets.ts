import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Log, Phone, PhoneEvents } from '../../core/ports.ts';
import { closeSockets, refuseUpgrade, type Sockets } from '../../web/sockets.ts';
import { isSigned } from '../signature.ts';
import { eventOf } from '../status.ts';
import { PATHS, streamUrl } from '../urls.ts';
import type { StreamStart } from './messages.ts';
import type { OutboundAudio } from './outbound-audio.ts';
import { createSingleUse, type StreamPass, verifyStreamPass } from './pass.ts';
import { serveStream } from './stream.ts';

export interface SocketTimings {
  /** From a socket's opening to its start message. */
  readonly startTimeoutMs: number;
  /** Two pings without a sign of life, and the socket is terminated. */
  readonly pingEveryMs: number;
  /** After the end of a leg's audio, until the network knows whether its call ended as well. */
  readonly lookupDelayMs: number;
}

const DEFAULT_TIMINGS: SocketTimings = { startTimeoutMs: 5_000, pingEveryMs: 5_000, lookupDelayMs: 1_500 };

/** A message with 20 ms of audio has some 400 bytes, a start some 1,000. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const DEFAULT_MAX_SOCKETS = 200;

export interface StreamSocketOptions {
  readonly events: PhoneEvents;
  readonly phone: Pick<Phone, 'fetchCall'>;
  readonly accountSid: string;
  readonly authToken: string;
  /** Where the network may have been told to connect: the URL of this instance, and that of all. */
  readonly urls: () => readonly string[];
  readonly secret: Uint8Array;
  /** Phones connected with this instance at once. Default 200. */
  readonly maxSockets?: number;
  readonly timings?: Partial<SocketTimings>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Since the process began. */
export interface StreamFigures {
  /** Connected now. */
  readonly sockets: number;
  /** Audio that phones were not sent, to keep its delay down. */
  readonly skippedMs: number;
  /** How often the network's buffer was cleared. */
  readonly cleared: number;
  /** Upgrades that the network did not sign. */
  readonly refused: number;
}

export interface StreamSockets extends Sockets {
  figures(): StreamFigures;
}

/**
 * The sockets of leg audio. The upgrade has to be signed by the network over the URL that it was given. Such a signature
 * never changes, so the start message has to bring a token of ours as well: for one leg and one call, used once, within
 * ten minutes.
 */
export const createStreamSockets = (options: StreamSocketOptions): StreamSockets => {
  const { events, phone, urls, clock, log } = options;
  const { maxSockets = DEFAULT_MAX_SOCKETS } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Audio does not compress.
    perMessageDeflate: false,
  });
  const admit = createAdmission(options);
  const lookups = new Set<() => void>();
  const streams = new Set<Pick<OutboundAudio, 'figures'>>();
  /** Of streams that ended. */
  const past = { skippedMs: 0, cleared: 0 };
  let refused = 0;
  let closed = false;

  const unanswered = new WeakMap<WebSocket, number>();
  const stopPings = clock.every(timings.pingEveryMs, () => {
    for (const ws of server.clients) {
      const missed = unanswered.get(ws) ?? 0;
      if (missed >= 2) ws.terminate();
      else ws.ping();
      unanswered.set(ws, missed + 1);
    }
  });

  /**
   * Audio mostly ends because a phone hung up. The network reports that of calls it made for us, but it knows no leg of
   * incoming calls, so their state is fetched.
   */
  const lookUp = async ({ legId, callId }: StreamPass): Promise<void> => {
    try {
      const report = await phone.fetchCall(callId);
      if (report?.state === 'ended') await events.handleEvent(legId, callId, eventOf(report));
    } catch (error) {
      log.warn({ err: error, legId }, 'telephony: the state of a call could not be fetched');
    }
  };
  const lookUpLater = (pass: StreamPass): void => {
    if (closed) return;
    const cancel = clock.after(timings.lookupDelayMs, () => {
      lookups.delete(cancel);
      void lookUp(pass);
    });
    lookups.add(cancel);
  };

  /** The network signs an upgrade over the URL that it was given, or over that with a slash at its end. */
  const isTheirs = (request: IncomingMessage): boolean =>
    urls()
      .map(streamUrl)
      .flatMap((url) => [url, `${url}/`])
      .some((url) =>
        isSigned(options.authToken, {
          signature: request.headers['x-twilio-signature'],
          url,
          parameters: {},
        }),
      );

  const serve = (ws: WebSocket): void => {
    const alive = (): void => void unanswered.set(ws, 0);
    ws.on('pong', alive);
    ws.on('message', alive);
    const { startTimeoutMs } = timings;
    const stream = serveStream(ws, { events, admit, startTimeoutMs, onEnd: lookUpLater, clock, log });
    streams.add(stream);
    ws.once('close', () => {
      streams.delete(stream);
      past.skippedMs += stream.figures.skippedMs;
      past.cleared += stream.figures.cleared;
    });
  };

  return {
    upgrade(request, socket, head) {
      if (request.url !== PATHS.stream && request.url !== `${PATHS.stream}/`) return false;
      socket.on('error', () => socket.destroy());
      if (!isTheirs(request)) {
        refused += 1;
        log.warn({ reason: 'not signed for us' }, 'telephony: request refused');
        refuseUpgrade(socket, '403 Forbidden');
      } else if (closed || server.clients.size >= maxSockets) {
        log.warn({ sockets: server.clients.size }, 'telephony: too many phones are connected');
        refuseUpgrade(socket, '503 Service Unavailable');
      } else {
        server.handleUpgrade(request, socket, head, serve);
      }
      return true;
    },
    figures() {
      const all = [past, ...[...streams].map((stream) => stream.figures)];
      const sum = (key: 'skippedMs' | 'cleared'): number =>
        all.reduce((total, figures) => total + figures[key], 0);
      return { sockets: streams.size, skippedMs: sum('skippedMs'), cleared: sum('cleared'), refused };
    },
    close() {
      closed = true;
      stopPings();
      for (const cancel of lookups) cancel();
      lookups.clear();
      closeSockets(server);
    },
  };
};

/** Which leg a start message is from; null when its token is not for it, or was used. */
const createAdmission = ({ accountSid, secret, clock }: StreamSocketOptions) => {
  const isFirstUse = createSingleUse();
  return async ({ start }: StreamStart): Promise<StreamPass | null> => {
    const nowMs = clock.nowMs();
    const { leg, token } = start.customParameters;
    const pass = start.accountSid === accountSid ? await verifyStreamPass(token, secret, nowMs) : null;
    if (pass === null || pass.legId !== leg || pass.callId !== start.callSid) return null;
    return isFirstUse(pass.id, pass.expiresAtMs, nowMs) ? { legId: pass.legId, callId: pass.callId } : null;
  };
};
