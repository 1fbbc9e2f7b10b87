import path from 'node:path';
import express, { Router } from 'express';
import type { Log, MeetingAccess, WallClock } from '../../core/ports.ts';
import { answerWithSentence } from '../sentence.ts';
import { browserOf } from './browser.ts';
import { verifyPass } from './link.ts';

const REFUSED = 'This link is not valid. Press Join on the card in Slack to get one of your own.';
const NO_PAGE = 'The page for meetings is being made ready. Please try again in a moment.';

/** The address of a meeting's page. */
export const meetingUrl = (base: string, token: string): string => `${base}/meet/${token}`;

/** The page of meetings, what it loads, and what it asks before one joins. */
export const createMeetingRoutes = (parts: {
  readonly meetings: MeetingAccess;
  /** Where the built page is: `meeting.html` and what it loads. Null as long as it is not built. */
  readonly pageDir: () => string | null;
  readonly secret: Uint8Array;
  /** Where browsers reach this copy; null when nobody said. */
  readonly url: () => string | null;
  /** A token for the page that tests a connection. */
  readonly connectionTest: () => Promise<string>;
  readonly clock: WallClock;
  readonly log: Log;
}): Router => {
  const { meetings, pageDir, secret, clock, log } = parts;
  const router = Router();

  router.get('/meet/:token', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return answerWithSentence(response, 403, REFUSED);
    // The page itself asks for the rest, and takes the link for its browser; only where it is served from cannot wait.
    const info = await meetings.info({ ...verified, browser: null });
    if (info !== null && info.redirectUrl !== null && info.redirectUrl !== parts.url()) {
      return response.redirect(307, meetingUrl(info.redirectUrl, request.params.token));
    }
    if (info !== null && info.unavailable !== null)
      return answerWithSentence(response, 503, info.unavailable);
    const directory = pageDir();
    if (directory === null) return answerWithSentence(response, 503, NO_PAGE);
    response.set(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)',
    );
    response.set('X-Frame-Options', 'DENY');
    response.sendFile(path.join(directory, 'meeting.html'), { cacheControl: false }, (error) => {
      if (error === undefined || response.headersSent) return;
      log.error({ err: error }, 'the page of meetings could not be sent');
      answerWithSentence(response, 500, NO_PAGE);
    });
  });

  router.get('/meet/:token/info', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return void response.status(403).json({ closed: REFUSED });
    const info = await meetings.info({ ...verified, browser: browserOf(request) });
    if (info === null) return void response.status(404).json({ closed: REFUSED });
    // Pages ask again later, and do not take it for the end.
    if (info.closed === null && info.unavailable !== null) {
      return void response.status(503).json({ closed: info.unavailable });
    }
    const { title, name, host, startedAtMs, closed } = info;
    response.json({ title, name, host, startedAtMs: startedAtMs ?? clock.nowMs(), closed });
  });

  // Also for an expired link: that somebody could not get in may be why they ask.
  router.get('/meet/:token/connection', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return answerWithSentence(response, 403, REFUSED);
    response.redirect(303, `/doctor/${await parts.connectionTest()}`);
  });

  // Their names change with what is in them.
  router.use('/meeting-page', (request, response, next) => {
    const directory = pageDir();
    if (directory === null) return next();
    const maxAge = request.path.startsWith('/assets/') ? '1y' : '1h';
    // Everything else of Parley's is not to be kept, and what says so already is not said otherwise.
    response.removeHeader('Cache-Control');
    const missing = (error?: unknown): void => {
      response.set('Cache-Control', 'no-store');
      next(error);
    };
    express.static(directory, { index: false, maxAge, immutable: maxAge === '1y' })(
      request,
      response,
      missing,
    );
  });

  return router;
};
