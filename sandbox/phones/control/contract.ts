/**
 * The control API of the phone network simulator, for the workspace's page, `npm run workspace -- phone …` and tests.
 * JSON over HTTP under `/control/phones`, on the workspace's address and on the network's own. Types only, so that every
 * side may import it. NUMBER is E.164 with its plus encoded (`%2B442079460001`). Any number has a phone.
 *
 * GET  /control/phones                             -> PhonesState
 * PUT  /control/phones/NUMBER        PhoneSetting  -> Phone                (its behaviour from now on)
 * POST /control/phones/NUMBER/call   { to, keys? } -> Phone                (calls `to`; presses `keys` once asked for some)
 * POST /control/phones/NUMBER/answer               -> Phone
 * POST /control/phones/NUMBER/hang-up              -> Phone                (or declines)
 * POST /control/phones/NUMBER/keys   { keys }      -> Phone                (`0` to `9`, `*`, `#`)
 * PUT  /control/phones/NUMBER/speak?name=NAME  body: a recording, kept under the name -> { durationMs }   (played into its call)
 * PUT  /control/phones/NUMBER/speak?sample=NAME           one of `recordings` -> { durationMs }
 * PUT  /control/phones/recordings?name=NAME    body: a recording              -> { name, durationMs }   (for turns)
 * GET  /control/phones/NUMBER/received.wav         -> what it received in its last call: 8 kHz mono, from the answer on
 * GET  /control/phones/NUMBER/sent.wav             -> what it sent, likewise
 * GET  /control/phones/webhooks                    -> { webhooks: WebhookRecord[], faults: PhoneFault[] }   (newest last)
 * WS   /control/phones/live                        -> PhonesState, at once and on every change
 * WS   /control/phones/NUMBER/audio                <-> binary: mu-law at 8 kHz in frames of 160 bytes, both ways, during calls;
 *                                                      it may stay open between calls
 * The failure modes of the network are set by `PUT /control/failures`, beside Slack's.
 * Errors: 4xx with { error: string }, a sentence.
 */
export interface PhonesState {
  /** Parley's number, for dialling in. */
  readonly parley: string;
  readonly phones: readonly Phone[];
  /** The names of the recordings that phones can say. */
  readonly recordings: readonly string[];
}

export interface Phone {
  readonly number: string;
  readonly owner: string | null;
  readonly behaviour: PhoneBehaviour;
  readonly call: PhoneCall | null;
  /** The announcements of its last call, which may have ended. */
  readonly lastSpoken: readonly string[];
}

export interface PhoneCall {
  readonly state: 'ringing' | 'in-call' | 'calling';
  /** The number on the other side. */
  readonly with: string;
  /** The announcements so far. There is no speech synthesis, so phones show them. */
  readonly spoken: readonly string[];
  /** Whether the call asks for keys. */
  readonly wantsKeys: boolean;
  /** Whether audio flows both ways. */
  readonly connected: boolean;
  readonly sinceMs: number;
}

export interface PhoneSetting {
  readonly behaviour: PhoneBehaviour;
  readonly owner?: string;
}

/** What a phone does when it is called. */
export type PhoneBehaviour =
  /** Rings until its user answers. */
  | { readonly type: 'ring' }
  /**
   * A recorded voice answers. It lets announcements finish: the first turn follows once its audio is connected, each
   * further one after a voice and then silence, or after eight seconds without a voice. It talks in the same way when
   * the phone is the caller.
   */
  | {
      readonly type: 'answer';
      readonly afterMs: number;
      /** Names of recordings (see `PhonesState.recordings`), one per turn; none for a silent person. */
      readonly turns: readonly string[];
      /** Hangs up after the last turn. */
      readonly hangsUp: boolean;
      /** Pressed once the call asks for keys, which may be during an announcement. */
      readonly keys?: string;
    }
  | { readonly type: 'busy' }
  | { readonly type: 'no-answer' }
  | { readonly type: 'voicemail'; readonly afterMs: number }
  | { readonly type: 'decline' }
  /** The network cannot reach it. */
  | { readonly type: 'unreachable' };

export interface WebhookRecord {
  readonly atMs: number;
  readonly path: string;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Without secrets. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A mistake of the customer, as Twilio's debugger shows it. */
export interface PhoneFault {
  readonly atMs: number;
  readonly callSid: string;
  /** Twilio's: 11200 for TwiML that could not be fetched, 12100 for invalid XML, 31920 for a stream that did not open. */
  readonly code: number;
  readonly message: string;
}
