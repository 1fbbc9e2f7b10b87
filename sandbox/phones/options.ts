import type { Clock, Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { PhoneFailure } from './failures.ts';
import type { SeededPhone } from './seeded-phones.ts';

/** What the network knows of its one customer. */
export interface Account {
  readonly accountSid: string;
  readonly authToken: string;
  /** E.164. Calls to it get their TwiML from `incomingUrl`. */
  readonly parleyNumber: string;
  /** Null: calls to the number cannot be made. */
  readonly incomingUrl: () => string | null;
  /** Receives how a call to the number ended. */
  readonly incomingStatusUrl?: () => string | null;
}

/** How the phone network simulator is started. */
export interface PhonesOptions extends Account {
  readonly host?: string;
  /** 0, the default, picks a free one. */
  readonly port?: number;
  readonly phones?: readonly SeededPhone[];
  /** Where clips are looked up, beside the network's own voices. */
  readonly samplesDir?: string;
  /** Shared with other simulators; its own by default. */
  readonly failures?: Failures<PhoneFailure>;
  readonly timing?: Partial<Timing>;
  readonly clock?: Clock;
  readonly log: Log;
}

/** How fast things happen. Tests shorten some of it. */
export interface Timing {
  /** Of the synthetic voice. */
  readonly charactersPerSecond: number;
  /** From the request for a call until the phone rings. */
  readonly ringAfterMs: number;
  /** How long a phone rings that declines. */
  readonly declineAfterMs: number;
  /** Silence after which a recorded voice says its next turn. */
  readonly quietMs: number;
  /** After which it goes on although no one has spoken. */
  readonly longestWaitMs: number;
  /** From the answer until machine detection knows whether it was a person. */
  readonly detectMs: number;
  /** Of a voicemail, before its beep. */
  readonly greetingMs: number;
  /** From the end of a recording until it can be fetched. */
  readonly processingMs: number;
  /** How far the REST API is behind what webhooks report. */
  readonly restLagMs: number;
  readonly webhookTimeoutMs: number;
  /** Of the failure `phone-recording-slow`. */
  readonly slowProcessingMs: number;
  /** Of the failure `phone-webhooks-late`. */
  readonly webhookDelayMs: number;
  /** Of the failure `phone-stream-breaks`. */
  readonly streamBreakAfterMs: number;
}

export const DEFAULT_TIMING: Timing = {
  charactersPerSecond: 15,
  ringAfterMs: 300,
  declineAfterMs: 1000,
  quietMs: 800,
  longestWaitMs: 8000,
  detectMs: 1500,
  greetingMs: 2500,
  processingMs: 500,
  restLagMs: 500,
  // Twilio waits this long for TwiML, and then gives up with 11200.
  webhookTimeoutMs: 15_000,
  slowProcessingMs: 10_000,
  webhookDelayMs: 5000,
  streamBreakAfterMs: 2000,
};
