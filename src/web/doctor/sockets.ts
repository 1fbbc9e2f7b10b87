import type { ServerOptions, WebSocket } from 'ws';
import type { Log, WallClock } from '../../core/ports.ts';
import { createPageSockets, type Sockets } from '../sockets.ts';
import { verifyDoctorLink } from './link.ts';

/** The way in for the page that tests a connection. */
export const createDoctorSockets = (parts: {
  readonly serve: (ws: WebSocket, visitor: string) => void;
  readonly options: ServerOptions;
  readonly secret: Uint8Array;
  readonly clock: WallClock;
  readonly log: Log;
}): Sockets => {
  const { serve, options, secret, clock, log } = parts;
  return createPageSockets({
    place: 'doctor',
    verify: (token) => verifyDoctorLink(token, secret, clock.nowMs()),
    serve: (ws, { visitor }) => serve(ws, visitor),
    options,
    log,
  });
};
