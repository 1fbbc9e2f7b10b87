import type { Log } from '../../core/ports.ts';
import type { SentStream } from '../streams.ts';
import { type Tap, type TapFormat, type TapListener, tapFormat } from '../tap.ts';
import type { Participant } from './participant.ts';

export type MicrophoneOwner = Pick<Participant, 'peerId' | 'partyIndex'>;

/** The open microphones of these participants, muted or not. */
export const microphonesOf = (
  participants: Iterable<Participant>,
): ReadonlyMap<SentStream, MicrophoneOwner> => {
  const microphones = new Map<SentStream, MicrophoneOwner>();
  for (const { media, peerId, partyIndex } of participants) {
    const microphone = media?.sent.get('microphone');
    if (microphone !== undefined && !microphone.producer.closed) {
      microphones.set(microphone, { peerId, partyIndex });
    }
  }
  return microphones;
};

/** One tapped microphone. */
export type Speaker = MicrophoneOwner & TapFormat;

export interface MicrophoneTaps {
  /** Opens and closes taps, so that exactly these microphones are tapped. */
  sync(microphones: ReadonlyMap<SentStream, MicrophoneOwner>): void;
}

/**
 * Keeps taps on microphones. Which ones is decided by the meeting and only carried out here: the tap of any other is
 * closed at once, also one that is still being opened.
 */
export const createMicrophoneTaps = (options: {
  readonly openTap: (sent: SentStream, on: TapListener) => Promise<Tap>;
  /** Receives one speaker's audio, until `closed`. */
  readonly pipe: (speaker: Speaker) => TapListener;
  readonly log: Log;
}): MicrophoneTaps => {
  const { openTap, pipe, log } = options;
  const taps = new Map<SentStream, { tap: Tap | null }>();

  const open = async (sent: SentStream, owner: MicrophoneOwner): Promise<void> => {
    // An entry for each opening: a microphone may be removed and added again before its first tap is open.
    const entry: { tap: Tap | null } = { tap: null };
    taps.set(sent, entry);
    const isCurrent = (): boolean => taps.get(sent) === entry;
    const listener = pipe({ ...owner, ...tapFormat(sent.producer) });
    let isClosed = false;
    const closed = (): void => {
      if (isClosed) return;
      isClosed = true;
      if (isCurrent()) taps.delete(sent);
      listener.closed();
    };
    try {
      entry.tap = await openTap(sent, {
        packet: (packet) => isCurrent() && listener.packet(packet),
        paused: listener.paused,
        closed,
      });
      if (!isCurrent()) entry.tap.close();
    } catch (error) {
      closed();
      if (!sent.producer.closed) log.error({ err: error }, 'a microphone could not be tapped');
    }
  };

  return {
    sync(microphones) {
      for (const [sent, { tap }] of taps) {
        if (microphones.has(sent)) continue;
        taps.delete(sent);
        tap?.close();
      }
      for (const [sent, owner] of microphones) if (!taps.has(sent)) void open(sent, owner);
    },
  };
};
