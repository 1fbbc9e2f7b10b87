import type { ServerOptions, WebSocket } from 'ws';
import type {
  Log,
  MeetingAccess,
  MeetingLink,
  MeetingPass,
  MeetingPerson,
  WallClock,
} from '../../core/ports.ts';
import { createPageSockets, type Sockets } from '../sockets.ts';
import { browserOf } from './browser.ts';
import { verifyPass } from './link.ts';
import { meetingUrl } from './routes.ts';

/** Serves one page on its socket. */
export type ServePage = (
  id: MeetingPass['conversationId'],
  ws: WebSocket,
  visitor: {
    readonly person: MeetingPerson;
    readonly browser: string | null;
    readonly mustResume: boolean;
  },
) => void;

/** Pages then ask over HTTP whether to come again. */
const TRY_AGAIN = 1013;

/** The way in for the sockets of meetings' pages: who they are by their link, and where their meeting is. */
export const createMeetingSockets = (parts: {
  readonly meetings: MeetingAccess;
  readonly serve: ServePage;
  readonly options: ServerOptions;
  readonly secret: Uint8Array;
  readonly url: () => string | null;
  readonly clock: WallClock;
  readonly log: Log;
}): Sockets => {
  const { meetings, serve, secret, clock, log } = parts;

  const admit = async (ws: WebSocket, token: string, link: MeetingLink): Promise<void> => {
    const { pass, browser, expired } = link;
    const entrance = await meetings.admit(link);
    switch (entrance.kind) {
      case 'hosted':
        serve(pass.conversationId, ws, { person: entrance.person, browser, mustResume: expired });
        return;
      case 'redirect':
        if (entrance.url !== '' && entrance.url !== parts.url()) {
          const url = `${meetingUrl(entrance.url, token).replace(/^http/, 'ws')}/socket`;
          ws.send(JSON.stringify({ notification: 'reconnectTo', url }));
        }
        // Behind one address for all copies, the next try may reach the right one.
        ws.close(TRY_AGAIN, 'This meeting is elsewhere.');
        return;
      case 'closed':
        ws.close(TRY_AGAIN, 'This meeting takes nobody.');
        return;
    }
  };

  return createPageSockets({
    place: 'meet',
    async verify(token, request) {
      const verified = await verifyPass(token, secret, clock.nowMs());
      return verified === null ? null : { ...verified, browser: browserOf(request) };
    },
    async serve(ws, link, token) {
      ws.on('error', () => ws.terminate());
      try {
        await admit(ws, token, link);
      } catch (error) {
        log.error({ err: error }, 'a page could not be let into its meeting');
        ws.close(TRY_AGAIN, 'Something went wrong on Parley’s side.');
      }
    },
    options: parts.options,
    log,
  });
};
