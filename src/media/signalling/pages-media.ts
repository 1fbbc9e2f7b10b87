import { Peer, type Sent } from '../peer.ts';
import { Refused } from '../refused.ts';
import type { Room } from '../room.ts';
import { listenForPage, offerOf } from './media-listener.ts';
import type { RequestData, ResumedMedia } from './messages.ts';
import type { Participant } from './participant.ts';
import type { Roster } from './roster.ts';

/** The media that pages make at their places, which outlives their lines for as long as its transports do. */
export class PagesMedia {
  readonly #room: Room;
  readonly #roster: Roster;

  constructor(options: { readonly room: Room; readonly roster: Roster }) {
    this.#room = options.room;
    this.#roster = options.roster;
  }

  /**
   * What this place's page made, after `createTransport`.
   * @throws Refused `wrong-order` before that
   */
  of(place: Participant): Peer {
    if (!(place.media instanceof Peer) || place.mediaIsStale) {
      throw new Refused('wrong-order', 'There is no transport yet.');
    }
    return place.media;
  }

  /** The same, made anew where there is none or where it belongs to an earlier line. */
  async fresh(place: Participant): Promise<Peer> {
    if (place.media instanceof Peer && !place.mediaIsStale) return place.media;
    const { peerId: id, rtpCapabilities, line } = place;
    const on = listenForPage(place, {
      peer: () => peer,
      tell: (notification) => this.#roster.tell(place, notification),
      lost: () => this.#roster.updated(place),
    });
    const peer: Peer = await this.#room.addPeer({ id, rtpCapabilities, on });
    // Meanwhile they may have left, or come back on another line, whose page makes its own.
    if (!this.#roster.places.has(id) || place.line !== line) {
      peer.close();
      throw new Refused('wrong-order', 'You are not in the meeting any more.');
    }
    place.media = peer;
    place.mediaIsStale = false;
    return peer;
  }

  /** What a page that is back goes on with; null when it is to make everything anew. */
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

  /** @throws Refused as `Peer.produce`, and `wrong-order` when the page's line broke meanwhile */
  async produce(place: Participant, wanted: RequestData<'produce'>): Promise<Sent> {
    const { line } = place;
    const sent = await this.of(place).produce(wanted);
    if (place.line === line) return sent;
    // Its page does not hear of it, and will send the same anew.
    sent.producer.close();
    throw new Refused('wrong-order', 'Your connection broke meanwhile.');
  }

  async setProducerPaused(place: Participant, producerId: string, paused: boolean): Promise<void> {
    await this.of(place).setProducerPaused(producerId, paused);
    this.#roster.updated(place);
  }
}
