import type { Log } from '../../core/ports.ts';
import type { Sent } from '../peer.ts';
import { type Tap, type TapFormat, type TapListener, tapFormat } from '../tap.ts';
import type { Participant } from './participant.ts';

/** Whose microphone it is. */
export type MicrophoneOwner = Pick<Participant, 'peerId' | 'partyIndex'>;

/** What these places send into their microphones, muted or not. */
export const microphonesOf = (places: Iterable<Participant>): ReadonlyMap<Sent, MicrophoneOwner> => {
  const microphones = new Map<Sent, MicrophoneOwner>();
  for (const { media, peerId, partyIndex } of places) {
    const microphone = media?.sent.get('microphone');
    if (microphone !== undefined && !microphone.producer.closed) {
      microphones.set(microphone, { peerId, partyIndex });
    }
  }
  return microphones;
};

/** One microphone that may be heard. */
export type Speaker = MicrophoneOwner & TapFormat;

export interface TranscriptionTaps {
  /** Opens and closes taps, so that exactly these are heard. */
  sync(microphones: ReadonlyMap<Sent, MicrophoneOwner>): void;
}

/**
 * Keeps taps on microphones. Whether somebody may be heard is decided by the meeting and only carried out here: a
 * tap on a microphone that is no longer among them is closed at once, even one that is still being opened.
 */
export const createTranscriptionTaps = (options: {
  readonly tap: (sent: Sent, on: TapListener) => Promise<Tap>;
  /** Takes the sound of one speaker, until `closed`. */
  readonly listen: (speaker: Speaker) => TapListener;
  readonly log: Log;
}): TranscriptionTaps => {
  const { tap, listen, log } = options;
  const heard = new Map<Sent, { tap: Tap | null }>();

  const open = async (sent: Sent, who: MicrophoneOwner): Promise<void> => {
    // An entry of its own for each opening: a microphone may be unwanted and wanted again before the first is there.
    const entry: { tap: Tap | null } = { tap: null };
    heard.set(sent, entry);
    const wanted = (): boolean => heard.get(sent) === entry;
    const listener = listen({ ...who, ...tapFormat(sent.producer) });
    let over = false;
    const closed = (): void => {
      if (over) return;
      over = true;
      if (wanted()) heard.delete(sent);
      listener.closed();
    };
    try {
      entry.tap = await tap(sent, {
        packet: (packet) => wanted() && listener.packet(packet),
        paused: listener.paused,
        closed,
      });
      if (!wanted()) entry.tap.close();
    } catch (error) {
      closed();
      if (!sent.producer.closed) log.error({ err: error }, 'a microphone could not be tapped');
    }
  };

  return {
    sync(microphones) {
      for (const [sent, { tap: opened }] of heard) {
        if (microphones.has(sent)) continue;
        heard.delete(sent);
        opened?.close();
      }
      for (const [sent, who] of microphones) if (!heard.has(sent)) void open(sent, who);
    },
  };
};
