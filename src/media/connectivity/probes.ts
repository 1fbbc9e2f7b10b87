import { WebSocket } from 'ws';
import type { Clock, Log } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import { CHANNEL_CLOSE, openRequestChannel } from '../request-channel.ts';
import { TEST_LIMIT } from '../sentences.ts';
import type { IceServer } from '../signalling/messages.ts';
import type { Workers } from '../workers.ts';
import {
  type ProbeRequest,
  type ProbeRequestName,
  type ProbeResponses,
  probeRequestSchema,
  type Way,
} from './messages.ts';
import { type ConnectivityProbe, openConnectivityProbe } from './probe.ts';

/** Tests the paths of media for pages that test a connection. */
export interface ConnectivityProbes {
  /** Serves a page whose link was verified; `visitor` is the same for all sockets of one link. */
  serve(ws: WebSocket, visitor: string): void;
  /** Idempotent. */
  close(): void;
}

/** Longer than any test: three paths of 15 s each, and a look at the result. */
const SOCKET_LIFE_MS = 2 * 60_000;
/** Several people of one office at once, while meetings run as well. */
const MAX_SOCKETS = 20;
const MAX_SOCKETS_PER_VISITOR = 2;
/** A whole test with its counting sends some fifty requests in half a minute. */
const REQUEST_LIMIT = { burst: 40, perSecond: 5 };
/** Every path three times. */
const PROBES_PER_SOCKET = 9;

/** @see https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number */
const TRY_AGAIN = 1013;

export const createConnectivityProbes = (options: {
  readonly workers: () => Workers | { readonly missing: string };
  /** Empty when there is no relay. */
  readonly iceServers: (visitor: string) => readonly IceServer[];
  readonly clock: Clock;
  readonly log: Log;
}): ConnectivityProbes => {
  const { clock, log } = options;
  const visitors = new Map<WebSocket, string>();

  const serve = (ws: WebSocket, visitor: string): void => {
    const own = [...visitors.values()].filter((each) => each === visitor).length;
    if (visitors.size >= MAX_SOCKETS || own >= MAX_SOCKETS_PER_VISITOR) {
      ws.close(TRY_AGAIN, 'Too many tests at once.');
      return;
    }
    visitors.set(ws, visitor);
    let probe: ConnectivityProbe | null = null;
    let begun = 0;

    const begin = async (way: Way): Promise<ProbeResponses['begin']> => {
      probe?.close();
      probe = null;
      begun += 1;
      if (begun > PROBES_PER_SOCKET) throw new Refused('not-allowed', { sentence: TEST_LIMIT });
      const workers = options.workers();
      if ('missing' in workers) throw new Refused('failed', { sentence: workers.missing });
      const opened = await openConnectivityProbe({ workers, way, iceServers: options.iceServers(visitor) });
      // The page may have closed meanwhile.
      if (ws.readyState !== WebSocket.OPEN) opened.close();
      probe = opened;
      return opened.begun;
    };
    const handle = async (request: ProbeRequest): Promise<ProbeResponses[ProbeRequestName]> => {
      switch (request.request) {
        case 'ping':
          return {};
        case 'ways':
          return {
            ways: options.iceServers(visitor).length > 0 ? ['udp', 'tcp', 'relay'] : ['udp', 'tcp'],
          };
        case 'begin':
          return begin(request.way);
        default:
          if (probe === null) throw new Refused('wrong-order', { reason: 'no path is being tested' });
          return probe.handle(request);
      }
    };

    const cancelTimeout = clock.after(SOCKET_LIFE_MS, () =>
      ws.close(CHANNEL_CLOSE.timeout, 'The test is over.'),
    );
    openRequestChannel({
      ws,
      schema: probeRequestSchema,
      handle,
      limit: REQUEST_LIMIT,
      closed: () => {
        cancelTimeout();
        visitors.delete(ws);
        probe?.close();
      },
      clock,
      log,
    });
  };

  return {
    serve,
    close() {
      for (const ws of visitors.keys()) ws.terminate();
    },
  };
};
