import type { ServerOptions, WebSocket } from 'ws';
import type { Clock, Log, MeetingPass, MeetingPerson, Meetings } from '../core/ports.ts';
import { createPageSockets, type Sockets } from '../http/sockets.ts';
import { verifyPass } from './link.ts';
import { meetingUrl } from './routes.ts';

/** Serves one page on its socket; see the media room. */
export type ServePage = (
  id: MeetingPass['conversationId'],
  ws: WebSocket,
  person: MeetingPerson & { readonly mustResume: boolean },
) => void;

/** Pages then ask over HTTP whether to come again. */
const TRY_AGAIN = 1013;

/** The way in for the sockets of meetings' pages: who they are by their link, and where their meeting is. */
export const createMeetingSockets = (parts: {
  readonly meetings: Meetings;
  readonly serve: ServePage;
  readonly options: ServerOptions;
  readonly secret: Uint8Array;
  readonly url: () => string | null;
  readonly clock: Clock;
  readonly log: Log;
}): Sockets => {
  const { meetings, serve, secret, clock, log } = parts;

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

  return createPageSockets({
    place: 'meet',
    verify: (token) => verifyPass(token, secret, clock.nowMs()),
    async serve(ws, { pass, expired }, token) {
      ws.on('error', () => ws.terminate());
      try {
        await admit(ws, token, pass, expired);
      } catch (error) {
        log.error({ err: error }, 'a page could not be let into its meeting');
        ws.close(TRY_AGAIN, 'Something went wrong on Parley’s side.');
      }
    },
    options: parts.options,
    log,
  });
};
