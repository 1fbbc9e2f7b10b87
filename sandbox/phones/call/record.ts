import parsePhoneNumber from 'libphonenumber-js';
import type { Method } from '../twiml/parse.ts';

/** As Twilio's REST interface names them. */
export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';

/** What the network knows of a call. */
export interface CallRecord {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly direction: 'outbound-api' | 'inbound';
  readonly createdAtMs: number;
  status: CallStatus;
  /** Every status so far, oldest first. */
  readonly history: { readonly status: CallStatus; readonly atMs: number }[];
  updatedAtMs: number;
  startedAtMs: number | null;
  answeredAtMs: number | null;
  endedAtMs: number | null;
  answeredBy: string | null;
}

/** Where a TwiML document comes from. */
export type TwimlSource =
  | { readonly twiml: string }
  | {
      readonly url: string;
      readonly method: Method;
      readonly parameters?: Readonly<Record<string, string>>;
      /** Requested instead when the document cannot be fetched or run. */
      readonly fallback?: { readonly url: string; readonly method: Method };
    };

export interface CallbackTarget {
  readonly url: string;
  readonly method: Method;
}

/** What the customer asked for with a call. */
export interface CallRequest {
  readonly to: string;
  readonly from: string;
  readonly source: TwimlSource;
  readonly statusCallback: (CallbackTarget & { readonly events: readonly string[] }) | null;
  readonly ringTimeoutMs: number;
  readonly timeLimitMs: number;
  readonly detection: {
    readonly mode: 'Enable' | 'DetectMessageEnd';
    /** Receives the result while the call goes on; null makes the call wait for it. */
    readonly callback: CallbackTarget | null;
  } | null;
  readonly record: RecordingRequest | null;
}

export interface RecordingRequest {
  readonly channels: 1 | 2;
  readonly trim: boolean;
  readonly callback: (CallbackTarget & { readonly events: readonly string[] }) | null;
  readonly source: 'OutboundAPI' | 'StartCallRecordingAPI';
}

/** Whole seconds of talk; an answered call has at least one. */
export const durationSeconds = ({ answeredAtMs, endedAtMs }: CallRecord): number =>
  answeredAtMs === null || endedAtMs === null
    ? 0
    : Math.max(1, Math.round((endedAtMs - answeredAtMs) / 1000));

/** A call as it was known then. */
export const recordAt = (record: CallRecord, atMs: number): CallRecord => {
  const { status } = record.history.findLast((one) => one.atMs <= atMs) ?? record.history[0]!;
  const known = (timeMs: number | null): number | null => (timeMs === null || timeMs > atMs ? null : timeMs);
  return {
    ...record,
    status,
    startedAtMs: known(record.startedAtMs),
    answeredAtMs: known(record.answeredAtMs),
    endedAtMs: known(record.endedAtMs),
  };
};

/** The parameters of every webhook about a call. */
export const callParameters = (accountSid: string, record: CallRecord): Record<string, string> => ({
  AccountSid: accountSid,
  ApiVersion: '2010-04-01',
  CallSid: record.sid,
  CallStatus: record.status,
  Called: record.to,
  CalledCountry: countryOf(record.to),
  Caller: record.from,
  CallerCountry: countryOf(record.from),
  Direction: record.direction,
  From: record.from,
  FromCountry: countryOf(record.from),
  To: record.to,
  ToCountry: countryOf(record.to),
});

const countryOf = (number: string): string => parsePhoneNumber(number)?.country ?? '';
