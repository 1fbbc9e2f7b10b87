import type { DtlsParameters, IceCandidate, IceParameters } from 'mediasoup/types';
import { z } from 'zod';
import type { Refusal } from '../refused.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from '../signalling/media-schemas.ts';
import type { IceServer } from '../signalling/messages.ts';

/**
 * Every message between the page that tests a connection and the server, as JSON text over one WebSocket:
 *
 *   page to server    { "id": 3, "request": "begin", … }
 *   server to page    { "response": 3, "ok": true, "data": … }, or { "response": 3, "ok": false, "error": … }
 *
 * Every request is answered once, in order. A way is tried as meetings use it: a transport to send a sound on,
 * another on which the same sound comes back.
 */

/** The ways media can take: straight to a worker by either protocol, or through the relay. */
const way = z.enum(['udp', 'tcp', 'relay']);
const direction = z.enum(['send', 'receive']);
const id = z.int().min(0);

export const probeRequest = z.discriminatedUnion('request', [
  /** For the time that an answer takes; first of all. */
  z.object({ id, request: z.literal('ping') }),
  /** Which ways this Parley offers. */
  z.object({ id, request: z.literal('ways') }),
  /** Ends whatever was tried before. */
  z.object({ id, request: z.literal('begin'), way }),
  z.object({ id, request: z.literal('connect'), direction, dtlsParameters }),
  z.object({ id, request: z.literal('send'), rtpParameters }),
  z.object({ id, request: z.literal('receive'), rtpCapabilities }),
  /** How much sound arrived so far. */
  z.object({ id, request: z.literal('count') }),
]);

export type ProbeRequest = z.output<typeof probeRequest>;
export type ProbeRequestName = ProbeRequest['request'];
export type ProbeRequestOf<A extends ProbeRequestName> = Extract<ProbeRequest, { request: A }>;
export type Way = z.output<typeof way>;
export type ProbeDirection = z.output<typeof direction>;

export interface ProbeResponses {
  readonly ping: Readonly<Record<string, never>>;
  readonly ways: { readonly ways: readonly Way[] };
  readonly begin: {
    readonly rtpCapabilities: object;
    /** Of the relay, when that is the way. */
    readonly iceServers: readonly IceServer[];
    readonly send: ProbeTransport;
    readonly receive: ProbeTransport;
  };
  readonly connect: Readonly<Record<string, never>>;
  readonly send: { readonly producerId: string };
  readonly receive: {
    readonly consumerId: string;
    readonly producerId: string;
    readonly rtpParameters: object;
  };
  readonly count: { readonly receivedBytes: number };
}

export interface ProbeTransport {
  readonly id: string;
  readonly iceParameters: IceParameters;
  readonly iceCandidates: readonly IceCandidate[];
  readonly dtlsParameters: DtlsParameters;
}

export type ProbeResponse =
  | { readonly response: number; readonly ok: true; readonly data: ProbeResponses[ProbeRequestName] }
  | { readonly response: number; readonly ok: false; readonly error: Refusal };
