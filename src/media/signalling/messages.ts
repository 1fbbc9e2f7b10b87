import type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
} from 'mediasoup/types';
import { z } from 'zod';
import type { CallState } from '../../core/meeting/capture.ts';
import type { Caption, PartySpeakingTime, PendingPhone } from '../../core/ports.ts';
import { requestId } from '../request-channel.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from './media-schemas.ts';

/**
 * Every message between a meeting's page and the server; their form is that of `RequestChannel`. What comes from the
 * page is parsed here; the page imports the types and trusts the server. Times are milliseconds on the meeting's clock.
 */

/** Pages import this file alone. */
export type { CallState, Caption, PendingPhone };

// ---------------------------------------------------------------- requests of the page

const id = z.string().min(1).max(64);
const source = z.enum(['microphone', 'camera', 'screen']);

export const requestSchema = z.discriminatedUnion('request', [
  /**
   * The first request, with what the browser can play of what `welcome` offered. With the token of an earlier join,
   * within 30 s of losing the channel, the same participant is resumed; with its transports, if they are still usable,
   * its media too.
   */
  z.object({
    id: requestId,
    request: z.literal('join'),
    rtpCapabilities,
    resumeToken: id.exactOptional(),
    transports: z.object({ send: id, receive: id }).exactOptional(),
  }),
  /** To captions and transcript, before the microphone; may be withdrawn. */
  z.object({ id: requestId, request: z.literal('consent'), accepted: z.boolean() }),
  z.object({ id: requestId, request: z.literal('createTransport'), direction: z.enum(['send', 'receive']) }),
  z.object({ id: requestId, request: z.literal('connectTransport'), transportId: id, dtlsParameters }),
  z.object({ id: requestId, request: z.literal('restartIce'), transportId: id }),
  z.object({ id: requestId, request: z.literal('produce'), source, rtpParameters, paused: z.boolean() }),
  z.object({ id: requestId, request: z.literal('pauseProducer'), producerId: id }),
  z.object({ id: requestId, request: z.literal('resumeProducer'), producerId: id }),
  z.object({ id: requestId, request: z.literal('closeProducer'), producerId: id }),
  /** Once the page is ready to play it, and again when a paused one is back on screen. */
  z.object({ id: requestId, request: z.literal('resumeConsumer'), consumerId: id }),
  z.object({ id: requestId, request: z.literal('pauseConsumer'), consumerId: id }),
  z.object({
    id: requestId,
    request: z.literal('setLayers'),
    consumerId: id,
    /** 0 is the smallest. */
    spatialLayer: z.int().min(0).max(7),
    temporalLayer: z.int().min(0).max(7).exactOptional(),
  }),
  z.object({ id: requestId, request: z.literal('raiseHand'), raised: z.boolean() }),
  /** Whether this page shows captions; otherwise none are sent to it. */
  z.object({ id: requestId, request: z.literal('captionsWanted'), wanted: z.boolean() }),
  /** Captions that became final after number `since`; 0 for all. */
  z.object({ id: requestId, request: z.literal('getTranscript'), since: z.int().min(0) }),
  /** Calls a phone into the meeting. */
  z.object({ id: requestId, request: z.literal('addPhone'), number: z.string().min(1).max(40) }),
  /** Hangs up a phone that rings or is connected, or removes one that did not answer. */
  z.object({ id: requestId, request: z.literal('hangUpPhone'), legId: id }),
  z.object({ id: requestId, request: z.literal('leave') }),
  /** Browsers hide the pings of WebSocket from pages. Also before joining. */
  z.object({ id: requestId, request: z.literal('ping') }),
  // For the host only.
  z.object({ id: requestId, request: z.literal('mutePeer'), peerId: id }),
  /** A phone cannot unmute itself, so the host has to. */
  z.object({ id: requestId, request: z.literal('unmutePhone'), peerId: id }),
  z.object({ id: requestId, request: z.literal('removePeer'), peerId: id }),
  z.object({ id: requestId, request: z.literal('setCaptions'), on: z.boolean() }),
  z.object({ id: requestId, request: z.literal('end') }),
]);

export type Request = z.output<typeof requestSchema>;
export type RequestName = Request['request'];
export type RequestOf<R extends RequestName> = Extract<Request, { request: R }>;
/** A request without its number and method. */
export type RequestData<R extends RequestName> = Omit<RequestOf<R>, 'id' | 'request'>;
export type Source = z.output<typeof source>;
/** By their ids: the one the page sends on, and the one it receives on. */
export type TransportIds = NonNullable<RequestData<'join'>['transports']>;

// ---------------------------------------------------------------- responses of the server

/** By method. */
export interface Responses {
  readonly join: JoinResponse;
  readonly consent: Done;
  readonly createTransport: {
    readonly transportId: string;
    readonly iceParameters: IceParameters;
    readonly iceCandidates: readonly IceCandidate[];
    readonly dtlsParameters: DtlsParameters;
  };
  readonly connectTransport: Done;
  readonly restartIce: { readonly iceParameters: IceParameters };
  readonly produce: { readonly producerId: string };
  readonly pauseProducer: Done;
  readonly resumeProducer: Done;
  readonly closeProducer: Done;
  readonly resumeConsumer: Done;
  readonly pauseConsumer: Done;
  readonly setLayers: Done;
  readonly raiseHand: Done;
  readonly captionsWanted: Done;
  readonly getTranscript: Transcript;
  readonly addPhone: Done;
  readonly hangUpPhone: Done;
  readonly leave: Done;
  readonly ping: Done;
  readonly mutePeer: Done;
  readonly unmutePhone: Done;
  readonly removePeer: Done;
  readonly setCaptions: Done;
  readonly end: Done;
}

export type Done = Readonly<Record<string, never>>;

export interface JoinResponse {
  readonly peerId: string;
  /** Resumes this participant, in a later `join`. */
  readonly resumeToken: string;
  /** Whether an earlier participant was resumed: hand, consent and captions are as they were. */
  readonly resumed: boolean;
  /** Of the transports that the page wants to keep; null when it has to create all media again. */
  readonly media: ResumedMedia | null;
  readonly title: string;
  /** On the meeting's clock. */
  readonly nowMs: number;
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  readonly captionsUnsaved: boolean;
  readonly consented: boolean;
  readonly captionsWanted: boolean;
  /** For networks without UDP; the credentials expire soon. */
  readonly iceServers: readonly IceServer[];
  /** All, the page's own included. */
  readonly peers: readonly PeerView[];
  /** Whether phones can be added from here. */
  readonly mayAddPhone: boolean;
  /** Phones that are not connected (yet). */
  readonly phones: readonly PendingPhone[];
  /** Why captions ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
  /** Null for a meeting. */
  readonly call: CallState | null;
}

/**
 * All streams over a page's transports at the moment of the response: what the page has and is not in it was closed
 * while its channel was lost. Later changes follow as notifications.
 */
export interface ResumedMedia {
  readonly sent: readonly {
    readonly producerId: string;
    readonly source: Source;
    readonly paused: boolean;
  }[];
  readonly received: readonly ConsumerOffer[];
}

/** A stream of another participant. Opened paused; `resumeConsumer` starts it. */
export interface ConsumerOffer {
  readonly consumerId: string;
  readonly producerId: string;
  readonly peerId: string;
  readonly source: Source;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
  /** Whether its sender has paused it. */
  readonly paused: boolean;
}

/** As `RTCIceServer`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface PeerView {
  readonly peerId: string;
  /** The person in the transcript: the same on each of their devices, and after they leave and join again. */
  readonly partyIndex: number;
  readonly name: string;
  readonly host: boolean;
  readonly handRaised: boolean;
  readonly microphone: 'off' | 'muted' | 'on';
  readonly camera: boolean;
  readonly screen: boolean;
  /** False while the channel is lost and the participant may resume. */
  readonly connected: boolean;
  /** Of a phone, for `hangUpPhone`; null for a browser. */
  readonly legId: string | null;
}

export interface Transcript {
  /** In the order in which they became final. */
  readonly lines: readonly Omit<Caption, 'committed' | 'isFinal'>[];
  /** For the next `since`. */
  readonly last: number;
  /** Whether there are more already: a long meeting takes several responses. */
  readonly more: boolean;
  /** Names by party, for those who have left. */
  readonly parties: readonly { readonly partyIndex: number; readonly name: string }[];
}

// ---------------------------------------------------------------- notifications of the server

export type Notification =
  /** The first message on a channel: what the room supports, to load the browser's device with. */
  | { readonly notification: 'welcome'; readonly rtpCapabilities: RtpCapabilities }
  | { readonly notification: 'peerJoined'; readonly peer: PeerView }
  | { readonly notification: 'peerLeft'; readonly peerId: string }
  | { readonly notification: 'peerUpdated'; readonly peer: PeerView }
  | ({ readonly notification: 'newConsumer' } & ConsumerOffer)
  | { readonly notification: 'consumerClosed'; readonly consumerId: string }
  /** By its sender. */
  | { readonly notification: 'consumerPaused'; readonly consumerId: string }
  | { readonly notification: 'consumerResumed'; readonly consumerId: string }
  | { readonly notification: 'activeSpeaker'; readonly peerId: string }
  /** Loudest first, 0 (loudest) to -127. Who is not in it is silent. */
  | {
      readonly notification: 'audioLevels';
      readonly levels: readonly { readonly peerId: string; readonly dbov: number }[];
    }
  | { readonly notification: 'caption'; readonly caption: Caption }
  /** Whether captions are on for the meeting, and whether they are delayed. */
  | {
      readonly notification: 'captionsState';
      readonly on: boolean;
      readonly delayed: boolean;
      /** Whether final captions wait to be stored. */
      readonly unsaved: boolean;
      /** Why they ended for good, as a sentence; null while they may be switched on. */
      readonly stopped: string | null;
    }
  /** All phones that are not connected (yet), whenever one of them changes. */
  | { readonly notification: 'phones'; readonly phones: readonly PendingPhone[] }
  /** Whether a call is recorded, and since when it is answered: before anything is recorded, and after it stopped. */
  | { readonly notification: 'call'; readonly call: CallState }
  | { readonly notification: 'talkTime'; readonly parties: readonly PartySpeakingTime[] }
  | { readonly notification: 'youWereMuted'; readonly by: string }
  | { readonly notification: 'removed'; readonly by: string }
  | { readonly notification: 'meetingEnded'; readonly by: string | null }
  /** The media worker died: create transports and streams again, over this same channel. */
  | { readonly notification: 'mediaLost' }
  /** Another instance hosts the meeting; join at this address. */
  | { readonly notification: 'reconnectTo'; readonly url: string };
