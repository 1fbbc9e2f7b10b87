import type { Phone, PhoneSetting, PhonesState } from '../../phones/control/contract.ts';
import { fetchJson, get, send, urlOf } from '../workspace/client.ts';

const pathOf = (number: string, resource?: string): string =>
  `phones/${encodeURIComponent(number)}${resource ? `/${resource}` : ''}`;

/** The demo phones' control interface as functions; each rejects with a sentence to show, as `client` does. */
export const phonesClient = {
  state: () => get<PhonesState>('phones'),
  set: (number: string, setting: PhoneSetting) => send<Phone>('PUT', pathOf(number), setting),
  call: (number: string, to: string) => send<Phone>('POST', pathOf(number, 'call'), { to }),
  answer: (number: string) => send<Phone>('POST', pathOf(number, 'answer'), {}),
  hangUp: (number: string) => send<Phone>('POST', pathOf(number, 'hang-up'), {}),
  press: (number: string, keys: string) => send<Phone>('POST', pathOf(number, 'keys'), { keys }),
  speakSample: (number: string, sample: string) =>
    fetchJson<{ durationMs: number }>(urlOf(pathOf(number, 'speak'), { sample }), { method: 'PUT' }),
  speakFile: (number: string, file: File) =>
    fetchJson<{ durationMs: number }>(urlOf(pathOf(number, 'speak'), { name: nameOf(file) }), {
      method: 'PUT',
      body: file,
    }),
  saveRecording: (file: File) =>
    fetchJson<{ name: string }>(urlOf('phones/recordings', { name: nameOf(file) }), {
      method: 'PUT',
      body: file,
    }),
};

export const audioPath = (number: string): string => `/control/${pathOf(number, 'audio')}`;

const nameOf = (file: File): string => file.name || 'recording';
