import twilio from 'twilio';

/**
 * Whether the network signed a request: over the URL that it was given, and every parameter that it sends. `url` is the
 * one that we gave, never made of the request's host.
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
  // For such a URL the SDK checks no parameters.
  if (request.url.includes('bodySHA256')) return false;
  try {
    return twilio.validateRequest(authToken, request.signature, request.url, request.parameters);
  } catch {
    // Not a URL.
    return false;
  }
};
