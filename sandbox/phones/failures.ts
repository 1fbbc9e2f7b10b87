/** What can go wrong in the telephone network on purpose, beside the failures of Slack. */
export const PHONE_FAILURES = {
  'phone-webhooks-duplicated': 'every webhook of the telephone network is sent twice, one after the other',
  'phone-webhooks-out-of-order': 'that a call was answered is told after it has ended',
  'phone-webhooks-late': 'status and recording webhooks come five seconds late',
  'phone-webhooks-lost': 'status and recording webhooks are never sent',
  'phone-api-429': 'the telephone network’s REST interface answers 429 (20429)',
  'phone-api-500': 'it answers 500 and does nothing',
  'phone-call-response-lost': 'a call is made, and then the request for it is answered with 500',
  'phone-stream-breaks': 'a media stream’s connection breaks off two seconds after it began',
  'phone-recording-absent': 'what was recorded is lost: the recording ends as absent',
  'phone-recording-slow': 'a recording is ready only ten seconds after it ended',
  'phone-recording-404': 'the first download of each recording answers 404',
} as const;

export type PhoneFailure = keyof typeof PHONE_FAILURES;
