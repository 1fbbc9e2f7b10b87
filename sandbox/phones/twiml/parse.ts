import { parseXml, XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml';

/** A TwiML document that cannot be run. `code` is Twilio's. */
export class TwimlFault extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'TwimlFault';
    this.code = code;
  }
}

export type Method = 'GET' | 'POST';

/** `times` 0 repeats without end. */
export type SpokenVerb =
  | { readonly verb: 'Say'; readonly text: string; readonly times: number }
  | { readonly verb: 'Play'; readonly url: string; readonly times: number }
  /** Keys pressed towards the phone; `w` is half a second of silence. */
  | { readonly verb: 'Keys'; readonly keys: string }
  | { readonly verb: 'Pause'; readonly durationMs: number };

export interface GatherVerb {
  readonly verb: 'Gather';
  readonly spoken: readonly SpokenVerb[];
  /** Relative to the document; empty is the document itself. */
  readonly action: string;
  readonly method: Method;
  /** Without a key, after the last one or after the nested verbs. */
  readonly timeoutMs: number;
  readonly numDigits: number | null;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
}

export interface ConnectVerb {
  readonly verb: 'Connect';
  readonly action: string | null;
  readonly method: Method;
  readonly stream: {
    readonly url: string;
    readonly name: string | null;
    readonly statusCallback: string | null;
    readonly statusCallbackMethod: Method;
    readonly parameters: Readonly<Record<string, string>>;
  };
}

export type Verb =
  | SpokenVerb
  | GatherVerb
  | ConnectVerb
  | { readonly verb: 'Redirect'; readonly url: string; readonly method: Method }
  | { readonly verb: 'Hangup' }
  | { readonly verb: 'Reject'; readonly reason: 'rejected' | 'busy' };

/** The verbs of a document, each checked. Throws `TwimlFault`. */
export const parseTwiml = (text: string): Verb[] => {
  const root = rootOf(text);
  if (root.name !== 'Response') throw new TwimlFault(12102, 'The root element of TwiML is Response.');
  return childrenOf(root).map(verbOf);
};

const rootOf = (text: string): XmlElement => {
  try {
    const { root } = parseXml(text);
    if (root !== null) return root;
  } catch (error) {
    throw new TwimlFault(12100, `Document parse failure: ${(error as Error).message.split('\n')[0]}`);
  }
  throw new TwimlFault(12100, 'Document parse failure: the document is empty.');
};

const verbOf = (element: XmlElement): Verb => {
  switch (element.name) {
    case 'Say':
    case 'Play':
    case 'Pause':
      return spokenVerb(element);
    case 'Gather':
      return gatherVerb(element);
    case 'Connect':
      return connectVerb(element);
    case 'Redirect':
      known(element, ['method']);
      return { verb: 'Redirect', url: textOf(element), method: methodOf(element) };
    case 'Hangup':
      known(element, []);
      return { verb: 'Hangup' };
    case 'Reject':
      known(element, ['reason']);
      return { verb: 'Reject', reason: choice(element, 'reason', ['rejected', 'busy'] as const) };
    default:
      throw new TwimlFault(
        12200,
        `Schema validation warning: ${element.name} is no verb that is known here.`,
      );
  }
};

const spokenVerb = (element: XmlElement): SpokenVerb => {
  switch (element.name) {
    case 'Say': {
      known(element, ['voice', 'language', 'loop']);
      const text = textOf(element);
      if (text === '') throw new TwimlFault(13520, 'Say: the text is empty.');
      return { verb: 'Say', text, times: count(element, 'loop', 1) };
    }
    case 'Play':
      known(element, ['loop', 'digits']);
      if (element.attributes.digits !== undefined)
        return { verb: 'Keys', keys: keysOf(element.attributes.digits) };
      return { verb: 'Play', url: textOf(element), times: count(element, 'loop', 1) };
    case 'Pause':
      known(element, ['length']);
      return { verb: 'Pause', durationMs: 1000 * count(element, 'length', 1) };
    default:
      throw new TwimlFault(12200, `Schema validation warning: ${element.name} may not stand in Gather.`);
  }
};

const keysOf = (digits: string): string => {
  if (/^[0-9*#wW]{1,32}$/.test(digits)) return digits;
  throw new TwimlFault(12200, `Schema validation warning: digits="${digits}".`);
};

const GATHER_ATTRIBUTES: readonly string[] =
  'action method timeout numDigits finishOnKey actionOnEmptyResult input language bargeIn'.split(' ');

const gatherVerb = (element: XmlElement): GatherVerb => {
  known(element, GATHER_ATTRIBUTES);
  const { input = 'dtmf', numDigits, finishOnKey = '#' } = element.attributes;
  if (input !== 'dtmf') throw new TwimlFault(13335, 'Gather: only input="dtmf" is understood here.');
  if (!/^[0-9*#]?$/.test(finishOnKey)) throw new TwimlFault(13310, 'Gather: invalid finishOnKey value.');
  if (numDigits !== undefined && !/^[1-9]\d*$/.test(numDigits)) {
    throw new TwimlFault(13314, 'Gather: invalid numDigits value.');
  }
  return {
    verb: 'Gather',
    spoken: childrenOf(element).map(spokenVerb),
    action: element.attributes.action ?? '',
    method: methodOf(element),
    timeoutMs: 1000 * count(element, 'timeout', 5),
    numDigits: numDigits === undefined ? null : Number(numDigits),
    finishOnKey,
    actionOnEmptyResult: choice(element, 'actionOnEmptyResult', ['false', 'true'] as const) === 'true',
  };
};

const connectVerb = (element: XmlElement): ConnectVerb => {
  known(element, ['action', 'method']);
  const [stream, ...more] = childrenOf(element);
  if (stream?.name !== 'Stream' || more.length > 0) {
    throw new TwimlFault(12200, 'Schema validation warning: Connect holds one Stream here.');
  }
  known(stream, ['url', 'name', 'track', 'statusCallback', 'statusCallbackMethod']);
  const { url = '', name = null, track = 'inbound_track', statusCallback = null } = stream.attributes;
  if (track !== 'inbound_track') throw new TwimlFault(31941, 'Stream: invalid track configuration.');
  if (!/^wss?:\/\//.test(url) || url.includes('?')) throw new TwimlFault(31940, 'Stream: invalid URL.');
  return {
    verb: 'Connect',
    action: element.attributes.action ?? null,
    method: methodOf(element),
    stream: {
      url,
      name,
      statusCallback,
      statusCallbackMethod: methodOf(stream, 'statusCallbackMethod'),
      parameters: Object.fromEntries(childrenOf(stream).map(parameterOf)),
    },
  };
};

/** Twilio's limit of a parameter's name and value together. */
const LONGEST_PARAMETER = 500;

const parameterOf = (element: XmlElement): [string, string] => {
  const { name = '', value = '' } = element.attributes;
  if (element.name !== 'Parameter' || name === '') {
    throw new TwimlFault(12200, 'Schema validation warning: Stream holds Parameters with names only.');
  }
  if (name.length + value.length > LONGEST_PARAMETER) {
    throw new TwimlFault(31942, 'Stream: a Parameter is too long.');
  }
  return [name, value];
};

const childrenOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((node: XmlNode) => {
    if (node instanceof XmlText && node.text.trim() !== '') {
      throw new TwimlFault(12200, `Schema validation warning: text is not allowed in ${element.name}.`);
    }
    return node instanceof XmlElement;
  }) as XmlElement[];

const textOf = (element: XmlElement): string => element.text.replace(/\s+/g, ' ').trim();

const known = (element: XmlElement, names: readonly string[]): void => {
  const stranger = Object.keys(element.attributes).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new TwimlFault(
      12200,
      `Schema validation warning: attribute ${stranger} is not allowed in ${element.name}.`,
    );
  }
};

const count = (element: XmlElement, name: string, otherwise: number): number => {
  const value = element.attributes[name];
  if (value === undefined) return otherwise;
  if (!/^\d{1,5}$/.test(value)) throw new TwimlFault(12200, `Schema validation warning: ${name}="${value}".`);
  return Number(value);
};

const choice = <Choice extends string>(
  element: XmlElement,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice => {
  const value = element.attributes[name] ?? choices[0];
  const found = choices.find((one) => one === value);
  if (found === undefined) throw new TwimlFault(12200, `Schema validation warning: ${name}="${value}".`);
  return found;
};

const methodOf = (element: XmlElement, name = 'method'): Method =>
  choice(element, name, ['POST', 'GET'] as const);
