import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Log, MeetingPass, MeetingPerson, Meetings } from '../core/ports.ts';
import { verifyPass } from './link.ts';
import { meetingUrl } from './routes.ts';

/** Serves one page on its socket; see the media room. */
export type ServePage = (
  id: MeetingPass['conversationId'],
  ws: WebSocket,
  person: MeetingPerson & { readonly mustResume: boolean },
) => void;

export interface MeetingSockets {
  /** Takes the upgrade if its path is a meeting's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends whoever is still connected. */
  close(): void;
}

/** Pages then ask over HTTP whether to come again. */
const TRY_AGAIN = 1013;

const refuse = (socket: Duplex): void => {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
};

/** The way in for the sockets of meetings' pages: who they are by their link, and where their meeting is. */
export const createMeetingSockets = (parts: {
  readonly meetings: Meetings;
  readonly serve: ServePage;
  readonly options: ServerOptions;
  readonly secret: Uint8Array;
  readonly url: () => string | null;
  readonly clock: Clock;
  readonly log: Log;
}): MeetingSockets => {
  const { meetings, serve, secret, clock, log } = parts;
  const server = new WebSocketServer({ ...parts.options, noServer: true });

  const admit = async (
    ws: WebSocket,
    token: string,
    mayComeIn: MeetingPass,
    expired: boolean,
  ): Promise<void> => {
    const entrance = await meetings.enter(mayComeIn);
    switch (entrance.at) {
      case 'here':
        serve(mayComeIn.conversationId, ws, { ...entrance.person, mustResume: expired });
        return;
      case 'elsewhere':
        if (entrance.url !== '' && entrance.url !== parts.url()) {
          const url = `${meetingUrl(entrance.url, token).replace(/^http/, 'ws')}/socket`;
          ws.send(JSON.stringify({ tell: 'reconnectTo', url }));
        }
        // Behind one address for all copies, the next try may reach the right one.
        ws.close(TRY_AGAIN, 'This meeting is elsewhere.');
        return;
      case 'nowhere':
        ws.close(TRY_AGAIN, 'This meeting takes nobody.');
        return;
    }
  };

  const open = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    token: string,
  ): Promise<void> => {
    const verified = await verifyPass(token, secret, clock.nowMs());
    if (verified === null) return refuse(socket);
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => ws.terminate());
      admit(ws, token, verified.pass, verified.expired).catch((error: unknown) => {
        log.error({ err: error }, 'a page could not be let into its meeting');
        ws.close(TRY_AGAIN, 'Something went wrong on Parley’s side.');
      });
    });
  };

  return {
    upgrade(request, socket, head) {
      const token = /^\/meet\/([^/?]+)\/socket$/.exec(request.url ?? '')?.[1];
      if (token === undefined) return false;
      socket.on('error', () => socket.destroy());
      open(request, socket, head, token).catch((error: unknown) => {
        log.error({ err: error }, 'a page could not connect');
        socket.destroy();
      });
      return true;
    },
    close() {
      for (const ws of server.clients) ws.terminate();
      server.close();
    },
  };
};
