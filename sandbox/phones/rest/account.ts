import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Network } from '../network.ts';
import { notFound } from './errors.ts';
import { pageOf } from './page.ts';
import { accountResource, numberResource } from './shapes.ts';

const query = z.looseObject({ PhoneNumber: z.string().optional() });

/** The account itself, and its numbers: it has one. */
export const createAccountRoutes = (
  network: Network,
): { readonly resource: RequestHandler; readonly routes: Router } => {
  const { account } = network;
  const startedAtMs = Date.now();
  const sid = `PN${createHash('md5').update(account.parleyNumber).digest('hex')}`;
  const number = (): object => numberResource(account, sid, startedAtMs);
  const routes = Router();

  routes.get('/IncomingPhoneNumbers.json', (request, response) => {
    // As Twilio does, any number is found by some of its digits.
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
    resource: (_request, response) => void response.json(accountResource(account, startedAtMs)),
    routes,
  };
};
