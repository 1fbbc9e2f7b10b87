import { z } from 'zod';
import { AppError } from '../core/error.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../core/ids.ts';
import type { CallReport, DialRequest, Phone } from '../core/ports.ts';
import { type Addresses, addressesBelow } from './addresses.ts';
import { PhoneFault, refused, toPhoneError } from './errors.ts';
import type { Recordings } from './recordings.ts';
import type { Rest } from './rest.ts';
import { callSid, recordingSid } from './sids.ts';
import { callStatus, recordingStateOf, reportOf } from './status.ts';

const NO_PUBLIC_URL =
  'Nobody told Parley where the telephone network reaches it, so no telephone can ring. ' +
  'Please ask whoever runs Parley to set PUBLIC_URL.';
const NOT_ENCRYPTED =
  'The telephone network reaches Parley by https:// only, so no telephone can ring. ' +
  'Please ask whoever runs Parley to set PUBLIC_URL to such an address.';

/** The network's clock may be this far behind ours, and it rounds to whole seconds. */
const CLOCK_SLACK_MS = 2_000;
/** One number is not rung more often in the minutes for which somebody looks back. */
const LATEST_CALLS = 50;

/** The Phone port over the network's REST API. */
export const createPhone = (parts: {
  readonly rest: Rest;
  readonly recordings: Recordings;
  readonly callerId: PhoneNumber;
  /** Whether the network insists on https, as the vendor does and a stand-in on this machine does not. */
  readonly encrypted: boolean;
  readonly publicUrl: () => string | null;
}): Phone => {
  const { rest, callerId, encrypted, publicUrl } = parts;
  const { client } = rest;

  const missing = (): string | null => {
    const url = publicUrl();
    if (url === null) return NO_PUBLIC_URL;
    return encrypted && !url.startsWith('https:') ? NOT_ENCRYPTED : null;
  };
  const addresses = (): Addresses => {
    const lacking = missing();
    if (lacking !== null) throw refused(lacking);
    return addressesBelow(publicUrl()!);
  };

  const look = async (callId: ProviderCallId): Promise<CallReport | null> => {
    const call = await rest.found(() => client.calls(callId).fetch());
    return call === null ? null : reportOf(known(callStatus, call.status));
  };
  const findRecording: Phone['findRecording'] = async (callId) => {
    const all = await rest.found(() => client.calls(callId).recordings.list({ limit: LATEST_CALLS }));
    const running = all?.find(({ status }) => status === 'in-progress');
    return running === undefined ? null : (known(recordingSid, running.sid) as RecordingId);
  };
  const lookAtRecording: Phone['fetchRecordingState'] = async (recordingId) => {
    const recording = await rest.found(() => client.recordings(recordingId).fetch());
    return recording === null ? null : recordingStateOf(recording.status);
  };

  return {
    unavailableReason: missing,

    async dial(order) {
      const orders = dialParameters(order, callerId, addresses());
      const { sid } = await rest.once(() => client.calls.create(orders));
      return known(callSid, sid) as ProviderCallId;
    },

    /**
     * Lists of calls do not show the addresses in which the leg's id is, so the call is known by what it has: from our
     * number to this one, begun by us, and not before `sinceMs`, of which the earliest. Two legs to one number that
     * were interrupted within the same moments cannot be told apart; taking the other's is better than to ring twice.
     */
    async find(order, sinceMs) {
      const calls = await rest.idempotent(() =>
        client.calls.list({ to: order.to, from: callerId, limit: LATEST_CALLS, pageSize: LATEST_CALLS }),
      );
      const [earliest] = calls
        .map((call) => listedCall.safeParse(call).data)
        .filter((call) => call !== undefined)
        .filter(
          ({ direction, to, from }) => direction === 'outbound-api' && to === order.to && from === callerId,
        )
        .filter(({ dateCreated }) => dateCreated.getTime() >= sinceMs - CLOCK_SLACK_MS)
        .sort((one, other) => one.dateCreated.getTime() - other.dateCreated.getTime());
      return earliest === undefined ? null : (earliest.sid as ProviderCallId);
    },

    fetchCall: look,

    async hangUp(callId) {
      await settled(
        () => rest.found(() => client.calls(callId).update({ status: 'completed' })),
        async () => (await look(callId))?.state === 'ended',
      );
    },

    async redirectCall(legId, callId) {
      const url = addresses().voice(legId, { noticePlayed: true, attempts: 0 });
      const orders = { url, method: 'POST', fallbackUrl: url, fallbackMethod: 'POST' };
      try {
        return (await rest.found(() => client.calls(callId).update(orders))) !== null;
      } catch (error) {
        if (error instanceof AppError && error.code === 'call-refused' && ended(await look(callId)))
          return false;
        throw error;
      }
    },

    findRecording,
    async startRecording(legId, callId) {
      const orders = recordingParameters(legId, addresses());
      try {
        const { sid } = await rest.once(() => client.calls(callId).recordings.create(orders));
        return known(recordingSid, sid) as RecordingId;
      } catch (error) {
        // Its answer may have been lost. Nobody would ever take care of a recording that nobody knows of.
        const begun = error instanceof AppError && error.retryable ? await findRecording(callId) : null;
        if (begun === null) throw error;
        return begun;
      }
    },

    async stopRecording(callId, recordingId) {
      await settled(
        () => rest.found(() => client.calls(callId).recordings(recordingId).update({ status: 'stopped' })),
        async () => (await lookAtRecording(recordingId)) !== 'running' || ended(await look(callId)),
      );
    },

    fetchRecordingState: lookAtRecording,
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
  dateCreated: z.date(),
});

const ended = (report: CallReport | null): boolean => report === null || report.state === 'ended';

/** Asks for something to end. The network refuses what has ended already, which is as good. */
const settled = async (ask: () => Promise<unknown>, isSettled: () => Promise<boolean>): Promise<void> => {
  try {
    await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === 'call-refused' && (await isSettled())) return;
    throw error;
  }
};

const ALL_STATES = ['initiated', 'ringing', 'answered', 'completed'];

const dialParameters = (order: DialRequest, callerId: PhoneNumber, addresses: Addresses) => ({
  to: order.to,
  from: callerId,
  url: addresses.voice(order.legId),
  method: 'POST',
  // Asked once more at the same place, should Parley just be away.
  fallbackUrl: addresses.voice(order.legId),
  fallbackMethod: 'POST',
  statusCallback: addresses.status(order.legId),
  statusCallbackMethod: 'POST',
  statusCallbackEvent: ALL_STATES,
  timeout: seconds(order.ringTimeoutMs, 600),
  timeLimit: seconds(order.maxDurationMs, 86_400),
  ...(order.detectMachine
    ? {
        machineDetection: 'Enable',
        // Otherwise everybody who answers hears nothing until the network has made up its mind.
        asyncAmd: 'true',
        asyncAmdStatusCallback: addresses.machine(order.legId),
        asyncAmdStatusCallbackMethod: 'POST',
      }
    : {}),
});

const recordingParameters = (legId: LegId, addresses: Addresses) => ({
  recordingChannels: 'dual',
  recordingTrack: 'both',
  // Without this, leading silence is cut off and all times are wrong.
  trim: 'do-not-trim',
  recordingStatusCallback: addresses.recording(legId),
  recordingStatusCallbackMethod: 'POST',
  recordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'],
});

const seconds = (ms: number, most: number): number => Math.min(most, Math.max(1, Math.ceil(ms / 1000)));

/** What the network answered, if it is what it should be. */
const known = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw toPhoneError(new PhoneFault(200, 'UNREADABLE'));
  return parsed.data;
};
