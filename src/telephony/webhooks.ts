import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { LegId, ProviderCallId, RecordingId } from '../core/ids.ts';
import type { CallInstruction, Clock, IncomingCall, Log, PhoneEvent, PhoneEvents } from '../core/ports.ts';
import {
  attempt as attemptSchema,
  callForm,
  incomingForm,
  keyForm,
  legId as legIdSchema,
  machineForm,
  optionalCount,
  pinForm,
  recordingForm,
  statusForm,
  streamForm,
} from './schemas.ts';
import { isSigned } from './signature.ts';
import { answeredByOf, eventOf, recordingStateOf, reportOf } from './status.ts';
import { signStreamPass } from './stream/pass.ts';
import { apology, twimlOf, type Voice } from './twiml.ts';
import { PATHS, webhookUrlsBelow } from './urls.ts';

/** The network waits 15 s, and the phone hears nothing meanwhile. */
const RESPONSE_TIMEOUT_MS = 10_000;
/** A webhook has some 30 short parameters. */
const MAX_BODY = '32kb';

export interface WebhookOptions {
  readonly events: PhoneEvents;
  readonly accountSid: string;
  readonly authToken: string;
  readonly publicUrl: () => string | null;
  readonly secret: Uint8Array;
  readonly voice: Voice;
  /** Called for each request that was not signed, or not valid. */
  readonly onRefused: () => void;
  /** Called for each audio stream that the network could not open, or broke off. */
  readonly onStreamError: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The network's webhooks. A request has to be signed over the public URL that we gave, and name our account; anything
 * else gets 403 and no more. Requests are repeated and replayed: the flows know every event by its leg and call, so the
 * network's own idempotency tokens are not needed.
 */
export const createWebhooks = (options: WebhookOptions): Router => {
  const { events, log } = options;
  const router = Router();
  const { on, refuse } = createReceiver(router, options);
  const instruct = createInstructor(options);

  const withLeg = (
    request: Request,
    response: Response,
    work: (legId: LegId) => Promise<void>,
  ): Promise<void> | void => {
    const legId = legIdSchema.safeParse(request.params.legId);
    return legId.success ? work(legId.data as LegId) : refuse(response, 'no such leg');
  };

  /** The network does not act on the response, but shows failures to its customer. */
  const report = async (
    response: Response,
    legId: LegId,
    callId: ProviderCallId,
    event: PhoneEvent | null,
  ): Promise<void> => {
    try {
      if (event !== null) await events.handleEvent(legId, callId, event);
      response.status(204).end();
    } catch (error) {
      log.error({ err: error, legId, event: event?.type }, 'telephony: an event could not be stored');
      response.status(503).end();
    }
  };

  for (const noticePlayed of [false, true]) {
    const path = noticePlayed ? PATHS.voiceAfterNotice : PATHS.voice;
    on(path, callForm, async ({ CallSid }, request, response) => {
      const counts = progressCounts.safeParse(request.params);
      if (!counts.success) return refuse(response, 'no such attempt');
      await withLeg(request, response, (legId) =>
        instruct(response, asCall(CallSid), () =>
          events.answered(legId, asCall(CallSid), { noticePlayed, ...counts.data }),
        ),
      );
    });
  }
  on(PATHS.key, keyForm, async ({ CallSid, Digits }, request, response) =>
    withLeg(request, response, (legId) =>
      instruct(response, asCall(CallSid), () => events.keyPressed(legId, asCall(CallSid), Digits)),
    ),
  );
  on(PATHS.incoming, incomingForm, async (form, _request, response) =>
    instruct(response, asCall(form.CallSid), () => events.dialledIn(callerOf(form))),
  );
  on(PATHS.pin, pinForm, async (form, request, response) => {
    const attempt = attemptSchema.safeParse(request.params.attempt);
    if (!attempt.success) return refuse(response, 'no such attempt');
    await instruct(response, asCall(form.CallSid), () =>
      events.pinEntered(callerOf(form), form.Digits.replace(/[*#]/g, ''), attempt.data),
    );
  });

  on(PATHS.status, statusForm, async (form, request, response) =>
    withLeg(request, response, (legId) => {
      const why = { sipResponse: form.SipResponseCode ?? null, code: form.ErrorCode ?? null };
      return report(response, legId, asCall(form.CallSid), eventOf(reportOf(form.CallStatus, why)));
    }),
  );
  on(PATHS.machine, machineForm, async ({ CallSid, AnsweredBy }, request, response) =>
    withLeg(request, response, (legId) =>
      report(response, legId, asCall(CallSid), { type: 'answered-by', by: answeredByOf(AnsweredBy) }),
    ),
  );
  on(PATHS.recording, recordingForm, async ({ CallSid, RecordingSid, RecordingStatus }, request, response) =>
    withLeg(request, response, (legId) => {
      const recordingId = RecordingSid as RecordingId;
      const state = recordingStateOf(RecordingStatus);
      const event: PhoneEvent | null =
        state === 'ready' || state === 'absent' ? { type: `recording-${state}`, recordingId } : null;
      return report(response, legId, asCall(CallSid), event);
    }),
  );
  on(PATHS.legStream, streamForm, async ({ CallSid, StreamEvent, StreamError }, request, response) =>
    withLeg(request, response, async (legId) => {
      const counts = progressCounts.safeParse(request.params);
      if (!counts.success) return refuse(response, 'no such attempt');
      if (StreamEvent !== 'stream-error') return void response.status(204).end();
      log.warn({ legId, reason: withoutDetails(StreamError) }, 'telephony: the audio of a phone failed');
      options.onStreamError();
      const event = { type: 'audio-failed', progress: { noticePlayed: true, ...counts.data } } as const;
      return report(response, legId, asCall(CallSid), event);
    }),
  );

  /** Bodies that are too large, or no form. */
  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent || !('status' in error) || error.status >= 500) return next(error);
    refuse(response, 'not a form');
  };
  router.use('/telephony', onError);
  return router;
};

const progressCounts = z.object({ attempts: optionalCount, connects: optionalCount });

/** What a log may have of the network's sentence: no address, and nothing that may be a number or a name. */
const withoutDetails = (sentence: string): string =>
  sentence
    .replace(/\S*:\/\/\S*|\+?\d{6,}/g, '…')
    .replace(/[^\w .,:;()'…-]/g, ' ')
    .slice(0, 200);

/** Routes for signed forms of our account. */
const createReceiver = (
  router: Router,
  { accountSid, authToken, publicUrl, onRefused, log }: WebhookOptions,
) => {
  const ourAccount = z.object({ AccountSid: z.literal(accountSid) });
  const parseBody = express.urlencoded({ extended: false, limit: MAX_BODY, parameterLimit: 200 });

  const isTheirs = (request: Request): boolean => {
    const base = publicUrl();
    const parameters = (request.body ?? {}) as Record<string, unknown>;
    return (
      base !== null &&
      isSigned(authToken, {
        signature: request.headers['x-twilio-signature'],
        url: `${base}${request.originalUrl}`,
        parameters,
      }) &&
      ourAccount.safeParse(parameters).success
    );
  };
  const refuse = (response: Response, reason: string): void => {
    log.warn({ reason }, 'telephony: request refused');
    onRefused();
    response.status(403).end();
  };
  const on = <Form>(
    path: string,
    form: z.ZodType<Form>,
    handle: (form: Form, request: Request, response: Response) => Promise<void>,
  ): void => {
    router.post(path, parseBody, async (request, response) => {
      if (!isTheirs(request)) return refuse(response, 'not signed for us');
      const parsed = form.safeParse(request.body);
      if (!parsed.success) return refuse(response, 'not valid');
      await handle(parsed.data, request, response);
    });
  };
  return { on, refuse };
};

/** Responds with what a phone is to do next: in time, and with an apology when the flows fail or take too long. */
const createInstructor =
  ({ publicUrl, secret, voice, clock, log }: WebhookOptions) =>
  async (
    response: Response,
    callId: ProviderCallId,
    decide: () => Promise<CallInstruction>,
  ): Promise<void> => {
    const twiml = async (): Promise<string> => {
      const instruction = await decide();
      const streamToken =
        instruction.next === 'connect'
          ? await signStreamPass({ legId: instruction.legId, callId }, secret, clock.nowMs())
          : '';
      return twimlOf(instruction, { urls: webhookUrlsBelow(publicUrl() ?? ''), streamToken, voice });
    };
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(RESPONSE_TIMEOUT_MS, () => late.reject(new Error('took too long')));
    const xml = await Promise.race([twiml(), late.promise])
      .catch((error: unknown) => {
        log.error({ err: error, callId }, 'telephony: no instruction for a phone');
        return apology(voice);
      })
      .finally(cancel);
    response.type('text/xml').send(xml);
  };

const asCall = (sid: string): ProviderCallId => sid as ProviderCallId;
const callerOf = (form: { readonly CallSid: string; readonly From: string }): IncomingCall => ({
  callId: asCall(form.CallSid),
  from: form.From,
});
