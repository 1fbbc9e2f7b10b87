import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log, Phone, PhoneEvents, WallClock } from '../../core/ports.ts';
import { closeSockets, refuseUpgrade, type Sockets } from '../../web/sockets.ts';
import { PATHS, streamAddress } from '../addresses.ts';
import { isSigned } from '../signature.ts';
import { eventOf } from '../status.ts';
import type { StreamStart } from './messages.ts';
import type { Playout } from './playout.ts';
import { serveStream } from './stream.ts';
import { createUsedTokens, type StreamPass, verifyStreamPass } from './token.ts';

/** Every wait of the sockets, in milliseconds; tests shorten them. */
export interface StreamPace {
  /** A socket says who it is at once. */
  readonly startWithinMs: number;
  /** How often a socket is asked whether the other side is there. Two questions without an answer, and it is not. */
  readonly askEveryMs: number;
  /** After the end of a telephone's sound, until the network knows whether its call ended as well. */
  readonly lookAfterMs: number;
}

const DEFAULT_PACE: StreamPace = { startWithinMs: 5_000, askEveryMs: 5_000, lookAfterMs: 1_500 };

/** A message of 20 ms has some 400 bytes, a start some 1,000. */
const MOST_MESSAGE_BYTES = 16 * 1024;
const DEFAULT_MOST_SOCKETS = 200;

export interface StreamSocketOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Where the network may have been told to bring the sound of a telephone: this copy's address, and everybody's. */
  readonly urls: () => readonly string[];
  readonly secret: Uint8Array;
  /** Telephones connected with this copy at once. Default 200. */
  readonly mostSockets?: number;
  readonly pace?: Partial<StreamPace>;
  readonly monotonicMs: () => number;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Since the process began. */
export interface StreamFigures {
  /** Connected now. */
  readonly sockets: number;
  /** Sound that telephones were not sent, so that what they hear is not late. */
  readonly leftOutMs: number;
  /** How often sound that waited at the network was thrown away. */
  readonly cleared: number;
  /** Upgrades that the network did not sign. */
  readonly refused: number;
}

export interface StreamSockets extends Sockets {
  figures(): StreamFigures;
}

/**
 * The way in for the sound of telephones. The upgrade has to be signed by the network over the address it was given;
 * since such a signature is the same for ever, the start has to bring a token of ours as well, which is bound to one
 * leg and one call, and good for one time and ten minutes.
 */
export const createStreamSockets = (
  options: StreamSocketOptions & { readonly calls: PhoneEvents; readonly phone: Pick<Phone, 'fetchCall'> },
): StreamSockets => {
  const { accountSid, authToken, urls, secret, calls, phone, clock, log } = options;
  const { mostSockets = DEFAULT_MOST_SOCKETS } = options;
  const pace = { ...DEFAULT_PACE, ...options.pace };
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    // Sound does not compress.
    perMessageDeflate: false,
  });
  const takeToken = createUsedTokens();
  const looks = new Set<NodeJS.Timeout>();
  const unanswered = new WeakMap<WebSocket, number>();
  const streams = new Set<Pick<Playout, 'figures'>>();
  /** Of those that are over. */
  const past = { leftOutMs: 0, cleared: 0 };
  let refused = 0;

  const heartbeat = setInterval(() => {
    for (const ws of server.clients) {
      const missed = unanswered.get(ws) ?? 0;
      if (missed >= 2) ws.terminate();
      else ws.ping();
      unanswered.set(ws, missed + 1);
    }
  }, pace.askEveryMs);
  heartbeat.unref();

  const admit = async ({ start }: StreamStart): Promise<StreamPass | null> => {
    const nowMs = clock.nowMs();
    const { leg, token } = start.customParameters;
    const pass = start.accountSid === accountSid ? await verifyStreamPass(token, secret, nowMs) : null;
    if (pass === null || pass.legId !== leg || pass.callId !== start.callSid) return null;
    return takeToken(pass.id, pass.expiresAtMs, nowMs) ? { legId: pass.legId, callId: pass.callId } : null;
  };

  /**
   * Most telephones stop sounding because they were hung up. The network says so to those it rang for us, but knows no
   * leg of those that rang us, so it is asked.
   */
  const lookAfter = ({ legId, callId }: StreamPass): void => {
    const timer = setTimeout(async () => {
      looks.delete(timer);
      try {
        const report = await phone.fetchCall(callId);
        if (report?.state === 'ended') await calls.handleEvent(legId, callId, eventOf(report));
      } catch (error) {
        log.warn({ err: error, legId }, 'telephony: a call could not be looked at');
      }
    }, pace.lookAfterMs);
    looks.add(timer);
  };

  const isTheirs = (request: IncomingMessage): boolean =>
    urls().some((url) =>
      isSigned(authToken, {
        signature: request.headers['x-twilio-signature'],
        url: streamAddress(url),
        parameters: {},
      }),
    );

  const serve = (ws: WebSocket): void => {
    const alive = (): void => void unanswered.set(ws, 0);
    ws.on('pong', alive);
    ws.on('message', alive);
    const stream = serveStream(ws, {
      calls,
      admit,
      startWithinMs: pace.startWithinMs,
      monotonicMs: options.monotonicMs,
      ended: (pass) => {
        if (!closed) lookAfter(pass);
      },
      log,
    });
    streams.add(stream);
    ws.once('close', () => {
      streams.delete(stream);
      past.leftOutMs += stream.figures.leftOutMs;
      past.cleared += stream.figures.cleared;
    });
  };

  let closed = false;
  return {
    upgrade(request, socket, head) {
      if (request.url !== PATHS.stream) return false;
      socket.on('error', () => socket.destroy());
      if (!isTheirs(request)) {
        refused += 1;
        log.warn({ why: 'not signed for us' }, 'telephony: a request was refused');
        refuseUpgrade(socket, '403 Forbidden');
      } else if (closed || server.clients.size >= mostSockets) {
        log.warn({ sockets: server.clients.size }, 'telephony: no room for another telephone');
        refuseUpgrade(socket, '503 Service Unavailable');
      } else {
        server.handleUpgrade(request, socket, head, serve);
      }
      return true;
    },
    figures() {
      const all = [past, ...[...streams].map((stream) => stream.figures)];
      const sum = (one: 'leftOutMs' | 'cleared'): number =>
        all.reduce((total, figures) => total + figures[one], 0);
      return { sockets: streams.size, leftOutMs: sum('leftOutMs'), cleared: sum('cleared'), refused };
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      for (const timer of looks) clearTimeout(timer);
      looks.clear();
      closeSockets(server);
    },
  };
};
