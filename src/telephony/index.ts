import type { Router } from 'express';
import type { PhoneNumber } from '../core/ids.ts';
import type { Clock, Log, Phone, PhoneEvents } from '../core/ports.ts';
import { createPhone } from './phone.ts';
import { createRecordings } from './recordings.ts';
import { createRest, VENDOR_URL } from './rest.ts';
import {
  createStreamSockets,
  type SocketTimings,
  type StreamFigures,
  type StreamSockets,
} from './stream/sockets.ts';
import { DEFAULT_VOICE, type Voice } from './twiml.ts';
import { createWebhooks } from './webhooks.ts';

export interface TelephonyOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that Parley calls from, and that people can call. */
  readonly callerId: PhoneNumber;
  /** A regional or simulated REST API, without a trailing slash; null for the vendor's own. */
  readonly apiUrl: string | null;
  /** Where the network reaches Parley; it signs over this. Null while it is not known. */
  readonly publicUrl: () => string | null;
  /** Where it reaches this very instance, for the audio of phones; the same where there is one. */
  readonly nodeUrl: () => string | null;
  readonly secret: Uint8Array;
  /** Default: that of the network's account. */
  readonly voice?: Voice;
  /** Phones connected with this instance at once. Default 200. */
  readonly maxSockets?: number;
  readonly timings?: Partial<SocketTimings>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TelephonyFigures extends Omit<StreamFigures, 'refused'> {
  /** Audio streams that the network could not open, or broke off. */
  readonly failed: number;
  /** Requests that the network did not sign: webhooks, and upgrades for audio. */
  readonly refused: { readonly webhooks: number; readonly streams: number };
}

/** The phone network: the port to it, and the routes and sockets on which it reaches Parley. */
export interface Telephony {
  readonly phone: Phone;
  /** To be mounted at the root, with no body parser before it. */
  routes(events: PhoneEvents): Router;
  sockets(events: PhoneEvents): StreamSockets;
  figures(): TelephonyFigures;
  /** Ends requests to the network. Idempotent. */
  close(): Promise<void>;
}

/** Phones by Twilio, or by a service that speaks its protocols at `apiUrl`. */
export const createTelephony = (options: TelephonyOptions): Telephony => {
  const { accountSid, authToken, publicUrl, nodeUrl, secret, clock, log } = options;
  const apiUrl = options.apiUrl ?? VENDOR_URL;
  const rest = createRest({ ...options, apiUrl });
  const recordings = createRecordings({ accountSid, authToken, apiUrl, log });
  const phone = createPhone({
    rest,
    recordings,
    callerId: options.callerId,
    encrypted: apiUrl.startsWith('https:'),
    publicUrl,
    clock,
  });
  let refusedWebhooks = 0;
  let failedStreams = 0;
  let streams: StreamSockets | null = null;
  const common = { accountSid, authToken, secret, clock, log };

  return {
    phone,
    routes: (events) =>
      createWebhooks({
        ...common,
        events,
        publicUrl,
        voice: options.voice ?? DEFAULT_VOICE,
        onRefused: () => {
          refusedWebhooks += 1;
        },
        onStreamError: () => {
          failedStreams += 1;
        },
      }),
    sockets(events) {
      streams = createStreamSockets({
        ...common,
        events,
        phone,
        urls: () => [...new Set([nodeUrl(), publicUrl()])].filter((url) => url !== null),
        ...(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets }),
        ...(options.timings === undefined ? {} : { timings: options.timings }),
      });
      return streams;
    },
    figures() {
      const { refused, ...others } = streams?.figures() ?? NO_STREAMS;
      return { ...others, failed: failedStreams, refused: { webhooks: refusedWebhooks, streams: refused } };
    },
    async close() {
      rest.close();
      await recordings.close();
    },
  };
};

const NO_STREAMS: StreamFigures = { sockets: 0, skippedMs: 0, cleared: 0, refused: 0 };
