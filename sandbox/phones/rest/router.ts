import { timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Clock, Log } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { Recordings } from '../call/recordings.ts';
import type { PhoneFailure } from '../failures.ts';
import type { CustomerCalls } from '../live-call.ts';
import type { Account } from '../options.ts';
import { createAccountRoutes } from './account.ts';
import { createCallRoutes } from './calls.ts';
import { notFound, RestError } from './errors.ts';
import { createRecordingRoutes } from './recordings.ts';

/** The REST API below `/2010-04-01`, for one account. */
export const createRestRouter = (network: {
  account: Account;
  apiUrl: () => string;
  calls: CustomerCalls;
  recordings: Recordings;
  /** Whether a trial account may call the number. */
  isVerified: (number: string) => boolean;
  /** How far this API is behind what webhooks report. */
  restLagMs: number;
  failures: Failures<PhoneFailure>;
  clock: Clock;
  log: Log;
}): Router => {
  const { apiUrl, calls, recordings, isVerified, failures, clock } = network;
  const seenAtMs = (): number => clock.nowMs() - network.restLagMs;
  const { accountSid } = network.account;
  const router = Router();
  const account = Router();
  const { resource, routes } = createAccountRoutes(network.account, { failures, clock });
  account.use(authenticate(network.account));
  account.use(failOnPurpose(failures));
  account.use(express.urlencoded({ extended: false, limit: '256kb' }));
  account.use(
    createCallRoutes(network.account, calls, { failures, seenAtMs, isVerified }),
    createRecordingRoutes({ accountSid, apiUrl }, { calls, recordings, failures, seenAtMs }),
    routes,
  );
  router.get(
    `/Accounts/${accountSid}.json`,
    authenticate(network.account),
    failOnPurpose(failures),
    resource,
  );
  router.use(`/Accounts/${accountSid}`, account);
  router.use(authenticate(network.account), (request) => {
    throw notFound(request.originalUrl);
  });
  router.use(restErrors(network.log));
  return router;
};

const authenticate = ({ accountSid, authToken }: Account): RequestHandler => {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  return (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      next();
      return;
    }
    response.set('www-authenticate', 'Basic realm="Twilio API"');
    throw new RestError(401, 20_003, 'Authenticate');
  };
};

const failOnPurpose =
  (failures: Failures<PhoneFailure>): RequestHandler =>
  (_request, _response, next) => {
    if (failures.shouldFail('phone-api-429')) throw new RestError(429, 20_429, 'Too Many Requests');
    if (failures.shouldFail('phone-api-500')) {
      throw new RestError(500, 20_500, 'An internal server error has occurred');
    }
    next();
  };

const restErrors =
  (log: Log): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof RestError) {
      response.status(error.status).json(error);
      return;
    }
    const isUnreadable = typeof (error as { type?: unknown }).type === 'string';
    if (!isUnreadable) log.error({ err: error }, 'phones: a REST request failed');
    const fault = isUnreadable
      ? new RestError(400, 20_001, 'The request cannot be read')
      : new RestError(500, 20_500, 'An internal server error has occurred');
    response.status(fault.status).json(fault);
  };
