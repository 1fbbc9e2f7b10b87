import twilio from 'twilio';

/**
 * Whether a request comes from the network: it signs the address it was given and every parameter it sends. `url` is
 * that address as we gave it, never as a request names its host.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export const isSigned = (
  authToken: string,
  request: {
    readonly signature: string | string[] | undefined;
    readonly url: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  },
): boolean => {
  if (typeof request.signature !== 'string' || request.signature === '') return false;
  // Under such an address the SDK signs no parameters.
  if (request.url.includes('bodySHA256')) return false;
  try {
    return twilio.validateRequest(authToken, request.signature, request.url, request.parameters);
  } catch {
    // An address that is none.
    return false;
  }
};
