import { createHmac } from 'node:crypto';

/**
 * `X-Twilio-Signature`: an HMAC-SHA1 under the auth token over the whole address, followed by each parameter of a form,
 * its name and then its value, in the order of the names. A WebSocket is signed by its address alone.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export const signatureOf = (
  authToken: string,
  url: string,
  parameters: Readonly<Record<string, string>> = {},
): string => {
  const names = Object.keys(parameters).sort();
  const signed = url + names.map((name) => name + parameters[name]).join('');
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
};
