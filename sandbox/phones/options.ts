import type { Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { PhoneFailure } from './failures.ts';
import type { SeededPhone } from './seeded-phones.ts';

/** How the stand-in telephone network is started. */
export interface PhonesOptions {
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly accountSid: string;
  readonly authToken: string;
  /** E.164. Whoever rings it is led to `incomingUrl`. */
  readonly parleyNumber: string;
  /** What the number is configured with: asked for TwiML when it is rung. Null: nobody answers there. */
  readonly incomingUrl: () => string | null;
  /** Told how a call to the number ended. */
  readonly incomingStatusUrl?: () => string | null;
  readonly phones?: readonly SeededPhone[];
  /** Where `sample=NAME` and turns are looked up, beside the network's own voices. */
  readonly samplesDir?: string;
  /** Shared with other stand-ins; its own by default. */
  readonly failures?: Failures<PhoneFailure>;
  readonly pace?: Partial<Pace>;
  readonly log: Log;
}

/** How fast things go. Tests hurry some of them. */
export interface Pace {
  /** How fast the machine's voice speaks. */
  readonly charactersPerSecond: number;
  /** From the order of a call until the telephone rings. */
  readonly ringAfterMs: number;
  /** How long whoever talks to a recorded voice must be silent, before it goes on. */
  readonly quietMs: number;
  /** After which it goes on although nobody has spoken. */
  readonly longestWaitMs: number;
  /** From the answer until it is known whether it was a person. */
  readonly detectMs: number;
  /** Of a voicemail, before its beep. */
  readonly greetingMs: number;
  /** From the end of a recording until it can be fetched. */
  readonly processingMs: number;
  readonly webhookTimeoutMs: number;
}

export const PACE: Pace = {
  charactersPerSecond: 15,
  ringAfterMs: 300,
  quietMs: 800,
  longestWaitMs: 8000,
  detectMs: 1500,
  greetingMs: 2500,
  processingMs: 500,
  // Twilio waits this long for TwiML, and then gives up with 11200.
  webhookTimeoutMs: 15_000,
};
