import { ChannelLost } from '../../shared/request-channel.ts';
import { NOT_CONNECTED } from '../sentences.ts';
import type { Channel } from './channel.ts';
import { peerErrorSentence } from './error-sentence.ts';

/**
 * Actions on others. While the channel is lost they are refused and not kept for later: muted half a minute too late,
 * a person may be saying what everyone waits for.
 */
export interface MeetingActions {
  readonly mutePeer: (peerId: string) => Promise<void>;
  /** A phone cannot unmute itself. */
  readonly unmutePhone: (peerId: string) => Promise<void>;
  readonly removePeer: (peerId: string) => Promise<void>;
  readonly setCaptions: (on: boolean) => Promise<void>;
  /** Calls a phone. Resolves with why not, as a sentence; null when it is being called. */
  readonly addPhone: (number: string) => Promise<string | null>;
  readonly hangUpPhone: (legId: string) => Promise<void>;
  readonly endForEveryone: () => Promise<void>;
}

/** @param options.channel null while it is lost */
export const createMeetingActions = (options: {
  readonly channel: () => Channel | null;
  readonly showError: (sentence: string) => void;
}): MeetingActions => {
  /** Resolves with why it failed, as a sentence; null when it did not. */
  const attempt = async (work: (channel: Channel) => Promise<unknown>): Promise<string | null> => {
    const channel = options.channel();
    if (channel === null) return NOT_CONNECTED;
    try {
      await work(channel);
      return null;
    } catch (error) {
      return error instanceof ChannelLost ? NOT_CONNECTED : peerErrorSentence(error);
    }
  };
  const act = async (work: (channel: Channel) => Promise<unknown>): Promise<void> => {
    const sentence = await attempt(work);
    if (sentence !== null) options.showError(sentence);
  };
  return {
    mutePeer: (peerId) => act((channel) => channel.request('mutePeer', { peerId })),
    unmutePhone: (peerId) => act((channel) => channel.request('unmutePhone', { peerId })),
    removePeer: (peerId) => act((channel) => channel.request('removePeer', { peerId })),
    setCaptions: (on) => act((channel) => channel.request('setCaptions', { on })),
    addPhone: (number) => attempt((channel) => channel.request('addPhone', { number })),
    hangUpPhone: (legId) => act((channel) => channel.request('hangUpPhone', { legId })),
    endForEveryone: () => act((channel) => channel.request('end')),
  };
};
