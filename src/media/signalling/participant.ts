import type { RtpCapabilities } from 'mediasoup/types';
import { Peer } from '../peer.ts';
import type { Phone } from '../phones/phone.ts';
import type { Channel } from './channel.ts';
import { CLOSE } from './limits.ts';
import type { PeerView, TransportIds } from './messages.ts';
import type { PhoneConnection } from './phone-participant.ts';

/** Who somebody is, as the link said that brought them. */
export interface Identity {
  /** One person within this meeting: the same on another device, and when they come back. */
  readonly personId: string;
  readonly name: string;
  readonly host: boolean;
  /** Which of their browsers they come with. */
  readonly browser?: string | null;
  /** The link has expired: it still says who they are, but only the token of a place lets them in again. */
  readonly mustResume?: boolean;
}

/** Somebody's place in a meeting. It outlives a broken line, and the media that is carried by a worker. */
export interface Participant {
  readonly peerId: string;
  readonly partyIndex: number;
  readonly identity: Identity;
  readonly resumeToken: string;
  rtpCapabilities: RtpCapabilities;
  handRaised: boolean;
  consented: boolean;
  captionsWanted: boolean;
  /** Null while the line is broken, and for a telephone. */
  line: Channel | null;
  /** Null for a browser. */
  readonly phone: PhoneConnection | null;
  media: Peer | Phone | null;
  /** The media belongs to the line before this one: it is heard until the page has made its own anew. */
  mediaIsStale: boolean;
  /** Runs while the line is broken. */
  leaveTimer: NodeJS.Timeout | null;
}

export const viewOf = (place: Participant): PeerView => {
  const sent = place.media?.sent;
  const microphone = sent?.get('microphone');
  return {
    peerId: place.peerId,
    partyIndex: place.partyIndex,
    name: place.identity.name,
    host: place.identity.host,
    handRaised: place.handRaised,
    microphone: microphone === undefined ? 'off' : microphone.producer.paused ? 'muted' : 'on',
    camera: sent?.get('camera')?.producer.paused === false,
    screen: sent?.get('screen')?.producer.paused === false,
    connected: place.line !== null || place.phone !== null,
    legId: place.phone?.legId ?? null,
  };
};

/**
 * Its person is back, on another line: with the media of the one before, if the page still has its transports; else
 * that media goes once the page has made its own.
 */
export const takeUp = (
  place: Participant,
  options: {
    readonly line: Channel;
    readonly rtpCapabilities: RtpCapabilities;
    readonly transports: TransportIds | undefined;
  },
): void => {
  const { line, rtpCapabilities, transports } = options;
  if (place.leaveTimer !== null) clearTimeout(place.leaveTimer);
  place.leaveTimer = null;
  const previous = place.line;
  place.line = line;
  previous?.close(CLOSE.replaced, 'You joined from elsewhere.');
  place.rtpCapabilities = rtpCapabilities;
  const { media } = place;
  place.mediaIsStale = !(
    media instanceof Peer &&
    transports !== undefined &&
    media.hasTransports(transports)
  );
};
