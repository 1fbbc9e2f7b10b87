import { callParameters, type TwimlSource } from '../call/record.ts';
import type { OngoingCall } from '../live-call.ts';
import type { Webhooks } from '../webhooks.ts';
import { TwimlFault } from './parse.ts';

export type FetchDocument = (call: OngoingCall, source: TwimlSource, signal: AbortSignal) => Promise<string>;

/** The text of a TwiML document. Throws `TwimlFault` when it cannot be fetched. */
export const createDocumentFetcher =
  (accountSid: string, webhooks: Webhooks): FetchDocument =>
  async (call, source, signal) => {
    if ('twiml' in source) return source.twiml;
    const { answeredBy } = call.record;
    const { status, contentType, body } = await webhooks.request(
      {
        url: source.url,
        method: source.method,
        parameters: {
          ...callParameters(accountSid, call.record),
          ...(answeredBy === null ? {} : { AnsweredBy: answeredBy }),
          ...source.parameters,
        },
      },
      signal,
    );
    if (status < 200 || status > 299) {
      throw new TwimlFault(11200, `HTTP retrieval failure: ${status === 0 ? 'no answer' : status}.`);
    }
    if (!/^(text|application)\/xml\b/.test(contentType)) {
      throw new TwimlFault(12300, `Invalid Content-Type: ${contentType || 'none'}.`);
    }
    return body;
  };
