import type { Clock } from '../../../src/core/ports.ts';
import { pause } from '../../common/pause.ts';
import type { TwimlSource } from '../call/record.ts';
import type { ReportFault } from '../faults.ts';
import type { TwimlCall } from '../live-call.ts';
import { TRIAL } from '../trial.ts';
import type { FetchDocument } from './fetch-document.ts';
import { gather } from './gather.ts';
import { parseTwiml, TwimlFault, type Verb } from './parse.ts';
import type { Speak } from './speak.ts';
import type { ConnectStream } from './stream.ts';

/**
 * Runs documents, each leading to the next, until one has nothing left or ends it. The caller hangs up then.
 * @see https://www.twilio.com/docs/voice/twiml
 */
export type RunTwiml = (call: TwimlCall, source: TwimlSource, signal: AbortSignal) => Promise<void>;

interface Step {
  readonly verb: Verb;
  readonly source: TwimlSource;
  readonly signal: AbortSignal;
}

const APOLOGY = 'We are sorry, an application error has occurred. Goodbye.';

export const createTwimlRunner = (options: {
  fetchDocument: FetchDocument;
  speak: Speak;
  connectStream: ConnectStream;
  reportFault: ReportFault;
  /** Whether the account is a trial, whose documents are run without `Stream`. */
  isTrial: () => boolean;
  clock: Clock;
}): RunTwiml => {
  const { fetchDocument, speak, connectStream, reportFault, isTrial, clock } = options;

  /** Calls that heard the notice of trial accounts. */
  const noticed = new WeakSet<TwimlCall>();

  /** The next document, `continue` with this one, or null when nothing follows. */
  const runVerb = async (
    call: TwimlCall,
    { verb, source, signal }: Step,
  ): Promise<TwimlSource | 'continue' | null> => {
    switch (verb.verb) {
      case 'Reject':
        if (call.audio !== null) return null;
        call.reject(verb.reason === 'busy' ? 'busy' : 'no-answer');
        return null;
      case 'Redirect':
        return sourceAt(source, verb.url, verb.method);
      case 'Pause':
        // A leading pause lets the phone ring for longer.
        await (call.audio?.wait(verb.durationMs, signal) ?? pause(clock, verb.durationMs, signal));
        return 'continue';
      case 'Hangup':
        call.answer();
        return null;
      case 'Say':
      case 'Keys':
      case 'Play':
        call.answer();
        await speak(call, verb, signal);
        return 'continue';
      case 'Gather': {
        call.answer();
        const parameters = await gather(call, verb, { signal, speak });
        return parameters === null
          ? 'continue'
          : { ...sourceAt(source, verb.action, verb.method), parameters };
      }
      case 'Connect':
        call.answer();
        if (isTrial()) {
          const message = 'Trial accounts do not support the feature you tried to use: Stream.';
          reportFault({ callSid: call.record.sid, code: 10_002, message });
        } else await connectStream(call, verb.stream, signal);
        return verb.action === null ? 'continue' : sourceAt(source, verb.action, verb.method);
    }
  };

  const runDocument = async (
    call: TwimlCall,
    source: TwimlSource,
    signal: AbortSignal,
  ): Promise<TwimlSource | null> => {
    for (const verb of parseTwiml(await fetchDocument(call, source, signal))) {
      if (signal.aborted) return null;
      const next = await runVerb(call, { verb, source, signal });
      if (next !== 'continue') return next;
    }
    return null;
  };

  return async (call, source, signal) => {
    let next: TwimlSource | null = source;
    for (let documents = 0; next !== null && !signal.aborted; documents += 1) {
      const current: TwimlSource = next;
      if (isTrial() && !noticed.has(call)) {
        noticed.add(call);
        call.answer();
        await speak(call, { verb: 'Say', text: TRIAL.notice, times: 1 }, signal);
      }
      if (isTrial() && documents > TRIAL.redirects) {
        reportFault({ callSid: call.record.sid, code: 11_215, message: 'HTTP too many redirects.' });
        return;
      }
      try {
        next = await runDocument(call, current, signal);
      } catch (error) {
        if (!(error instanceof TwimlFault)) throw error;
        if (signal.aborted) return;
        reportFault({ callSid: call.record.sid, code: error.code, message: error.message });
        next = fallbackOf(current, error);
        if (next !== null) continue;
        call.answer();
        await speak(call, { verb: 'Say', text: APOLOGY, times: 1 }, signal);
      }
    }
  };
};

const fallbackOf = (source: TwimlSource, fault: TwimlFault): TwimlSource | null =>
  'url' in source && source.fallback !== undefined
    ? { ...source.fallback, parameters: { ErrorCode: String(fault.code), ErrorUrl: source.url } }
    : null;

/** A document at an address that may be relative to the one that names it. */
const sourceAt = (
  source: TwimlSource,
  url: string,
  method: 'GET' | 'POST',
): Extract<TwimlSource, { url: string }> => {
  const absolute = URL.parse(url, 'url' in source ? source.url : undefined);
  if (absolute === null || !/^https?:$/.test(absolute.protocol)) {
    throw new TwimlFault(11100, `Invalid URL format: "${url}".`);
  }
  const fallback = 'url' in source ? source.fallback : undefined;
  // An absolute address stays as written: it is what gets signed.
  const written = URL.canParse(url) ? url : absolute.href;
  return { url: written, method, ...(fallback === undefined ? {} : { fallback }) };
};
