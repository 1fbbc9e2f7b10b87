import type {
  Phone,
  PhoneBehaviour,
  PhoneFault,
  PhonesState,
  WebhookRecord,
} from '../../../sandbox/phones/control/contract.ts';
import { until } from '../../support/until.ts';

/** The telephones of the stand-in network, through its control interface. */
export interface Telephones {
  state(): Promise<PhonesState>;
  at(number: string): Promise<Phone>;
  set(number: string, behaviour: PhoneBehaviour): Promise<unknown>;
  /** Rings Parley's own number; `keys` are pressed once it asks for some. */
  dialIn(number: string, keys?: string): Promise<unknown>;
  answer(number: string): Promise<unknown>;
  hangUp(number: string): Promise<unknown>;
  keys(number: string, keys: string): Promise<unknown>;
  /** Speaks a recording of the network's own, or a WAV file, into the call. */
  say(number: string, sample: string | Uint8Array): Promise<{ durationMs: number }>;
  /** Keeps a recording under a name, to be a turn of what answers. */
  keep(name: string, wav: Uint8Array): Promise<unknown>;
  /** 8 kHz, of the newest call. */
  heard(number: string): Promise<Int16Array>;
  said(number: string): Promise<Int16Array>;
  webhooks(): Promise<{ webhooks: WebhookRecord[]; faults: PhoneFault[] }>;
  /** The telephone once its sound flows both ways. */
  connected(number: string): Promise<Phone>;
  /** The telephone once it is in no call. */
  free(number: string): Promise<Phone>;
}

/** @param url of the workspace, or of the network itself */
export const openTelephones = (url: string): Telephones => {
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${url}/control/phones${path}`, {
      method,
      ...(body === undefined
        ? {}
        : body instanceof Uint8Array
          ? { body: body as Uint8Array<ArrayBuffer> }
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await (await send(method, path, body)).json()) as T;
  const path = (number: string): string => `/${encodeURIComponent(number)}`;
  const sound = async (number: string, what: 'received' | 'sent'): Promise<Int16Array> =>
    samplesIn(Buffer.from(await (await send('GET', `${path(number)}/${what}.wav`)).arrayBuffer()));
  const telephones: Telephones = {
    state: () => ask('GET', ''),
    at: async (number) => {
      const { phones } = await telephones.state();
      const found = phones.find((one) => one.number === number);
      if (found === undefined) throw new Error(`nobody knows ${number}`);
      return found;
    },
    set: (number, behaviour) => ask('PUT', path(number), { behaviour }),
    dialIn: async (number, keys) =>
      ask('POST', `${path(number)}/call`, {
        to: (await telephones.state()).parley,
        ...(keys === undefined ? {} : { keys }),
      }),
    answer: (number) => ask('POST', `${path(number)}/answer`, {}),
    hangUp: (number) => ask('POST', `${path(number)}/hang-up`, {}),
    keys: (number, keys) => ask('POST', `${path(number)}/keys`, { keys }),
    say: (number, sample) =>
      typeof sample === 'string'
        ? ask('PUT', `${path(number)}/speak?sample=${sample}`, {})
        : ask('PUT', `${path(number)}/speak?name=said`, sample),
    keep: (name, wav) => ask('PUT', `/recordings?name=${name}`, wav),
    heard: (number) => sound(number, 'received'),
    said: (number) => sound(number, 'sent'),
    webhooks: () => ask('GET', '/webhooks'),
    connected: (number) =>
      until(
        async () => {
          const telephone = await telephones.at(number);
          return telephone.call?.connected === true && telephone;
        },
        { timeoutMs: 90_000, what: `the sound of ${number}` },
      ),
    free: (number) =>
      until(
        async () => {
          const telephone = await telephones.at(number);
          return telephone.call === null && telephone;
        },
        { timeoutMs: 60_000, what: `the end of the call of ${number}` },
      ),
  };
  return telephones;
};

/** The network writes mono WAV files in 16 bit, with the shortest of headers. */
const samplesIn = (wav: Buffer): Int16Array => new Int16Array(new Uint8Array(wav.subarray(44)).buffer);
