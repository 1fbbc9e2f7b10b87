import path from 'node:path';
import express, { Router } from 'express';
import type { Log, MeetingAccess, WallClock } from '../../core/ports.ts';
import { sendSentence } from '../sentence-page.ts';
import { MEETING_LINK_INVALID, MEETING_PAGE_LOADING, SOMETHING_WENT_WRONG } from '../sentences.ts';
import { browserOf } from './browser.ts';
import { verifyPass } from './link.ts';

/** The address of a meeting's page. */
export const meetingUrl = (base: string, token: string): string => `${base}/meet/${token}`;

/** The meeting page, its assets, and what it requests before a person joins. */
export const createMeetingRoutes = (options: {
  readonly meetings: MeetingAccess;
  /** Of the built page: `meeting.html` and its assets. Null as long as it is not built. */
  readonly pageDir: () => string | null;
  readonly secret: Uint8Array;
  /** Where browsers reach this instance; null when it is not configured. */
  readonly url: () => string | null;
  /** A token for the connection test. */
  readonly connectionTest: () => Promise<string>;
  readonly clock: WallClock;
  readonly log: Log;
}): Router => {
  const { meetings, pageDir, secret, clock, log } = options;
  const router = Router();

  router.get('/meet/:token', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return sendSentence(response, 403, MEETING_LINK_INVALID);
    // The page requests the rest itself, and claims the link for its browser. Only where it is served from cannot wait.
    const info = await meetings.info({ ...verified, browser: null });
    if (info !== null && info.redirectUrl !== null && info.redirectUrl !== options.url()) {
      return response.redirect(307, meetingUrl(info.redirectUrl, request.params.token));
    }
    if (info !== null && info.unavailable !== null) return sendSentence(response, 503, info.unavailable);
    const directory = pageDir();
    if (directory === null) return sendSentence(response, 503, MEETING_PAGE_LOADING);
    response.set(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)',
    );
    response.set('X-Frame-Options', 'DENY');
    response.sendFile(path.join(directory, 'meeting.html'), { cacheControl: false }, (error) => {
      if (error === undefined || response.headersSent) return;
      log.error({ err: error }, 'the meeting page could not be sent');
      sendSentence(response, 500, SOMETHING_WENT_WRONG);
    });
  });

  router.get('/meet/:token/info', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return void response.status(403).json({ closed: MEETING_LINK_INVALID });
    const info = await meetings.info({ ...verified, browser: browserOf(request) });
    if (info === null) return void response.status(404).json({ closed: MEETING_LINK_INVALID });
    // Pages try again later, and do not show it as the end.
    if (info.closed === null && info.unavailable !== null) {
      return void response.status(503).json({ closed: info.unavailable });
    }
    const { kind, capture, title, name, host, threadUrl, startedAtMs, closed } = info;
    response.json({
      kind,
      capture,
      title,
      name,
      host,
      threadUrl,
      startedAtMs: startedAtMs ?? clock.nowMs(),
      closed,
    });
  });

  // Also for an expired link: a failed connection may be why it expired.
  router.get('/meet/:token/connection', async (request, response) => {
    const verified = await verifyPass(request.params.token, secret, clock.nowMs());
    if (verified === null) return sendSentence(response, 403, MEETING_LINK_INVALID);
    response.redirect(303, `/doctor/${await options.connectionTest()}`);
  });

  // The names of assets contain a hash of their content.
  router.use('/meeting-page', (request, response, next) => {
    const directory = pageDir();
    if (directory === null) return next();
    const maxAge = request.path.startsWith('/assets/') ? '1y' : '1h';
    // All other responses are not to be cached; `express.static` keeps a header that is set already.
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
