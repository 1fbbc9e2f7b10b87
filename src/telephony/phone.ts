import { z } from 'zod';
import { AppError } from '../core/error.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../core/ids.ts';
import type { AnswerProgress, CallReport, Clock, DialRequest, Phone } from '../core/ports.ts';
import { backoffMs, retry } from '../core/retry.ts';
import { callOver, isCallStateRefused, PhoneFault, refused, toPhoneError } from './errors.ts';
import type { Recordings } from './recordings.ts';
import type { Rest } from './rest.ts';
import { callSid, callStatus, recordingSid } from './schemas.ts';
import { NO_PUBLIC_URL, NOT_ENCRYPTED, NOT_ON_443 } from './sentences.ts';
import { recordingStateOf, reportOf } from './status.ts';
import { pressKeys } from './twiml.ts';
import { type WebhookUrls, webhookUrlsBelow } from './urls.ts';

/** The network's clock may be this far behind ours, and it rounds to whole seconds. */
const CLOCK_SLACK_MS = 2_000;
/** More than one number is called in the minutes for which a dial is looked up, and more recordings than a call has. */
const MAX_LISTED = 50;
const NOTICE_PLAYED: AnswerProgress = { noticePlayed: true, attempts: 0, connects: 0 };
/** The longest call that the network allows without being asked by its customer. */
const MAX_CALL_S = 14_400;
/** Of requests that the network does not accept yet: some five seconds. */
const EARLY_ATTEMPTS = 7;

/** The Phone port over the network's REST API. */
export const createPhone = (parts: {
  readonly rest: Rest;
  readonly recordings: Recordings;
  readonly callerId: PhoneNumber;
  /** Whether the network requires https, as the vendor does and the simulated network does not. */
  readonly encrypted: boolean;
  readonly publicUrl: () => string | null;
  readonly clock: Pick<Clock, 'sleep'>;
}): Phone => {
  const { rest, callerId, encrypted, publicUrl, clock } = parts;
  const { client } = rest;

  const missing = (): string | null => {
    const url = publicUrl();
    if (url === null) return NO_PUBLIC_URL;
    if (!encrypted) return null;
    const { protocol, port } = new URL(url);
    if (protocol !== 'https:') return NOT_ENCRYPTED;
    return port === '' ? null : NOT_ON_443;
  };
  const urls = (): WebhookUrls => {
    const reason = missing();
    if (reason !== null) throw refused(reason);
    return webhookUrlsBelow(publicUrl()!);
  };

  const fetchCall: Phone['fetchCall'] = async (callId) => {
    const call = await rest.found(() => client.calls(callId).fetch());
    return call === null ? null : reportOf(parsed(callStatus, call.status));
  };
  const fetchRecordingState: Phone['fetchRecordingState'] = async (recordingId) => {
    const recording = await rest.found(() => client.recordings(recordingId).fetch());
    return recording === null ? null : recordingStateOf(recording.status);
  };

  /**
   * What needs an answered call; null when it has ended. The REST API lags the webhooks, so for some seconds it may not
   * know of the answer.
   */
  const onceAnswered = async <T>(callId: ProviderCallId, request: () => Promise<T>): Promise<T | null> => {
    const attempt = async (): Promise<T | null> => {
      try {
        return await request();
      } catch (error) {
        if (isRefusal(error) && ended(await fetchCall(callId))) return null;
        throw error;
      }
    };
    const waitAfter = (error: unknown, attempts: number): number | null =>
      isCallStateRefused(error) && attempts < EARLY_ATTEMPTS
        ? backoffMs(attempts, { firstMs: 250, longestMs: 1_000 })
        : null;
    return retry(attempt, { clock, waitAfter });
  };

  return {
    unavailableReason: missing,

    async dial(order) {
      const parameters = dialParameters(order, callerId, urls());
      const { sid } = await rest.once(() => client.calls.create(parameters));
      return parsed(callSid, sid) as ProviderCallId;
    },

    /**
     * Lists of calls do not show our URLs, which have the leg's id. So it is the earliest outbound call from our number
     * to this one since `sinceMs`. Two legs to one number that were interrupted at the same time cannot be told apart;
     * taking the other's call is better than calling twice.
     */
    async find(order, sinceMs) {
      const calls = await rest.idempotent(() =>
        client.calls.list({ to: order.to, from: callerId, limit: MAX_LISTED, pageSize: MAX_LISTED }),
      );
      const [earliest] = calls
        .map((call) => listedCall.safeParse(call).data)
        .filter((call) => call !== undefined)
        .filter(
          ({ direction, to, from }) => direction === 'outbound-api' && to === order.to && from === callerId,
        )
        .map((call) => ({ ...call, createdAtMs: call.dateCreated?.getTime() ?? Number.MAX_SAFE_INTEGER }))
        .filter(({ createdAtMs }) => createdAtMs >= sinceMs - CLOCK_SLACK_MS)
        .sort((one, other) => one.createdAtMs - other.createdAtMs);
      return earliest === undefined ? null : (earliest.sid as ProviderCallId);
    },

    fetchCall,

    async hangUp(callId) {
      await settled(
        () => rest.found(() => client.calls(callId).update({ status: 'completed' })),
        async () => (await fetchCall(callId))?.state === 'ended',
      );
    },

    async redirectCall(legId, callId, progress = NOTICE_PLAYED) {
      const url = urls().voice(legId, progress);
      const parameters = { url, method: 'POST', fallbackUrl: url, fallbackMethod: 'POST' };
      const redirected = await onceAnswered(callId, () =>
        rest.found(() => client.calls(callId).update(parameters)),
      );
      return redirected !== null;
    },

    async sendKeys(legId, callId, keys) {
      const twiml = pressKeys(keys, urls().voice(legId, NOTICE_PLAYED));
      const sent = await onceAnswered(callId, () => rest.found(() => client.calls(callId).update({ twiml })));
      return sent !== null;
    },

    async recordingsOf(callId) {
      const listed = await rest.found(() => client.calls(callId).recordings.list({ limit: MAX_LISTED }));
      return (listed ?? []).reverse().flatMap(({ sid, status }) => {
        const state = recordingStateOf(status);
        return state === null ? [] : [{ id: parsed(recordingSid, sid) as RecordingId, state }];
      });
    },
    async startRecording(legId, callId) {
      const parameters = recordingParameters(legId, urls());
      const begun = await onceAnswered(callId, () =>
        rest.once(() => client.calls(callId).recordings.create(parameters)),
      );
      if (begun === null) throw callOver();
      return parsed(recordingSid, begun.sid) as RecordingId;
    },

    async stopRecording(callId, recordingId) {
      const stop = () => client.calls(callId).recordings(recordingId).update({ status: 'stopped' });
      try {
        await rest.found(stop);
      } catch (error) {
        // The network does not tell a recording that runs from one that is being prepared, and refuses the second.
        if (!isRefusal(error)) throw error;
      }
    },

    fetchRecordingState,
    openRecording: (recordingId, options) => parts.recordings.open(recordingId, options),

    async deleteRecording(recordingId) {
      await rest.found(() => client.recordings(recordingId).remove());
    },
  };
};

const listedCall = z.object({
  sid: callSid,
  direction: z.string(),
  to: z.string(),
  from: z.string(),
  /** Null of a call that was just placed. */
  dateCreated: z.date().nullable().catch(null),
});

const ended = (report: CallReport | null): boolean => report === null || report.state === 'ended';

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'call-refused';

/** Ends something. The network refuses to end what has ended already, which is as good. */
const settled = async (end: () => Promise<unknown>, isSettled: () => Promise<boolean>): Promise<void> => {
  try {
    await end();
  } catch (error) {
    if (isRefusal(error) && (await isSettled())) return;
    throw error;
  }
};

const ALL_STATES = ['initiated', 'ringing', 'answered', 'completed'];

const dialParameters = (order: DialRequest, callerId: PhoneNumber, urls: WebhookUrls) => ({
  to: order.to,
  from: callerId,
  url: urls.voice(order.legId),
  method: 'POST',
  // A second attempt at the same URL, should Parley be restarting.
  fallbackUrl: urls.voice(order.legId),
  fallbackMethod: 'POST',
  statusCallback: urls.status(order.legId),
  statusCallbackMethod: 'POST',
  statusCallbackEvent: ALL_STATES,
  timeout: seconds(order.ringTimeoutMs, 600),
  timeLimit: seconds(order.maxDurationMs, MAX_CALL_S),
  ...(order.detectMachine
    ? {
        machineDetection: 'Enable',
        // Otherwise everyone who answers waits in silence for the result.
        asyncAmd: 'true',
        asyncAmdStatusCallback: urls.machine(order.legId),
        asyncAmdStatusCallbackMethod: 'POST',
      }
    : {}),
});

const recordingParameters = (legId: LegId, urls: WebhookUrls) => ({
  recordingChannels: 'dual',
  recordingTrack: 'both',
  // Otherwise leading silence is cut off, and all times are wrong.
  trim: 'do-not-trim',
  recordingStatusCallback: urls.recording(legId),
  recordingStatusCallbackMethod: 'POST',
  // One value with spaces, unlike the events of a call.
  recordingStatusCallbackEvent: ['in-progress completed absent'],
});

const seconds = (ms: number, most: number): number => Math.min(most, Math.max(1, Math.ceil(ms / 1000)));

/** @throws AppError `call-failed` when the network responds with something unexpected */
const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (!result.success) throw toPhoneError(new PhoneFault(200, 'UNREADABLE'));
  return result.data;
};
