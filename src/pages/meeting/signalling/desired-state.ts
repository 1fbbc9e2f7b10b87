import type { JoinResponse } from '../../../media/signalling/messages.ts';
import type { Store } from '../state/store.ts';
import type { Channel } from './channel.ts';

/**
 * What a person decides for themselves. The state holds the decision, not the server's response: it also changes while
 * the channel is lost, and the next channel gets the latest decision, not each click.
 */
export interface DesiredState {
  /** To captions and transcript, of what one says. */
  readonly setConsent: (accepted: boolean) => Promise<void>;
  readonly setHandRaised: (raised: boolean) => Promise<void>;
  readonly showCaptions: (wanted: boolean) => Promise<void>;
  /** Sends what the server of a new channel has otherwise. @throws RequestRefused, ChannelLost */
  readonly sync: (channel: Channel, join: JoinResponse) => Promise<void>;
}

export const createDesiredState = (options: {
  readonly store: Store;
  /** Runs requests when there is a channel, and shows a refusal. */
  readonly withChannel: (work: (channel: Channel) => Promise<unknown>) => Promise<void>;
  /** Fetches the transcript lines that this page does not have. */
  readonly fetchTranscript: (channel: Channel) => Promise<void>;
  /** Nothing may be sent without consent. */
  readonly stopMicrophone: () => Promise<void>;
}): DesiredState => {
  const { withChannel, fetchTranscript } = options;
  const { dispatch, get } = options.store;
  return {
    async setConsent(accepted) {
      // It counts from now on, whatever becomes of the channel.
      dispatch({ type: 'consent', accepted });
      const sent = withChannel((channel) => channel.request('consent', { accepted }));
      if (!accepted) await options.stopMicrophone();
      await sent;
    },
    setHandRaised(raised) {
      dispatch({ type: 'hand', raised });
      return withChannel((channel) => channel.request('raiseHand', { raised }));
    },
    showCaptions(wanted) {
      dispatch({ type: 'captions-wanted', wanted });
      return withChannel(async (channel) => {
        await channel.request('captionsWanted', { wanted });
        if (wanted) await fetchTranscript(channel);
      });
    },
    async sync(channel, join) {
      const { consented, captionsWanted, handRaised } = get();
      const isRaisedThere = join.peers.some((peer) => peer.peerId === join.peerId && peer.handRaised);
      // All at once: the server responds in order, so that consent is there before any microphone.
      await Promise.all([
        join.consented !== consented && channel.request('consent', { accepted: consented }),
        join.captionsWanted !== captionsWanted &&
          channel.request('captionsWanted', { wanted: captionsWanted }),
        isRaisedThere !== handRaised && channel.request('raiseHand', { raised: handRaised }),
      ]);
    },
  };
};
