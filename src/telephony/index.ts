import type { Router } from 'express';
import type { PhoneNumber } from '../core/ids.ts';
import type { Log, Phone, PhoneEvents, WallClock } from '../core/ports.ts';
import { createPhone } from './phone.ts';
import { createRecordings } from './recordings.ts';
import { createRest, VENDOR_URL } from './rest.ts';
import {
  createStreamSockets,
  type StreamFigures,
  type StreamPace,
  type StreamSockets,
} from './stream/sockets.ts';
import { DEFAULT_VOICE, type Voice } from './twiml.ts';
import { createWebhooks } from './webhooks.ts';

export interface TelephonyOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that people see when Parley rings, and that they may ring. */
  readonly callerId: PhoneNumber;
  /** A region's or a stand-in's REST API, without a trailing slash; null for the vendor's own. */
  readonly apiUrl: string | null;
  /** Where the network reaches Parley; it signs over this. Null as long as nobody said. */
  readonly publicUrl: () => string | null;
  /** Where it reaches this very copy, with which the sound of telephones connects; the same where there is one. */
  readonly nodeUrl: () => string | null;
  readonly secret: Uint8Array;
  /** Default: as the network's account has it. */
  readonly voice?: Voice;
  /** Telephones connected with this copy at once. Default 200. */
  readonly mostSockets?: number;
  readonly answerWithinMs?: number;
  readonly pace?: Partial<StreamPace>;
  /** Before an idempotent request is made again. Default 250 ms. */
  readonly firstWaitMs?: number;
  readonly monotonicMs: () => number;
  readonly clock: WallClock;
  readonly log: Log;
}

export interface TelephonyFigures extends Omit<StreamFigures, 'refused'> {
  /** Of requests that were not the network's: over HTTP, and to connect sound. */
  readonly refused: { readonly webhooks: number; readonly streams: number };
}

/** The telephone network: what Parley asks of it, and the ways on which it asks and tells. */
export interface Telephony {
  readonly phone: Phone;
  /** To be mounted at the root, with no body parser before it. */
  routes(calls: PhoneEvents): Router;
  sockets(calls: PhoneEvents): StreamSockets;
  figures(): TelephonyFigures;
  /** Ends what is under way to the network. Idempotent. */
  close(): Promise<void>;
}

/** Telephones by Twilio, or by whatever speaks as it does at `apiUrl`. */
export const createTelephony = (options: TelephonyOptions): Telephony => {
  const { accountSid, authToken, publicUrl, nodeUrl, secret, monotonicMs, clock, log } = options;
  const apiUrl = options.apiUrl ?? VENDOR_URL;
  const rest = createRest({ ...options, apiUrl });
  const recordings = createRecordings({ accountSid, authToken, apiUrl, log });
  const phone = createPhone({
    rest,
    recordings,
    callerId: options.callerId,
    encrypted: apiUrl.startsWith('https:'),
    publicUrl,
  });
  let refusedWebhooks = 0;
  let streams: StreamSockets | null = null;
  const common = { accountSid, authToken, secret, clock, log };

  return {
    phone,
    routes: (calls) =>
      createWebhooks({
        ...common,
        calls,
        publicUrl,
        voice: options.voice ?? DEFAULT_VOICE,
        onRefused: () => {
          refusedWebhooks += 1;
        },
        ...(options.answerWithinMs === undefined ? {} : { answerWithinMs: options.answerWithinMs }),
      }),
    sockets(calls) {
      streams = createStreamSockets({
        ...common,
        calls,
        phone,
        urls: () => [...new Set([nodeUrl(), publicUrl()])].filter((url) => url !== null),
        monotonicMs,
        ...(options.mostSockets === undefined ? {} : { mostSockets: options.mostSockets }),
        ...(options.pace === undefined ? {} : { pace: options.pace }),
      });
      return streams;
    },
    figures() {
      const { refused, ...others } = streams?.figures() ?? NO_STREAMS;
      return { ...others, refused: { webhooks: refusedWebhooks, streams: refused } };
    },
    async close() {
      rest.close();
      await recordings.close();
    },
  };
};

const NO_STREAMS: StreamFigures = { sockets: 0, leftOutMs: 0, cleared: 0, refused: 0 };
