import type { RtpCapabilities } from 'mediasoup/types';
import type { CancelTimer, MeetingPerson } from '../../core/ports.ts';
import { Peer } from '../peer.ts';
import type { Phone } from '../phones/phone.ts';
import type { RequestChannel } from '../request-channel.ts';
import { CLOSE } from './limits.ts';
import type { PeerView, TransportIds } from './messages.ts';
import type { PhoneConnection } from './phone-connection.ts';

/** One browser or phone in a meeting. It outlives a lost channel, and media whose worker died. */
export interface Participant {
  readonly peerId: string;
  readonly partyIndex: number;
  readonly person: MeetingPerson;
  /** Which of the person's browsers; null when it is unknown, and for a phone. */
  readonly browser: string | null;
  readonly resumeToken: string;
  rtpCapabilities: RtpCapabilities;
  handRaised: boolean;
  consented: boolean;
  captionsWanted: boolean;
  /** Null while it is lost, and for a phone. */
  channel: RequestChannel | null;
  /** Null for a browser. */
  readonly phone: PhoneConnection | null;
  media: Peer | Phone | null;
  /** The media belongs to an earlier channel: it flows until the page has created its own again. */
  mediaIsStale: boolean;
  /** Set while the channel is lost. */
  cancelLeaving: CancelTimer | null;
}

export const viewOf = (participant: Participant): PeerView => {
  const sent = participant.media?.sent;
  const microphone = sent?.get('microphone');
  return {
    peerId: participant.peerId,
    partyIndex: participant.partyIndex,
    name: participant.person.name,
    host: participant.person.host,
    handRaised: participant.handRaised,
    microphone: microphone === undefined ? 'off' : microphone.producer.paused ? 'muted' : 'on',
    camera: sent?.get('camera')?.producer.paused === false,
    screen: sent?.get('screen')?.producer.paused === false,
    connected: participant.channel !== null || participant.phone !== null,
    legId: participant.phone?.legId ?? null,
  };
};

/**
 * Continues a participant on another channel. Its media is kept if the page still has the transports; otherwise it
 * flows until the page has created its own.
 */
export const resume = (
  participant: Participant,
  options: {
    readonly channel: RequestChannel;
    readonly rtpCapabilities: RtpCapabilities;
    readonly transports: TransportIds | undefined;
  },
): void => {
  const { channel, rtpCapabilities, transports } = options;
  participant.cancelLeaving?.();
  participant.cancelLeaving = null;
  const previous = participant.channel;
  participant.channel = channel;
  previous?.close(CLOSE.replaced, 'You joined from elsewhere.');
  participant.rtpCapabilities = rtpCapabilities;
  const { media } = participant;
  const keepsMedia = media instanceof Peer && transports !== undefined && media.hasTransports(transports);
  participant.mediaIsStale = !keepsMedia;
};
