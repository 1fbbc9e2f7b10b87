import type { DtlsParameters, IceCandidate, IceParameters } from 'mediasoup/types';
import { z } from 'zod';
import { requestId } from '../request-channel.ts';
import { dtlsParameters, rtpCapabilities, rtpParameters } from '../signalling/media-schemas.ts';
import type { IceServer } from '../signalling/messages.ts';

/**
 * Every message between the page that tests a connection and the server; their form is that of `RequestChannel`. A
 * path is tested as meetings use it: one transport to send audio, another that receives the same audio.
 */

/** How media reaches a worker: directly over either protocol, or through the relay. */
const way = z.enum(['udp', 'tcp', 'relay']);
const direction = z.enum(['send', 'receive']);
const id = requestId;

export const probeRequestSchema = z.discriminatedUnion('request', [
  /** For the round-trip time; the first request. */
  z.object({ id, request: z.literal('ping') }),
  /** Which paths this server offers. */
  z.object({ id, request: z.literal('ways') }),
  /** Starts the test of one path, and ends any other. */
  z.object({ id, request: z.literal('begin'), way }),
  z.object({ id, request: z.literal('connect'), direction, dtlsParameters }),
  z.object({ id, request: z.literal('send'), rtpParameters }),
  z.object({ id, request: z.literal('receive'), rtpCapabilities }),
  /** How much audio has arrived so far. */
  z.object({ id, request: z.literal('count') }),
]);

export type ProbeRequest = z.output<typeof probeRequestSchema>;
export type ProbeRequestName = ProbeRequest['request'];
export type ProbeRequestOf<R extends ProbeRequestName> = Extract<ProbeRequest, { request: R }>;
export type Way = z.output<typeof way>;
export type ProbeDirection = z.output<typeof direction>;

/** By method. */
export interface ProbeResponses {
  readonly ping: Readonly<Record<string, never>>;
  readonly ways: { readonly ways: readonly Way[] };
  readonly begin: {
    readonly rtpCapabilities: object;
    /** Of the relay, when that is the path. */
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
