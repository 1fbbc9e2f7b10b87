import type { Phone, PhoneSetting, PhonesState } from '../../phones/control/contract.ts';
import { address, ask, get, send } from '../client.ts';

const at = (number: string, what?: string): string =>
  `phones/${encodeURIComponent(number)}${what ? `/${what}` : ''}`;

/** The telephones' control interface as functions; each rejects with a sentence to show, as `client` does. */
export const phonesClient = {
  state: () => get<PhonesState>('phones'),
  set: (number: string, setting: PhoneSetting) => send<Phone>('PUT', at(number), setting),
  call: (number: string, to: string) => send<Phone>('POST', at(number, 'call'), { to }),
  answer: (number: string) => send<Phone>('POST', at(number, 'answer'), {}),
  hangUp: (number: string) => send<Phone>('POST', at(number, 'hang-up'), {}),
  press: (number: string, keys: string) => send<Phone>('POST', at(number, 'keys'), { keys }),
  speakSample: (number: string, sample: string) =>
    ask<{ durationMs: number }>(address(at(number, 'speak'), { sample }), { method: 'PUT' }),
  speakFile: (number: string, file: File) =>
    ask<{ durationMs: number }>(address(at(number, 'speak'), { name: nameOf(file) }), {
      method: 'PUT',
      body: file,
    }),
  keepRecording: (file: File) =>
    ask<{ name: string }>(address('phones/recordings', { name: nameOf(file) }), {
      method: 'PUT',
      body: file,
    }),
};

export const audioPath = (number: string): string => `/control/${at(number, 'audio')}`;

const nameOf = (file: File): string => file.name || 'recording';
