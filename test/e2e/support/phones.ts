import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Phone,
  PhoneBehaviour,
  PhoneFault,
  PhonesState,
  WebhookRecord,
} from '../../../sandbox/phones/control/contract.ts';
import { toneSamples, toneWordsIn } from '../../support/tone-audio.ts';
import { until } from '../../support/until.ts';
import { wavOfSamples } from '../../support/wav.ts';

/** The phones of the simulated network, through its control interface. */
export interface PhoneControl {
  state(): Promise<PhonesState>;
  at(number: string): Promise<Phone>;
  set(number: string, behaviour: PhoneBehaviour): Promise<unknown>;
  /** Calls Parley’s number; `keys` are pressed once it prompts for some. */
  dialIn(number: string, keys?: string): Promise<unknown>;
  answer(number: string): Promise<unknown>;
  hangUp(number: string): Promise<unknown>;
  keys(number: string, keys: string): Promise<unknown>;
  /** Plays one of the network’s samples, or a WAV file, into the call. */
  say(number: string, sample: string | Uint8Array): Promise<{ durationMs: number }>;
  /** Saves a WAV file under a name, for the turns of a phone that answers. */
  saveSample(name: string, wav: Uint8Array): Promise<unknown>;
  /** What the phone received in its newest call, at 8 kHz. */
  received(number: string): Promise<Int16Array>;
  /** What it sent. */
  sent(number: string): Promise<Int16Array>;
  webhooks(): Promise<{ webhooks: WebhookRecord[]; faults: PhoneFault[] }>;
  /** The phone once audio flows both ways. */
  connected(number: string): Promise<Phone>;
  /** The phone once it is in no call. */
  idle(number: string): Promise<Phone>;
}

/** @param url of the workspace, or of the network itself */
export const openPhoneControl = (url: string): PhoneControl => {
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
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await (await send(method, path, body)).json()) as T;
  const path = (number: string): string => `/${encodeURIComponent(number)}`;
  const audioOf = async (number: string, what: 'received' | 'sent'): Promise<Int16Array> =>
    samplesIn(Buffer.from(await (await send('GET', `${path(number)}/${what}.wav`)).arrayBuffer()));
  const control: PhoneControl = {
    state: () => request('GET', ''),
    at: async (number) => {
      const { phones } = await control.state();
      const found = phones.find((one) => one.number === number);
      if (found === undefined) throw new Error(`unknown number ${number}`);
      return found;
    },
    set: (number, behaviour) => request('PUT', path(number), { behaviour }),
    dialIn: async (number, keys) =>
      request('POST', `${path(number)}/call`, {
        to: (await control.state()).parley,
        ...(keys === undefined ? {} : { keys }),
      }),
    answer: (number) => request('POST', `${path(number)}/answer`, {}),
    hangUp: (number) => request('POST', `${path(number)}/hang-up`, {}),
    keys: (number, keys) => request('POST', `${path(number)}/keys`, { keys }),
    say: (number, sample) =>
      typeof sample === 'string'
        ? request('PUT', `${path(number)}/speak?sample=${sample}`, {})
        : request('PUT', `${path(number)}/speak?name=said`, sample),
    saveSample: (name, wav) => request('PUT', `/recordings?name=${name}`, wav),
    received: (number) => audioOf(number, 'received'),
    sent: (number) => audioOf(number, 'sent'),
    webhooks: () => request('GET', '/webhooks'),
    connected: (number) =>
      until(
        async () => {
          const phone = await control.at(number);
          return phone.call?.connected === true && phone;
        },
        { timeoutMs: 120_000, what: `audio of ${number}` },
      ),
    idle: (number) =>
      until(
        async () => {
          const phone = await control.at(number);
          return phone.call === null && phone;
        },
        { timeoutMs: 120_000, what: `no call at ${number}` },
      ),
  };
  return control;
};

/** The network writes mono 16-bit WAV files with a header of 44 bytes. */
const samplesIn = (wav: Buffer): Int16Array => new Int16Array(new Uint8Array(wav.subarray(44)).buffer);

/** Phones play their samples in a loop, until this is disposed of: on a busy machine, audio has gaps. */
export const keepTalking = (
  phones: PhoneControl,
  ...talkers: readonly (readonly [number: string, sample: string])[]
): AsyncDisposable => {
  const stopped = new AbortController();
  const talking = talkers.map(async ([number, sample]) => {
    while (!stopped.signal.aborted) {
      const { durationMs } = await phones.say(number, sample);
      await sleep(durationMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await Promise.all(talking);
    },
  };
};

/** Saves a sample of `count` tone words, counted from `first`. Resolves with its name. */
export const saveToneWords = async (phones: PhoneControl, first: number, count: number): Promise<string> => {
  const name = `from-${first}-to-${first + count - 1}`;
  await phones.saveSample(name, wavOfSamples(toneSamples(first, count)));
  return name;
};

/** The tone words in audio of a phone. */
export const toneWordsAt8kHz = (samples: Int16Array): number[] => toneWordsIn(samples, 8_000);
