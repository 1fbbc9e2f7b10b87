import type { MediaRoom } from '../media-room.ts';
import { Peer, type PeerListener } from '../peer.ts';
import { Refused } from '../refused.ts';
import type { ReceivedStream, SentStream } from '../streams.ts';
import type { ConsumerOffer, Notification, RequestData, ResumedMedia } from './messages.ts';
import type { Participant } from './participant.ts';
import type { Roster } from './roster.ts';

/** The media of browsers' participants, which outlives their channels for as long as its transports do. */
export class PeerMedia {
  readonly #room: MediaRoom;
  readonly #roster: Roster;

  constructor(options: { readonly room: MediaRoom; readonly roster: Roster }) {
    this.#room = options.room;
    this.#roster = options.roster;
  }

  /** @throws Refused `wrong-order` before the first `createTransport` on this channel */
  peerOf(participant: Participant): Peer {
    if (!(participant.media instanceof Peer) || participant.mediaIsStale) {
      throw new Refused('wrong-order', { reason: 'no transport yet' });
    }
    return participant.media;
  }

  /** The participant's peer, a new one where there is none or where it belongs to an earlier channel. */
  async openPeer(participant: Participant): Promise<Peer> {
    if (participant.media instanceof Peer && !participant.mediaIsStale) return participant.media;
    const { peerId: id, rtpCapabilities, channel } = participant;
    const on = this.#listenerOf(participant, () => peer);
    const peer: Peer = await this.#room.addPeer({ id, rtpCapabilities, on });
    // Meanwhile it may have left, or have been resumed on another channel, whose page creates its own.
    if (!this.#roster.participants.has(id) || participant.channel !== channel) {
      peer.close();
      throw new Refused('wrong-order', { reason: 'the participant left or was resumed meanwhile' });
    }
    participant.media = peer;
    participant.mediaIsStale = false;
    return peer;
  }

  /** What a resumed page continues with; null when it has to create all media again. */
  kept({ media, mediaIsStale }: Participant): ResumedMedia | null {
    if (!(media instanceof Peer) || mediaIsStale) return null;
    return {
      sent: [...media.sent.values()].map(({ producer, source }) => ({
        producerId: producer.id,
        source,
        paused: producer.paused,
      })),
      received: [...media.received].map(offerOf),
    };
  }

  /** @throws Refused as `Peer.produce`, and `wrong-order` when the channel was lost meanwhile */
  async produce(participant: Participant, options: RequestData<'produce'>): Promise<SentStream> {
    const { channel } = participant;
    const sent = await this.peerOf(participant).produce(options);
    if (participant.channel === channel) return sent;
    // The page does not get the response, and will produce the same source again.
    sent.producer.close();
    throw new Refused('wrong-order', { reason: 'the channel was lost meanwhile' });
  }

  async setProducerPaused(participant: Participant, producerId: string, paused: boolean): Promise<void> {
    await this.peerOf(participant).setProducerPaused(producerId, paused);
    this.#roster.notifyUpdated(participant);
  }

  /** Notifies the page of its current media only: it knows nothing of an earlier channel's. */
  #listenerOf(participant: Participant, peer: () => Peer): PeerListener {
    const isCurrent = (): boolean => participant.media === peer();
    const notify = (notification: Notification): void => {
      if (isCurrent() && !participant.mediaIsStale) this.#roster.notify(participant, notification);
    };
    return {
      consumerOpened: (consumer, sent) =>
        notify({ notification: 'newConsumer', ...offerOf({ consumer, sent }) }),
      consumerClosed: (consumerId) => notify({ notification: 'consumerClosed', consumerId }),
      consumerPaused: (consumerId, paused) =>
        notify({ notification: paused ? 'consumerPaused' : 'consumerResumed', consumerId }),
      lost: () => {
        notify({ notification: 'mediaLost' });
        if (isCurrent()) participant.media = null;
        this.#roster.notifyUpdated(participant);
      },
    };
  }
}

const offerOf = ({ consumer, sent: { source, sender, producer } }: ReceivedStream): ConsumerOffer => ({
  consumerId: consumer.id,
  producerId: producer.id,
  peerId: sender.id,
  source,
  kind: consumer.kind,
  rtpParameters: consumer.rtpParameters,
  paused: consumer.producerPaused,
});
