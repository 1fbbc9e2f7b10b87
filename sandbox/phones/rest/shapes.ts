import parsePhoneNumber from 'libphonenumber-js';
import { type CallRecord, durationSeconds } from '../call/record.ts';
import type { Recording } from '../call/recording.ts';
import { rfc2822 } from '../ids.ts';
import type { Account } from '../options.ts';

/** Resources as JSON. Prices are null: nothing costs anything here. */

const root = (accountSid: string): string => `/2010-04-01/Accounts/${accountSid}`;
const dateOf = (atMs: number | null): string | null => (atMs === null ? null : rfc2822(atMs));
const formatted = (number: string): string => parsePhoneNumber(number)?.formatNational() ?? number;

/** @see https://www.twilio.com/docs/voice/api/call-resource#call-properties */
export const callResource = (accountSid: string, record: CallRecord): object => {
  const uri = `${root(accountSid)}/Calls/${record.sid}`;
  return {
    sid: record.sid,
    account_sid: accountSid,
    answered_by: record.answeredBy,
    api_version: '2010-04-01',
    caller_name: null,
    // Null in the answer that creates a call, and for a moment after.
    date_created: record.startedAtMs === null ? null : dateOf(record.createdAtMs),
    date_updated: record.startedAtMs === null ? null : dateOf(record.updatedAtMs),
    direction: record.direction,
    duration: record.endedAtMs === null ? null : String(durationSeconds(record)),
    end_time: dateOf(record.endedAtMs),
    forwarded_from: null,
    from: record.from,
    from_formatted: formatted(record.from),
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    start_time: dateOf(record.startedAtMs),
    status: record.status,
    subresource_uris: { recordings: `${uri}/Recordings.json` },
    to: record.to,
    to_formatted: formatted(record.to),
    trunk_sid: null,
    uri: `${uri}.json`,
  };
};

/** All that comes before the file shows as `processing`. */
const VISIBLE_STATUS: Record<Recording['status'], string> = {
  'in-progress': 'processing',
  paused: 'processing',
  stopped: 'processing',
  processing: 'processing',
  completed: 'completed',
  absent: 'absent',
};

const commonOf = (accountSid: string, recording: Recording) => ({
  sid: recording.sid,
  account_sid: accountSid,
  api_version: '2010-04-01',
  call_sid: recording.callSid,
  channels: recording.request.channels,
  conference_sid: null,
  date_created: dateOf(recording.createdAtMs),
  date_updated: dateOf(recording.updatedAtMs),
  duration: recording.durationMs === null ? '-1' : String(Math.round(recording.durationMs / 1000)),
  encryption_details: null,
  error_code: recording.errorCode,
  price: null,
  price_unit: 'USD',
  source: recording.request.source,
  start_time: dateOf(recording.createdAtMs),
  status: VISIBLE_STATUS[recording.status],
});

/** @see https://www.twilio.com/docs/voice/api/recording#recording-properties */
export const recordingResource = (accountSid: string, recording: Recording, apiUrl: string): object => ({
  ...commonOf(accountSid, recording),
  media_url: `${apiUrl}${root(accountSid)}/Recordings/${recording.sid}`,
  subresource_uris: {},
  uri: `${root(accountSid)}/Recordings/${recording.sid}.json`,
});

/** The same below its call. @see https://www.twilio.com/docs/voice/api/recording */
export const callRecordingResource = (accountSid: string, recording: Recording): object => ({
  ...commonOf(accountSid, recording),
  track: 'both',
  uri: `${root(accountSid)}/Calls/${recording.callSid}/Recordings/${recording.sid}.json`,
});

/** @see https://www.twilio.com/docs/iam/api/account */
export const accountResource = (
  { accountSid, authToken }: Account,
  startedAtMs: number,
  isTrial: boolean,
): object => ({
  sid: accountSid,
  auth_token: authToken,
  date_created: dateOf(startedAtMs),
  date_updated: dateOf(startedAtMs),
  friendly_name: 'The local workspace',
  owner_account_sid: accountSid,
  status: 'active',
  subresource_uris: {
    calls: `${root(accountSid)}/Calls.json`,
    incoming_phone_numbers: `${root(accountSid)}/IncomingPhoneNumbers.json`,
    recordings: `${root(accountSid)}/Recordings.json`,
  },
  type: isTrial ? 'Trial' : 'Full',
  uri: `${root(accountSid)}.json`,
});

/**
 * The configuration of the account's one number.
 * @see https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export const numberResource = (
  { accountSid, parleyNumber, incomingUrl, incomingStatusUrl }: Account,
  sid: string,
  startedAtMs: number,
): object => ({
  sid,
  account_sid: accountSid,
  address_requirements: 'none',
  address_sid: null,
  api_version: '2010-04-01',
  beta: false,
  bundle_sid: null,
  capabilities: { voice: true, sms: false, mms: false, fax: false },
  date_created: dateOf(startedAtMs),
  date_updated: dateOf(startedAtMs),
  emergency_address_sid: null,
  emergency_address_status: 'unregistered',
  emergency_status: 'Inactive',
  friendly_name: formatted(parleyNumber),
  identity_sid: null,
  origin: 'twilio',
  phone_number: parleyNumber,
  sms_application_sid: null,
  sms_fallback_method: 'POST',
  sms_fallback_url: '',
  sms_method: 'POST',
  sms_url: '',
  status: 'in-use',
  status_callback: incomingStatusUrl?.() ?? '',
  status_callback_method: 'POST',
  trunk_sid: null,
  type: 'local',
  uri: `${root(accountSid)}/IncomingPhoneNumbers/${sid}.json`,
  voice_application_sid: null,
  voice_caller_id_lookup: false,
  voice_fallback_method: 'POST',
  voice_fallback_url: '',
  voice_method: 'POST',
  voice_receive_mode: 'voice',
  voice_url: incomingUrl() ?? '',
});
