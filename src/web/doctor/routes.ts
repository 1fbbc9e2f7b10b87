import path from 'node:path';
import { Router } from 'express';
import type { Log, WallClock } from '../../core/ports.ts';
import { answerWithSentence } from '../sentence.ts';
import type { About } from './about.ts';
import { verifyDoctorLink } from './link.ts';

const REFUSED = 'This link is not valid any more. Whoever runs Parley gets a new one with: npm run doctor';
const NO_PAGE = 'The page is being made ready. Please try again in a moment.';

/** The page that tests a connection, and what the doctor on the command line asks of a running Parley. */
export const createDoctorRoutes = (parts: {
  /** Where the built page is; null as long as it is not built. */
  readonly pageDir: () => string | null;
  /** Why no meetings can be held, as a sentence; null when they can. */
  readonly missing: () => string | null;
  readonly secret: Uint8Array;
  readonly clock: WallClock;
  readonly log: Log;
}): Router => {
  const { pageDir, secret, clock, log } = parts;
  const router = Router();

  router.get('/doctor/:token', async (request, response) => {
    if ((await verifyDoctorLink(request.params.token, secret, clock.nowMs())) === null) {
      return answerWithSentence(response, 403, REFUSED);
    }
    const directory = pageDir();
    if (directory === null) return answerWithSentence(response, 503, NO_PAGE);
    response.set('X-Frame-Options', 'DENY');
    response.sendFile(path.join(directory, 'doctor.html'), { cacheControl: false }, (error) => {
      if (error === undefined || response.headersSent) return;
      log.error({ err: error }, 'the page that tests connections could not be sent');
      answerWithSentence(response, 500, NO_PAGE);
    });
  });

  router.get('/doctor/:token/about', async (request, response) => {
    if ((await verifyDoctorLink(request.params.token, secret, clock.nowMs())) === null) {
      return answerWithSentence(response, 403, REFUSED);
    }
    const about: About = { parley: true, nowMs: clock.nowMs(), meetingsMissing: parts.missing() };
    response.json(about);
  });

  return router;
};
