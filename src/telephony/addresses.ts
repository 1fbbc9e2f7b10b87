import type { LegId } from '../core/ids.ts';
import type { AnswerProgress } from '../core/ports.ts';

/** Where the telephone network reaches Parley, below its public address. What stands in them is made by us alone. */
export interface Addresses {
  /** Asked what a leg is to hear; what it went through is in the address, which the network signs over. */
  voice(legId: LegId, progress?: AnswerProgress): string;
  /** Told which key was pressed. */
  key(legId: LegId): string;
  status(legId: LegId): string;
  /** Told whether a person or a machine answered. */
  machine(legId: LegId): string;
  recording(legId: LegId): string;
  /** Told which PIN was entered. */
  pin(attempt: number): string;
}

/** The paths, as routes have them. */
export const PATHS = {
  voice: '/telephony/legs/:legId/voice{/:attempts}',
  /** The same, by a telephone that was told what is said first. */
  again: '/telephony/legs/:legId/again{/:attempts}',
  key: '/telephony/legs/:legId/key',
  status: '/telephony/legs/:legId/status',
  machine: '/telephony/legs/:legId/machine',
  recording: '/telephony/legs/:legId/recording',
  incoming: '/telephony/incoming',
  pin: '/telephony/incoming/pin/:attempt',
  stream: '/telephony/stream',
} as const;

export const addressesBelow = (base: string): Addresses => {
  const ofLeg = (path: string) => (legId: LegId) =>
    `${base}${path.replace(':legId', () => encodeURIComponent(legId))}`;
  return {
    voice: (legId, { noticePlayed, attempts } = { noticePlayed: false, attempts: 0 }) =>
      ofLeg(
        (noticePlayed ? PATHS.again : PATHS.voice).replace(
          '{/:attempts}',
          attempts === 0 ? '' : `/${attempts}`,
        ),
      )(legId),
    key: ofLeg(PATHS.key),
    status: ofLeg(PATHS.status),
    machine: ofLeg(PATHS.machine),
    recording: ofLeg(PATHS.recording),
    pin: (attempt) => `${base}${PATHS.pin.replace(':attempt', String(attempt))}`,
  };
};

/** Where the sound of a telephone connects with the copy of Parley at `base`: `wss:` for `https:`. */
export const streamAddress = (base: string): string => `${base.replace(/^http/, 'ws')}${PATHS.stream}`;
