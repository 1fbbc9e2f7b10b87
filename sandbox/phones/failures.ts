/** Failure modes of the phone network, beside those of Slack. */
export const PHONE_FAILURES = {
  'phone-webhooks-duplicated': 'every webhook is sent twice, one after the other',
  'phone-webhooks-out-of-order': 'the webhook for an answered call is sent after the one for its end',
  'phone-webhooks-late': 'status and recording webhooks are sent five seconds late',
  'phone-webhooks-lost': 'status and recording webhooks are never sent',
  'phone-api-429': 'the REST API answers 429 (20429)',
  'phone-api-500': 'the REST API answers 500 and does nothing',
  'phone-call-response-lost': 'the request for a call is answered with 500, though the call is made',
  'phone-stream-breaks': 'the connection of a media stream breaks two seconds after it started',
  'phone-trial-account':
    'the account is a trial: only phones with an owner are called, without media streams and recordings',
  'phone-stream-ends': 'a media stream is ended in order two seconds after it started, and the call goes on',
  'phone-stream-loses-frames': 'every tenth frame of a media stream is lost on its way',
  'phone-stream-fails': 'media streams do not connect, and a stream-error is reported',
  'phone-stream-wss-only': 'media streams connect to wss on port 443 only, as Twilio’s do',
  'phone-stream-signed-with-slash':
    'the upgrade of a media stream is signed over its address with a slash at the end',
  'phone-recording-absent': 'the recording is lost and ends as absent',
  'phone-recording-slow': 'a recording is ready ten seconds after it ended',
  'phone-recording-stop-fails': 'stopping a recording is answered with 500',
  'phone-recording-delete-fails': 'deleting a recording is answered with 500',
  'phone-recording-channels-swapped': 'the two channels of recordings are the other way round',
  'phone-recording-404': 'the first download of each recording answers 404',
} as const;

export type PhoneFailure = keyof typeof PHONE_FAILURES;
