import type { LegId } from '../core/ids.ts';
import type { AnswerProgress } from '../core/ports.ts';

/**
 * Where the network reaches Parley, below its public URL. They are made of our own ids alone. The network signs over
 * them, so what a phone has been through can be kept in the path.
 */
export interface WebhookUrls {
  /** Asks what an answered phone is to do. */
  voice(legId: LegId, progress?: AnswerProgress): string;
  key(legId: LegId): string;
  status(legId: LegId): string;
  /** Reports whether a person or a machine answered. */
  machine(legId: LegId): string;
  recording(legId: LegId): string;
  /** Reports of the audio stream that is opened after this progress. */
  stream(legId: LegId, progress: AnswerProgress): string;
  pin(attempt: number): string;
}

/** As routes. Calls in progress hold these URLs, so a path that changes must be served under its old name as well. */
export const PATHS = {
  voice: '/telephony/legs/:legId/voice{/:attempts{/:connects}}',
  /** The same once the notice was played. */
  voiceAfterNotice: '/telephony/legs/:legId/again{/:attempts{/:connects}}',
  key: '/telephony/legs/:legId/key',
  status: '/telephony/legs/:legId/status',
  machine: '/telephony/legs/:legId/machine',
  recording: '/telephony/legs/:legId/recording',
  legStream: '/telephony/legs/:legId/stream/:connects',
  incoming: '/telephony/incoming',
  pin: '/telephony/incoming/pin/:attempt',
  stream: '/telephony/stream',
} as const;

const BEFORE_ALL: AnswerProgress = { noticePlayed: false, attempts: 0, connects: 0 };
const ATTEMPTS = '{/:attempts{/:connects}}';

export const webhookUrlsBelow = (base: string): WebhookUrls => {
  const ofLeg = (path: string) => (legId: LegId) =>
    `${base}${path.replace(':legId', () => encodeURIComponent(legId))}`;
  return {
    voice(legId, { noticePlayed, attempts, connects } = BEFORE_ALL) {
      const path = noticePlayed ? PATHS.voiceAfterNotice : PATHS.voice;
      const counts = connects > 0 ? `/${attempts}/${connects}` : attempts > 0 ? `/${attempts}` : '';
      return ofLeg(path.replace(ATTEMPTS, counts))(legId);
    },
    key: ofLeg(PATHS.key),
    status: ofLeg(PATHS.status),
    machine: ofLeg(PATHS.machine),
    recording: ofLeg(PATHS.recording),
    stream: (legId, { connects }) => ofLeg(PATHS.legStream.replace(':connects', String(connects)))(legId),
    pin: (attempt) => `${base}${PATHS.pin.replace(':attempt', String(attempt))}`,
  };
};

/** Where the audio of phones connects with the instance at `base`: `wss:` for `https:`. */
export const streamUrl = (base: string): string => `${base.replace(/^http/, 'ws')}${PATHS.stream}`;
