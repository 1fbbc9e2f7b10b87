import { after } from '../after.ts';
import { createPlayoutBuffer } from '../audio/playout-buffer.ts';
import { hum } from '../audio/tones.ts';
import type { Call } from '../call/call.ts';
import { callParameters, type TwimlSource } from '../call/record.ts';
import type { Network } from '../network.ts';
import { gather } from './gather.ts';
import { parseTwiml, type SpokenVerb, TwimlFault, type Verb } from './parse.ts';
import { connectStream } from './stream.ts';

type Addressed = Extract<TwimlSource, { url: string }>;

const APOLOGY = 'We are sorry, an application error has occurred. Goodbye.';

/**
 * Carries documents out, one leading to the next, until one has nothing left or says so. Whoever asked hangs up then.
 * @see https://www.twilio.com/docs/voice/twiml
 */
export const runTwiml = async (
  network: Network,
  call: Call,
  source: TwimlSource,
  signal: AbortSignal,
): Promise<void> => {
  let next: TwimlSource | null = source;
  while (next !== null && !signal.aborted) {
    const current: TwimlSource = next;
    try {
      next = await runDocument(network, call, current, signal);
    } catch (error) {
      if (!(error instanceof TwimlFault)) throw error;
      if (signal.aborted) return;
      network.fault({ callSid: call.record.sid, code: error.code, message: error.message });
      next = fallbackOf(current, error);
      if (next === null) await apologize(network, call, signal);
    }
  }
};

const fallbackOf = (source: TwimlSource, fault: TwimlFault): TwimlSource | null =>
  'url' in source && source.fallback !== undefined
    ? { ...source.fallback, parameters: { ErrorCode: String(fault.code), ErrorUrl: source.url } }
    : null;

const apologize = async (network: Network, call: Call, signal: AbortSignal): Promise<void> => {
  call.answer();
  await speak(network, call, { verb: 'Say', text: APOLOGY, times: 1 }, signal);
};

/** What follows; null when nothing does. */
const runDocument = async (
  network: Network,
  call: Call,
  source: TwimlSource,
  signal: AbortSignal,
): Promise<TwimlSource | null> => {
  const verbs = parseTwiml(await fetchDocument(network, call, source, signal));
  for (const verb of verbs) {
    if (signal.aborted) return null;
    const outcome = await perform(network, call, { verb, source, signal });
    if (outcome !== 'go on') return outcome;
  }
  return null;
};

const fetchDocument = async (
  network: Network,
  call: Call,
  source: TwimlSource,
  signal: AbortSignal,
): Promise<string> => {
  if ('twiml' in source) return source.twiml;
  const { answeredBy } = call.record;
  const { status, contentType, body } = await network.webhooks.request(
    {
      url: source.url,
      method: source.method,
      parameters: {
        ...callParameters(network.account.accountSid, call.record),
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

interface Step {
  readonly verb: Verb;
  readonly source: TwimlSource;
  readonly signal: AbortSignal;
}

const perform = async (
  network: Network,
  call: Call,
  { verb, source, signal }: Step,
): Promise<TwimlSource | 'go on' | null> => {
  switch (verb.verb) {
    case 'Reject':
      if (call.audio !== null) return null;
      call.reject(verb.reason === 'busy' ? 'busy' : 'no-answer');
      return null;
    case 'Redirect':
      return addressed(source, verb.url, verb.method);
    case 'Pause':
      // One that comes first lets the telephone ring for longer.
      await (call.audio?.wait(verb.durationMs, signal) ?? after(verb.durationMs, signal));
      return 'go on';
    case 'Hangup':
      call.answer();
      return null;
    case 'Say':
    case 'Play':
      call.answer();
      await speak(network, call, verb, signal);
      return 'go on';
    case 'Gather': {
      call.answer();
      const parameters = await gather(call, verb, {
        signal,
        speak: (spoken, until) => speak(network, call, spoken, until),
      });
      return parameters === null ? 'go on' : { ...addressed(source, verb.action, verb.method), parameters };
    }
    case 'Connect':
      call.answer();
      await connectStream(network, call, verb.stream, signal);
      return verb.action === null ? 'go on' : addressed(source, verb.action, verb.method);
  }
};

/** An address in a document, which may be relative to where that came from. */
const addressed = (source: TwimlSource, url: string, method: 'GET' | 'POST'): Addressed => {
  const absolute = URL.parse(url, 'url' in source ? source.url : undefined);
  if (absolute === null || !/^https?:$/.test(absolute.protocol)) {
    throw new TwimlFault(11100, `Invalid URL format: "${url}".`);
  }
  const fallback = 'url' in source ? source.fallback : undefined;
  // Given in full it stays as it is written: it is what gets signed.
  const written = URL.canParse(url) ? url : absolute.href;
  return { url: written, method, ...(fallback === undefined ? {} : { fallback }) };
};

/** Lets the telephone hear something, for as long as a voice would need. */
const speak = async (network: Network, call: Call, verb: SpokenVerb, signal: AbortSignal): Promise<void> => {
  const line = call.audio!;
  if (verb.verb === 'Pause') return line.wait(verb.durationMs, signal);
  for (let time = 0; (verb.times === 0 || time < verb.times) && !signal.aborted; time += 1) {
    const sound =
      verb.verb === 'Say'
        ? spokenText(network, call, verb.text)
        : await fetchSound(network, verb.url, signal);
    const queue = createPlayoutBuffer();
    queue.push(sound);
    line.play(() => queue.take());
    await line.wait(queue.lengthMs, signal);
    line.play(null);
  }
};

const spokenText = (network: Network, call: Call, text: string): Uint8Array => {
  call.showSpoken(text);
  return hum((1000 * text.length) / network.pace.charactersPerSecond);
};

const fetchSound = async (network: Network, url: string, signal: AbortSignal): Promise<Uint8Array> => {
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return await network.library.decode(await response.bytes());
  } catch {
    // Said below, for every way in which it can fail.
  }
  throw new TwimlFault(11200, 'HTTP retrieval failure: what Play names is no recording.');
};
