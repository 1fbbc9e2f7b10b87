import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { LegId, ProviderCallId, RecordingId } from '../core/ids.ts';
import type {
  CallInstruction,
  IncomingCall,
  Log,
  PhoneEvent,
  PhoneEvents,
  WallClock,
} from '../core/ports.ts';
import { addressesBelow, PATHS } from './addresses.ts';
import {
  attempts,
  callForm,
  incomingForm,
  keyForm,
  machineForm,
  pinForm,
  recordingForm,
  statusForm,
  waits as waitsSchema,
} from './forms.ts';
import { legId as legIdSchema } from './sids.ts';
import { isSigned } from './signature.ts';
import { answeredByOf, eventOf, recordingStateOf, reportOf } from './status.ts';
import { signStreamPass } from './stream/token.ts';
import { apology, twimlOf, type Voice } from './twiml.ts';

/** The network waits 15 s; whoever holds the telephone hears nothing meanwhile. */
const ANSWER_WITHIN_MS = 10_000;
/** Its requests have some 30 short parameters. */
const MOST_BODY = '32kb';

export interface WebhookOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly publicUrl: () => string | null;
  readonly secret: Uint8Array;
  readonly voice: Voice;
  /** How long the flows may take before a telephone hears an apology. Default 10 s. */
  readonly answerWithinMs?: number;
  /** A request was not the network's, or not understood. */
  readonly onRefused?: () => void;
  readonly clock: WallClock;
  readonly log: Log;
}

/**
 * What the network asks and tells over HTTP. Requests are believed when they are signed over the public address we
 * gave, and name our account; the rest is 403 and no more. Requests come twice and are replayed: their effects are the
 * flows', which know every event by leg and call, so that the network's own tokens for repeated requests are not needed.
 */
export const createWebhooks = (options: WebhookOptions & { readonly calls: PhoneEvents }): Router => {
  const { accountSid, authToken, publicUrl, secret, voice, calls, clock, log } = options;
  const { answerWithinMs = ANSWER_WITHIN_MS } = options;
  const router = Router();
  const ourAccount = z.object({ AccountSid: z.literal(accountSid) });
  const parseBody = express.urlencoded({ extended: false, limit: MOST_BODY, parameterLimit: 200 });

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

  /** A path of the network's, with what it posts there. */
  const on = <Form>(
    path: string,
    form: z.ZodType<Form>,
    answer: (form: Form, request: Request, response: Response) => Promise<void>,
  ): void => {
    router.post(path, parseBody, async (request, response) => {
      if (!isTheirs(request)) return refuse(response, 'not signed for us');
      const parsed = form.safeParse(request.body);
      if (!parsed.success) return refuse(response, 'not understood');
      await answer(parsed.data, request, response);
    });
  };
  const refuse = (response: Response, why: string): void => {
    log.warn({ why }, 'telephony: a request was refused');
    options.onRefused?.();
    response.status(403).end();
  };
  const withLeg = (
    request: Request,
    response: Response,
    work: (legId: LegId) => Promise<void>,
  ): Promise<void> | void => {
    const legId = legIdSchema.safeParse(request.params.legId);
    return legId.success ? work(legId.data as LegId) : refuse(response, 'no such leg');
  };

  /** Answers with what a telephone is to do next, in time, whatever becomes of the flows. */
  const speak = async (
    response: Response,
    callId: ProviderCallId,
    ask: () => Promise<CallInstruction>,
  ): Promise<void> => {
    const xml = await within(answerWithinMs, async () => twiml(callId, await ask())).catch(
      (error: unknown) => {
        log.error({ err: error, callId }, 'telephony: no answer for a telephone');
        return apology(voice);
      },
    );
    response.type('text/xml').send(xml);
  };
  const twiml = async (callId: ProviderCallId, answer: CallInstruction): Promise<string> => {
    const streamToken =
      answer.next === 'connect'
        ? await signStreamPass({ legId: answer.legId, callId }, secret, clock.nowMs())
        : '';
    return twimlOf(answer, { addresses: addressesBelow(publicUrl() ?? ''), streamToken, voice });
  };

  /** Passes on what happened. The network does not care for the answer, but shows failures to its customer. */
  const tell = async (
    response: Response,
    legId: LegId,
    callId: ProviderCallId,
    event: PhoneEvent | null,
  ): Promise<void> => {
    try {
      if (event !== null) await calls.handleEvent(legId, callId, event);
      response.status(204).end();
    } catch (error) {
      log.error({ err: error, legId, event: event?.type }, 'telephony: an event could not be stored');
      response.status(503).end();
    }
  };

  for (const told of [false, true]) {
    on(told ? PATHS.again : PATHS.voice, callForm, async ({ CallSid }, request, response) => {
      const waits = waitsSchema.safeParse(request.params.attempts);
      if (!waits.success) return refuse(response, 'no such wait');
      await withLeg(request, response, (legId) =>
        speak(response, asCall(CallSid), () =>
          calls.answered(legId, asCall(CallSid), { noticePlayed: told, attempts: waits.data }),
        ),
      );
    });
  }
  on(PATHS.key, keyForm, async ({ CallSid, Digits }, request, response) =>
    withLeg(request, response, (legId) =>
      speak(response, asCall(CallSid), () => calls.keyPressed(legId, asCall(CallSid), Digits)),
    ),
  );
  on(PATHS.incoming, incomingForm, async (form, _request, response) =>
    speak(response, asCall(form.CallSid), () => calls.dialledIn(callerOf(form))),
  );
  on(PATHS.pin, pinForm, async (form, request, response) => {
    const attempt = attempts.safeParse(request.params.attempt);
    if (!attempt.success) return refuse(response, 'no such attempt');
    await speak(response, asCall(form.CallSid), () =>
      calls.pinEntered(callerOf(form), form.Digits.replace(/[*#]/g, ''), attempt.data),
    );
  });

  on(
    PATHS.status,
    statusForm,
    async ({ CallSid, CallStatus, SipResponseCode, ErrorCode }, request, response) =>
      withLeg(request, response, (legId) => {
        const why = { sipResponse: SipResponseCode ?? null, code: ErrorCode ?? null };
        return tell(response, legId, asCall(CallSid), eventOf(reportOf(CallStatus, why)));
      }),
  );
  on(PATHS.machine, machineForm, async ({ CallSid, AnsweredBy }, request, response) =>
    withLeg(request, response, (legId) =>
      tell(response, legId, asCall(CallSid), { type: 'answered-by', by: answeredByOf(AnsweredBy) }),
    ),
  );
  on(PATHS.recording, recordingForm, async ({ CallSid, RecordingSid, RecordingStatus }, request, response) =>
    withLeg(request, response, (legId) => {
      const recordingId = RecordingSid as RecordingId;
      const state = recordingStateOf(RecordingStatus);
      const event: PhoneEvent | null =
        state === 'ready' || state === 'absent' ? { type: `recording-${state}`, recordingId } : null;
      return tell(response, legId, asCall(CallSid), event);
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

const asCall = (sid: string): ProviderCallId => sid as ProviderCallId;
const callerOf = (form: { readonly CallSid: string; readonly From: string }): IncomingCall => ({
  callId: asCall(form.CallSid),
  from: form.From,
});

const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('took too long')), ms);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
