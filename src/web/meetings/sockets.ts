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

/** Pages then request over HTTP whether to try again. */
const TRY_AGAIN = 1013;

/** The WebSockets of meetings' pages, served where the meeting is hosted. */
export const createMeetingSockets = (options: {
  readonly meetings: MeetingAccess;
  readonly serve: ServePage;
  readonly server: ServerOptions;
  readonly secret: Uint8Array;
  readonly url: () => string | null;
  readonly clock: WallClock;
  readonly log: Log;
}): Sockets => {
  const { meetings, serve, server, secret, clock, log } = options;

  const admit = async (ws: WebSocket, token: string, link: MeetingLink): Promise<void> => {
    const { pass, browser, expired } = link;
    const admission = await meetings.admit(link);
    switch (admission.kind) {
      case 'hosted':
        serve(pass.conversationId, ws, { person: admission.person, browser, mustResume: expired });
        return;
      case 'redirect':
        if (admission.url !== '' && admission.url !== options.url()) {
          const url = `${meetingUrl(admission.url, token).replace(/^http/, 'ws')}/socket`;
          ws.send(JSON.stringify({ notification: 'reconnectTo', url }));
        }
        // With one address for all instances, the next attempt may reach the right one.
        ws.close(TRY_AGAIN, 'Another instance hosts this meeting.');
        return;
      case 'closed':
        ws.close(TRY_AGAIN, 'This meeting is closed.');
        return;
    }
  };

  return createPageSockets({
    prefix: 'meet',
    async verify(token, request) {
      const verified = await verifyPass(token, secret, clock.nowMs());
      return verified === null ? null : { ...verified, browser: browserOf(request) };
    },
    async serve(ws, link, token) {
      ws.on('error', () => ws.terminate());
      try {
        await admit(ws, token, link);
      } catch (error) {
        log.error({ err: error }, 'the page of a meeting could not be admitted');
        ws.close(TRY_AGAIN, 'Something went wrong.');
      }
    },
    server,
    log,
  });
};
