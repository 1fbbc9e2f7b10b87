/** A list of words is all that may be said; `texts` may be repeated. */
type Kind = 'flag' | 'text' | 'number' | 'texts' | readonly string[];

/**
 * The parameters of `POST /v1/listen` that Deepgram knows, by kind. Anything else, and any other value, is refused as
 * Deepgram does. `test/contracts` holds the table to the vendor's specification.
 */
export const LISTEN_PARAMETERS: Readonly<Record<string, Kind>> = {
  callback: 'text',
  callback_method: ['POST', 'PUT'],
  custom_intent: 'texts',
  custom_intent_mode: ['extended', 'strict'],
  custom_topic: 'texts',
  custom_topic_mode: ['extended', 'strict'],
  detect_entities: 'flag',
  detect_language: 'texts',
  diarize: 'flag',
  diarize_model: ['latest', 'v1', 'v2'],
  dictation: 'flag',
  encoding: ['linear16', 'flac', 'mulaw', 'amr-nb', 'amr-wb', 'opus', 'speex', 'g729'],
  extra: 'texts',
  filler_words: 'flag',
  intents: 'flag',
  keyterm: 'texts',
  keywords: 'texts',
  language: 'text',
  measurements: 'flag',
  mip_opt_out: 'flag',
  model: 'text',
  multichannel: 'flag',
  numerals: 'flag',
  paragraphs: 'flag',
  profanity_filter: 'flag',
  punctuate: 'flag',
  redact: 'texts',
  replace: 'texts',
  search: 'texts',
  sentiment: 'flag',
  smart_format: 'flag',
  summarize: ['true', 'false', 'v2'],
  tag: 'texts',
  topics: 'flag',
  utt_split: 'number',
  utterances: 'flag',
  version: 'text',
};

/** Why a request is refused; null when it is not. */
export const problemOfQuery = (query: URLSearchParams): string | null => {
  for (const name of new Set(query.keys())) {
    const kind = LISTEN_PARAMETERS[name];
    if (kind === undefined) return `Unknown query parameter: ${name}`;
    const values = query.getAll(name);
    if (kind !== 'texts' && values.length > 1) return `Query parameter given more than once: ${name}`;
    if (!values.every((value) => isOf(kind, value))) return `Invalid value of query parameter: ${name}`;
  }
  if (query.has('diarize') && query.has('diarize_model')) {
    return 'diarize and diarize_model must not be sent together.';
  }
  const terms = query.getAll('keyterm');
  if (terms.some((term) => term.includes(','))) return 'keyterm must not contain commas.';
  // A token is at least a character.
  if (terms.join('').length > MAX_TERM_CHARACTERS) return 'Keyterm limit exceeded.';
  const isForeign = query.has('language') && !/^en\b/i.test(query.get('language') ?? '');
  if (query.has('summarize') && isForeign) return 'summarize supports English only.';
  return null;
};

/** 500 tokens of about four characters. */
const MAX_TERM_CHARACTERS = 2_000;

const isOf = (kind: Kind, value: string): boolean => {
  if (typeof kind !== 'string') return kind.includes(value);
  switch (kind) {
    case 'flag':
      return value === 'true' || value === 'false';
    case 'number':
      return /^\d+(?:\.\d+)?$/.test(value) && Number(value) > 0;
    default:
      return value !== '';
  }
};
