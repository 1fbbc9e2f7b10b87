import { Router } from 'express';
import { z } from 'zod';
import type { Failures } from '../../common/failures.ts';
import { type CallRecord, recordAt } from '../call/record.ts';
import type { PhoneFailure } from '../failures.ts';
import type { CustomerCalls } from '../live-call.ts';
import type { Account } from '../options.ts';
import { notFound, RestError } from './errors.ts';
import { pageOf } from './page.ts';
import { callRequestOf, callUpdateOf } from './requests.ts';
import { callResource } from './shapes.ts';

const NOT_IN_PROGRESS = 'Call is not in-progress. Cannot redirect.';

/** @see https://www.twilio.com/docs/voice/api/call-resource */
export const createCallRoutes = (
  { accountSid, parleyNumber }: Account,
  calls: CustomerCalls,
  {
    failures,
    seenAtMs,
    isVerified,
  }: {
    failures: Failures<PhoneFailure>;
    /** Of when this API knows the calls. */
    seenAtMs: () => number;
    /** Whether a trial account may call the number. */
    isVerified: (number: string) => boolean;
  },
): Router => {
  const router = Router();
  const shape = (record: CallRecord): object => callResource(accountSid, recordAt(record, seenAtMs()));

  router.post('/Calls.json', (request, response) => {
    const wanted = callRequestOf(request.body, parleyNumber);
    if (failures.isOn('phone-trial-account') && !isVerified(wanted.to)) {
      const problem = `The number ${wanted.to} is unverified. Trial accounts may only make calls to verified numbers.`;
      throw new RestError(400, 21_219, problem);
    }
    const call = calls.place(wanted);
    if (failures.shouldFail('phone-call-response-lost')) {
      throw new RestError(500, 20_500, 'An internal server error has occurred');
    }
    response.status(201).json(shape(call.record));
  });
  router.get('/Calls.json', (request, response) => {
    const records = calls.all().flatMap(({ record }) => (record.createdAtMs <= seenAtMs() ? [record] : []));
    const found = records.filter(filterOf(request.query)).reverse();
    const path = `${request.baseUrl}/Calls.json`;
    response.json(pageOf('calls', found, { path, query: request.query, shape }));
  });
  router.get('/Calls/:sid.json', (request, response) => {
    const call = calls.get(request.params.sid);
    if (call === undefined) throw notFound(request.originalUrl);
    response.json(shape(call.record));
  });
  router.post('/Calls/:sid.json', (request, response) => {
    const call = calls.get(request.params.sid);
    if (call === undefined) throw notFound(request.originalUrl);
    const { status, source, statusCallback } = callUpdateOf(request.body);
    const isAnswered = recordAt(call.record, seenAtMs()).status === 'in-progress';
    const done =
      status !== undefined ? call.stop(status) : source !== null ? isAnswered && call.redirect(source) : true;
    if (!done) throw new RestError(400, 21_220, NOT_IN_PROGRESS);
    if (statusCallback !== null) call.setStatusCallback(statusCallback);
    response.json(shape(call.record));
  });
  return router;
};

const query = z.looseObject({
  To: z.string().optional(),
  From: z.string().optional(),
  Status: z.string().optional(),
  StartTime: z.string().optional(),
  // `StartTime>=2026-11-22` reaches a parser of queries as a name that ends in `>`.
  'StartTime>': z.string().optional(),
  'StartTime<': z.string().optional(),
});

const DAY_MS = 86_400_000;

/** Times are whole seconds; a bare date is all of that day. */
const filterOf = (value: unknown): ((record: CallRecord) => boolean) => {
  const { To, From, Status, StartTime, ...bounds } = query.parse(value);
  const since = bounds['StartTime>'];
  const until = bounds['StartTime<'];
  const day = StartTime?.slice(0, 10);
  return (record) => {
    const startMs = record.startedAtMs === null ? null : Math.floor(record.startedAtMs / 1000) * 1000;
    return (
      (To === undefined || record.to === To) &&
      (From === undefined || record.from === From) &&
      (Status === undefined || record.status === Status) &&
      (since === undefined || (startMs !== null && startMs >= Date.parse(since))) &&
      (until === undefined || (startMs !== null && startMs <= endOf(until))) &&
      (day === undefined || (startMs !== null && new Date(startMs).toISOString().startsWith(day)))
    );
  };
};

const endOf = (date: string): number => Date.parse(date) + (date.length === 10 ? DAY_MS - 1 : 0);
