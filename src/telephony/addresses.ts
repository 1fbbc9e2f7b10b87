import type { LegId } from '../core/ids.ts';

/** Where the telephone network reaches Parley, below its public address. What stands in them is made by us alone. */
export interface Addresses {
  /** Asked what a leg is to hear. */
  voice(legId: LegId): string;
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
  voice: '/telephony/legs/:legId/voice',
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
    voice: ofLeg(PATHS.voice),
    key: ofLeg(PATHS.key),
    status: ofLeg(PATHS.status),
    machine: ofLeg(PATHS.machine),
    recording: ofLeg(PATHS.recording),
    pin: (attempt) => `${base}${PATHS.pin.replace(':attempt', String(attempt))}`,
  };
};

/** Where the sound of a telephone connects with the copy of Parley at `base`: `wss:` for `https:`. */
export const streamAddress = (base: string): string => `${base.replace(/^http/, 'ws')}${PATHS.stream}`;
