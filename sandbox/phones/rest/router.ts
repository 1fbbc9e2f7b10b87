import { timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Network } from '../network.ts';
import { createAccountRoutes } from './account.ts';
import { createCallRoutes } from './calls.ts';
import { notFound, RestError } from './errors.ts';
import { createRecordingRoutes } from './recordings.ts';

/** The REST interface below `/2010-04-01`, for one account. */
export const createRestRouter = (network: Network): Router => {
  const router = Router();
  const account = Router();
  const { resource, routes } = createAccountRoutes(network);
  account.use(authenticate(network));
  account.use(failOnPurpose(network));
  account.use(express.urlencoded({ extended: false, limit: '256kb' }));
  account.use(createCallRoutes(network), createRecordingRoutes(network), routes);
  const its = `/Accounts/${network.account.accountSid}.json`;
  router.get(its, authenticate(network), failOnPurpose(network), resource);
  router.use(`/Accounts/${network.account.accountSid}`, account);
  router.use(authenticate(network), (request) => {
    throw notFound(request.originalUrl);
  });
  router.use(restErrors(network));
  return router;
};

const authenticate = ({ account: { accountSid, authToken } }: Network): RequestHandler => {
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
  ({ failures }: Network): RequestHandler =>
  (_request, _response, next) => {
    if (failures.shouldFail('phone-api-429')) throw new RestError(429, 20_429, 'Too Many Requests');
    if (failures.shouldFail('phone-api-500')) {
      throw new RestError(500, 20_500, 'An internal server error has occurred');
    }
    next();
  };

const restErrors =
  (network: Network): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof RestError) {
      response.status(error.status).json(error);
      return;
    }
    const tooOdd = typeof (error as { type?: unknown }).type === 'string';
    if (!tooOdd) network.log.error({ err: error }, 'phones: a REST request failed');
    const fault = tooOdd
      ? new RestError(400, 20_001, 'The request cannot be read')
      : new RestError(500, 20_500, 'An internal server error has occurred');
    response.status(fault.status).json(fault);
  };
