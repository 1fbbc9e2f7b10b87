import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import parsePhoneNumber from 'libphonenumber-js';
import type { Phone, PhoneBehaviour, PhonesState } from '../phones/control/contract.ts';
import { CliError, type Client, withQuery } from './client.ts';
import { type Command, type Outcome, success } from './command.ts';
import type { Options } from './options.ts';

interface Act {
  readonly client: Client;
  readonly state: PhonesState;
  readonly number: string;
  readonly words: readonly string[];
  readonly options: Options;
}

/** `phone`, `phone NUMBER` and `phone NUMBER VERB …`: phones of the simulated network. */
export const phone: Command = async (client, words, options) => {
  if (words[0] === 'webhooks') return success(await client.request('GET', 'phones/webhooks'));
  const state = await client.request<PhonesState>('GET', 'phones');
  if (words.length === 0) return success(state);
  // Numbers and names may contain spaces.
  const at = words.findIndex((word, index) => index > 0 && Object.hasOwn(ACTS, word));
  const number = numberOf(state, words.slice(0, at < 0 ? undefined : at).join(' '));
  if (at < 0) return success(await fetchPhone(client, number));
  return ACTS[words[at]!]!({ client, state, number, words: words.slice(at + 1), options });
};

const fetchPhone = async (client: Client, number: string): Promise<Phone | { number: string }> => {
  const { phones } = await client.request<PhonesState>('GET', 'phones');
  return phones.find((one) => one.number === number) ?? { number };
};

/** A number, international or national, or the number of an owner. */
const numberOf = ({ parley, phones }: PhonesState, text: string): string => {
  if (/^[+(\d][\d\s().-]*$/.test(text)) {
    const country = parsePhoneNumber(parley)?.country;
    const parsed = parsePhoneNumber(text, country);
    if (parsed !== undefined) return parsed.number;
    throw new CliError(`"${text}" is not a phone number.`);
  }
  const wanted = text.toLocaleLowerCase();
  const matches = phones.filter(({ owner }) => owner?.toLocaleLowerCase().includes(wanted));
  const exact = matches.find(({ owner }) => owner?.toLocaleLowerCase() === wanted);
  const found = exact ?? (matches.length === 1 ? matches[0] : undefined);
  if (found !== undefined) return found.number;
  const owners = phones.flatMap(({ owner }) => owner ?? []);
  throw new CliError(`No phone belongs to "${text}", or several do. Owners: ${owners.join(', ')}.`);
};

const pathOf = (number: string, rest = ''): string => `phones/${encodeURIComponent(number)}${rest}`;

const post =
  (what: string, bodyOf: (act: Act) => object = () => ({})) =>
  async (act: Act): Promise<Outcome> =>
    success(await act.client.request('POST', pathOf(act.number, `/${what}`), bodyOf(act)));

const set = async (act: Act): Promise<Outcome> => {
  const behaviour = await behaviourOf(act);
  return success(await act.client.request('PUT', pathOf(act.number), { behaviour }));
};

const behaviourOf = async ({ client, words: [type], options }: Act): Promise<PhoneBehaviour> => {
  const afterMs = delayOf(options.after ?? '2s');
  switch (type) {
    case 'ring':
    case 'busy':
    case 'no-answer':
    case 'decline':
    case 'unreachable':
      return { type };
    case 'voicemail':
      return { type, afterMs };
    case 'answer': {
      const turns: string[] = [];
      for (const turn of options.turns?.split(',') ?? []) turns.push(await recordingNamed(client, turn));
      const { keys, 'hangs-up': hangsUp } = options;
      return { type, afterMs, turns, hangsUp, ...(keys === undefined ? {} : { keys }) };
    }
    default:
      throw new CliError(
        'Choose a behaviour: ring, answer, voicemail, busy, no-answer, decline or unreachable.',
      );
  }
};

const SAMPLE = 'sample:';

/** The name of a recording in the network; a file is uploaded first. */
const recordingNamed = async (client: Client, file: string): Promise<string> => {
  if (file.startsWith(SAMPLE)) return file.slice(SAMPLE.length);
  const path = withQuery('phones/recordings', { name: basename(file) });
  return (await client.putFile<{ name: string }>(path, file)).name;
};

const delayOf = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  if (match === null) throw new CliError('--after must be a time such as 2s or 500ms.');
  return Math.round(Number(match[1]) * (match[2] === 'ms' ? 1 : 1000));
};

const speak = async ({ client, number, words: [file] }: Act): Promise<Outcome> => {
  if (file === undefined) throw new CliError('Give the recording: speak FILE, or speak sample:NAME.');
  if (file.startsWith(SAMPLE)) {
    const sample = file.slice(SAMPLE.length);
    return success(await client.request('PUT', withQuery(pathOf(number, '/speak'), { sample })));
  }
  return success(await client.putFile(withQuery(pathOf(number, '/speak'), { name: basename(file) }), file));
};

const keys = post('keys', ({ words: [pressed] }) => {
  if (pressed === undefined) throw new CliError('Give the keys: keys 123#.');
  return { keys: pressed };
});

const call = post('call', ({ state, options }) => ({
  to: options.to === undefined ? state.parley : numberOf(state, options.to),
  ...(options.keys === undefined ? {} : { keys: options.keys }),
}));

const save =
  (what: 'received' | 'sent') =>
  async ({ client, number, words: [file] }: Act): Promise<Outcome> => {
    if (file === undefined) throw new CliError(`Give the file to write: ${what} FILE.wav.`);
    const bytes = await client.getBytes(pathOf(number, `/${what}.wav`));
    writeFileSync(file, bytes);
    return success({ file, sizeBytes: bytes.length });
  };

const ACTS: Readonly<Record<string, (act: Act) => Promise<Outcome>>> = {
  set,
  answer: post('answer'),
  'hang-up': post('hang-up'),
  speak,
  keys,
  call,
  received: save('received'),
  sent: save('sent'),
};
