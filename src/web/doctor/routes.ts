import path from 'node:path';
import { Router } from 'express';
import type { Log, WallClock } from '../../core/ports.ts';
import { sendSentence } from '../sentence-page.ts';
import { SOMETHING_WENT_WRONG, TEST_LINK_EXPIRED, TEST_PAGE_LOADING } from '../sentences.ts';
import type { About } from './about.ts';
import { verifyDoctorLink } from './link.ts';

/** The page of the connection test, and what `npm run doctor` requests from a running Parley. */
export const createDoctorRoutes = (options: {
  /** Of the built page; null as long as it is not built. */
  readonly pageDir: () => string | null;
  /** Why no meetings can be held, as a sentence; null when they can. */
  readonly meetingsMissing: () => string | null;
  readonly secret: Uint8Array;
  readonly clock: WallClock;
  readonly log: Log;
}): Router => {
  const { pageDir, meetingsMissing, secret, clock, log } = options;
  const router = Router();

  router.get('/doctor/:token', async (request, response) => {
    if ((await verifyDoctorLink(request.params.token, secret, clock.nowMs())) === null) {
      return sendSentence(response, 403, TEST_LINK_EXPIRED);
    }
    const directory = pageDir();
    if (directory === null) return sendSentence(response, 503, TEST_PAGE_LOADING);
    response.set('X-Frame-Options', 'DENY');
    response.sendFile(path.join(directory, 'doctor.html'), { cacheControl: false }, (error) => {
      if (error === undefined || response.headersSent) return;
      log.error({ err: error }, 'the connection test could not be sent');
      sendSentence(response, 500, SOMETHING_WENT_WRONG);
    });
  });

  router.get('/doctor/:token/about', async (request, response) => {
    if ((await verifyDoctorLink(request.params.token, secret, clock.nowMs())) === null) {
      return sendSentence(response, 403, TEST_LINK_EXPIRED);
    }
    const about: About = { parley: true, nowMs: clock.nowMs(), meetingsMissing: meetingsMissing() };
    response.json(about);
  });

  return router;
};
