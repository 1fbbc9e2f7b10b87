import parsePhoneNumber from 'libphonenumber-js';
import { type CallRecord, durationSeconds } from '../call/record.ts';
import type { Recording } from '../call/recordings.ts';
import { rfc2822 } from '../ids.ts';

/** How resources look in JSON. Numbers that are money are null: nothing costs anything here. */

const root = (accountSid: string): string => `/2010-04-01/Accounts/${accountSid}`;
const dateOf = (atMs: number | null): string | null => (atMs === null ? null : rfc2822(atMs));
const formatted = (number: string): string => parsePhoneNumber(number)?.formatNational() ?? number;

/** @see https://www.twilio.com/docs/voice/api/call-resource#call-properties */
export const callResource = (accountSid: string, record: CallRecord): object => {
  const uri = `${root(accountSid)}/Calls/${record.sid}`;
  return {
    sid: record.sid,
    account_sid: accountSid,
    annotation: null,
    answered_by: record.answeredBy,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: dateOf(record.createdAtMs),
    date_updated: dateOf(record.updatedAtMs),
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

/** @see https://www.twilio.com/docs/voice/api/recording#recording-properties */
export const recordingResource = (accountSid: string, recording: Recording, apiUrl: string): object => ({
  sid: recording.sid,
  account_sid: accountSid,
  api_version: '2010-04-01',
  call_sid: recording.callSid,
  channels: recording.order.channels,
  conference_sid: null,
  date_created: dateOf(recording.createdAtMs),
  date_updated: dateOf(recording.updatedAtMs),
  duration: recording.durationMs === null ? '-1' : String(Math.round(recording.durationMs / 1000)),
  encryption_details: null,
  error_code: recording.errorCode,
  media_url: `${apiUrl}${root(accountSid)}/Recordings/${recording.sid}`,
  price: null,
  price_unit: 'USD',
  source: recording.order.source,
  start_time: dateOf(recording.createdAtMs),
  status: recording.status,
  subresource_uris: {},
  track: 'both',
  uri: `${root(accountSid)}/Recordings/${recording.sid}.json`,
});
