import type { ServerOptions, WebSocket } from 'ws';
import type { Log, WallClock } from '../../core/ports.ts';
import { createPageSockets, type Sockets } from '../sockets.ts';
import { verifyDoctorLink } from './link.ts';

/** The WebSockets of the connection test. */
export const createDoctorSockets = (options: {
  readonly serve: (ws: WebSocket, visitor: string) => void;
  readonly server: ServerOptions;
  readonly secret: Uint8Array;
  readonly clock: WallClock;
  readonly log: Log;
}): Sockets => {
  const { serve, server, secret, clock, log } = options;
  return createPageSockets({
    prefix: 'doctor',
    verify: (token) => verifyDoctorLink(token, secret, clock.nowMs()),
    serve: (ws, { visitor }) => serve(ws, visitor),
    server,
    log,
  });
};
