import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { SLACK_ERRORS } from '../sentences/errors.ts';
import type { Method } from './methods.ts';
import { permanent, rateLimited, SLACK_TROUBLE, SlackRefusal, toRefusal, transient } from './refusal.ts';

/** Anything that a call through `@slack/web-api` can throw, as the product's own error. */
export const toSlackRefusal = (method: Method, error: unknown): SlackRefusal => {
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter, error);
  if (error instanceof WebAPIPlatformError) return fromPlatformError(method, error);
  if (error instanceof WebAPIHTTPError) {
    const isTransient = error.statusCode >= 500 || error.statusCode === 408;
    return new SlackRefusal(`http_${error.statusCode}`, {
      ...(isTransient ? SLACK_TROUBLE : permanent('chat-failed', SLACK_ERRORS.refused)),
      cause: error,
    });
  }
  if (error instanceof WebAPIRequestError) {
    return new SlackRefusal('unreachable', {
      ...transient(SLACK_ERRORS.unreachable),
      cause: error,
    });
  }
  // A 429 without a usable Retry-After, or an answer cut off half way, arrives as a plain Error.
  return new SlackRefusal('unknown', { ...SLACK_TROUBLE, cause: error });
};

const fromPlatformError = (method: Method, error: WebAPIPlatformError): SlackRefusal => {
  const { error: slackCode, response_metadata: metadata } = error.data;
  if (slackCode === 'ratelimited' || slackCode === 'rate_limited')
    return rateLimited(metadata?.retryAfter ?? 1, error);
  if (slackCode === 'missing_scope') {
    const needed = 'needed' in error.data ? String(error.data.needed).slice(0, 80) : null;
    return new SlackRefusal(slackCode, {
      ...permanent(
        method.startsWith('files.') ? 'no-file-access' : 'chat-failed',
        SLACK_ERRORS.missingScope(needed),
      ),
      cause: error,
    });
  }
  // Of a file it is about that file; of anything else, about what Parley may do.
  return toRefusal(
    slackCode === 'access_denied' && !method.startsWith('files.') ? 'no_permission' : slackCode,
    error,
  );
};
