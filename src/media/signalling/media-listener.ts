import type { Peer, PeerListener, Received } from '../peer.ts';
import type { ConsumerOffer, Notification } from './messages.ts';
import type { Participant } from './participant.ts';

export const offerOf = ({ consumer, sent: { source, sender, producer } }: Received): ConsumerOffer => ({
  consumerId: consumer.id,
  producerId: producer.id,
  peerId: sender.id,
  source,
  kind: consumer.kind,
  rtpParameters: consumer.rtpParameters,
  paused: consumer.producerPaused,
});

/** Passes on what concerns the media that the page knows of; what an earlier line's media does is nobody's news. */
export const listenForPage = (
  place: Participant,
  options: {
    readonly peer: () => Peer;
    readonly tell: (notification: Notification) => void;
    /** The place has no media any more. */
    readonly lost: () => void;
  },
): PeerListener => {
  const isCurrent = (): boolean => place.media === options.peer();
  const tell = (notification: Notification): void => {
    if (isCurrent() && !place.mediaIsStale) options.tell(notification);
  };
  return {
    consumerOpened: (consumer, sent) => tell({ notification: 'newConsumer', ...offerOf({ consumer, sent }) }),
    consumerClosed: (consumerId) => tell({ notification: 'consumerClosed', consumerId }),
    consumerPaused: (consumerId, paused) =>
      tell({ notification: paused ? 'consumerPaused' : 'consumerResumed', consumerId }),
    lost: () => {
      tell({ notification: 'mediaLost' });
      if (isCurrent()) place.media = null;
      options.lost();
    },
  };
};
