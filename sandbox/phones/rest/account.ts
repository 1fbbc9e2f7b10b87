import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { WallClock } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { PhoneFailure } from '../failures.ts';
import type { Account } from '../options.ts';
import { notFound } from './errors.ts';
import { pageOf } from './page.ts';
import { accountResource, numberResource } from './shapes.ts';

const query = z.looseObject({ PhoneNumber: z.string().optional() });

/** The account and its one number. */
export const createAccountRoutes = (
  account: Account,
  { failures, clock }: { failures: Failures<PhoneFailure>; clock: WallClock },
): { readonly resource: RequestHandler; readonly routes: Router } => {
  const startedAtMs = clock.nowMs();
  const sid = `PN${createHash('md5').update(account.parleyNumber).digest('hex')}`;
  const number = (): object => numberResource(account, sid, startedAtMs);
  const routes = Router();

  routes.get('/IncomingPhoneNumbers.json', (request, response) => {
    // As at Twilio, some of its digits find a number.
    const { PhoneNumber = '' } = query.parse(request.query);
    const found = account.parleyNumber.includes(PhoneNumber) ? [number] : [];
    const path = `${request.baseUrl}/IncomingPhoneNumbers.json`;
    const options = { path, query: request.query, shape: (each: () => object) => each() };
    response.json(pageOf('incoming_phone_numbers', found, options));
  });
  routes.get('/IncomingPhoneNumbers/:sid.json', (request, response) => {
    if (request.params.sid !== sid) throw notFound(request.originalUrl);
    response.json(number());
  });
  return {
    resource: (_request, response) =>
      void response.json(accountResource(account, startedAtMs, failures.isOn('phone-trial-account'))),
    routes,
  };
};
