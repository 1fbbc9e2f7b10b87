import type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
} from 'mediasoup/types';
import { z } from 'zod';
import type { Refusal } from '../refused.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from './media-schemas.ts';

/**
 * Every message between a meeting's page and the server, as JSON text over one WebSocket.
 *
 *   page to server    { "id": 7, "request": "produce", … }
 *   server to page    { "response": 7, "ok": true, "data": … }, or { "response": 7, "ok": false, "error": … }
 *                     { "notification": "peerJoined", … }
 *
 * Every request is answered once, in the order of the requests. What comes from the page is parsed here; the page
 * takes the types and trusts the server. Times are milliseconds on the meeting's clock.
 */

// ---------------------------------------------------------------- the page asks

const id = z.string().min(1).max(64);
/** A page counts its requests up; the answer carries the same number. */
const requestId = z.int().min(0);
const source = z.enum(['microphone', 'camera', 'screen']);

export const request = z.discriminatedUnion('request', [
  /**
   * First of all, with what the browser can play of what `welcome` offered. With the token of an earlier join, within
   * 30 s of losing the line, the same place is taken up; with its transports, if they still live, its media too.
   */
  z.object({
    id: requestId,
    request: z.literal('join'),
    rtpCapabilities,
    resumeToken: id.exactOptional(),
    transports: z.object({ send: id, receive: id }).exactOptional(),
  }),
  /** To captions and transcript, before the microphone; may be taken back. */
  z.object({ id: requestId, request: z.literal('consent'), accepted: z.boolean() }),
  z.object({ id: requestId, request: z.literal('createTransport'), direction: z.enum(['send', 'receive']) }),
  z.object({ id: requestId, request: z.literal('connectTransport'), transportId: id, dtlsParameters }),
  z.object({ id: requestId, request: z.literal('restartIce'), transportId: id }),
  z.object({ id: requestId, request: z.literal('produce'), source, rtpParameters, paused: z.boolean() }),
  z.object({ id: requestId, request: z.literal('pauseProducer'), producerId: id }),
  z.object({ id: requestId, request: z.literal('resumeProducer'), producerId: id }),
  z.object({ id: requestId, request: z.literal('closeProducer'), producerId: id }),
  /** Once the page is ready to play it, and again when a paused one comes back on screen. */
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
  /** Whether this page shows captions; without, none are sent to it. */
  z.object({ id: requestId, request: z.literal('captionsWanted'), wanted: z.boolean() }),
  /** Lines that became final after line number `since`; 0 for all. */
  z.object({ id: requestId, request: z.literal('getTranscript'), since: z.int().min(0) }),
  /** Has a telephone rung into the meeting; refused with a sentence when it may not be. */
  z.object({ id: requestId, request: z.literal('addPhone'), number: z.string().min(1).max(40) }),
  /** Hangs up a telephone that rings or is in, or takes one away that did not come. */
  z.object({ id: requestId, request: z.literal('hangUpPhone'), legId: id }),
  z.object({ id: requestId, request: z.literal('leave') }),
  /** Whether the line lives: browsers hide the pings of WebSocket from pages. Also before joining. */
  z.object({ id: requestId, request: z.literal('ping') }),
  // For the host alone.
  z.object({ id: requestId, request: z.literal('mutePeer'), peerId: id }),
  /** A telephone cannot unmute itself, so whoever muted it has to. */
  z.object({ id: requestId, request: z.literal('unmutePhone'), peerId: id }),
  z.object({ id: requestId, request: z.literal('removePeer'), peerId: id }),
  z.object({ id: requestId, request: z.literal('setCaptions'), on: z.boolean() }),
  z.object({ id: requestId, request: z.literal('end') }),
]);

/** A request that is none of the above may still have a number to answer to. */
export const numbered = z.object({ id: requestId });

export type Request = z.output<typeof request>;
export type RequestName = Request['request'];
export type RequestOf<A extends RequestName> = Extract<Request, { request: A }>;
/** What comes with a request, besides its number and its name. */
export type RequestData<A extends RequestName> = Omit<RequestOf<A>, 'id' | 'request'>;
export type Source = z.output<typeof source>;
/** By their ids: what a page sends on, and what it receives on. */
export type TransportIds = NonNullable<RequestData<'join'>['transports']>;

// ---------------------------------------------------------------- the server answers

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
  /** Takes up this place again, in a later `join`. */
  readonly resumeToken: string;
  /** Whether an earlier place was taken up: hand, consent and captions are as they were. */
  readonly resumed: boolean;
  /** Of the transports that the page asked to keep; null when all media is to be made anew. */
  readonly media: ResumedMedia | null;
  readonly title: string;
  /** Where the meeting's clock is now. */
  readonly nowMs: number;
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  readonly consented: boolean;
  readonly captionsWanted: boolean;
  /** For networks without UDP; short-lived. */
  readonly iceServers: readonly IceServer[];
  /** Everybody, oneself included. */
  readonly peers: readonly PeerView[];
  /** Whether telephones can be rung from here. */
  readonly mayAddPhone: boolean;
  /** Telephones that are not in (yet). */
  readonly phones: readonly PhoneView[];
  /** Why captions ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
}

/**
 * What goes over a page's transports at the moment of its answer, whole: what the page has and is not in it was closed
 * while its line was broken. What changes later is told later.
 */
export interface ResumedMedia {
  readonly sent: readonly {
    readonly producerId: string;
    readonly source: Source;
    readonly paused: boolean;
  }[];
  readonly received: readonly ConsumerOffer[];
}

/** A stream of somebody else. Opened paused; `resumeConsumer` lets it flow. */
export interface ConsumerOffer {
  readonly consumerId: string;
  readonly producerId: string;
  readonly peerId: string;
  readonly source: Source;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
  /** Whether its sender has it paused at the moment. */
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
  /** Who it is in the transcript: the same for one person's two devices, and when they come back. */
  readonly partyIndex: number;
  readonly name: string;
  readonly host: boolean;
  readonly handRaised: boolean;
  readonly microphone: 'off' | 'muted' | 'on';
  readonly camera: boolean;
  readonly screen: boolean;
  /** False while the line is broken and the place is kept. */
  readonly connected: boolean;
  /** Of a telephone, for `hangUpPhone`; null for a browser. */
  readonly legId: string | null;
}

/** A telephone that rings, or that did not come. */
export interface PhoneView {
  readonly legId: string;
  readonly name: string;
  readonly state: 'ringing' | 'busy' | 'no-answer' | 'failed' | 'room-full';
}

/** A stretch of somebody's words. The first `committed` characters of `text` never change again. */
export interface Caption {
  readonly partyIndex: number;
  /** The same from the first interim to the final. */
  readonly id: string;
  readonly text: string;
  readonly committed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isFinal: boolean;
}

export interface Transcript {
  /** In the order in which they became final. */
  readonly lines: readonly Omit<Caption, 'committed' | 'isFinal'>[];
  /** For the next `since`. */
  readonly last: number;
  /** Whether there are more already: a long meeting is sent in several answers. */
  readonly more: boolean;
  /** Names by party, for those who are not here any more. */
  readonly parties: readonly { readonly partyIndex: number; readonly name: string }[];
}

export type ResponseMessage =
  | { readonly response: number; readonly ok: true; readonly data: Responses[RequestName] }
  | {
      readonly response: number;
      readonly ok: false;
      readonly error: Refusal;
    };

// ---------------------------------------------------------------- the server tells

export type Notification =
  /** The first of all, before anything is asked: what the room speaks, to load the browser's device with. */
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
  /** For everybody: whether captions are made at all, and whether they come late. */
  | {
      readonly notification: 'captionsState';
      readonly on: boolean;
      readonly delayed: boolean;
      /** Why they ended for good, as a sentence; null while they may be switched on. */
      readonly stopped: string | null;
    }
  /** All telephones that are not in (yet), whenever one of them changes. */
  | { readonly notification: 'phones'; readonly phones: readonly PhoneView[] }
  /** Speaking time so far; overlaps count for both. */
  | {
      readonly notification: 'talkTime';
      readonly parties: readonly { readonly partyIndex: number; readonly speakingMs: number }[];
    }
  | { readonly notification: 'youWereMuted'; readonly by: string }
  | { readonly notification: 'removed'; readonly by: string }
  | { readonly notification: 'meetingEnded'; readonly by: string | null }
  /** The media is gone with the process that carried it: make transports and streams anew, on this same line. */
  | { readonly notification: 'mediaLost' }
  /** The meeting is at this address from now on; join there. */
  | { readonly notification: 'reconnectTo'; readonly url: string };
