/**
 * What drives the stand-in telephone network: the panel on the workspace's page, `npm run workspace -- phone …` and
 * tests. JSON over HTTP under `/control/phones`, on the workspace's address; types only, so that every side may import
 * it. NUMBER is E.164 with its plus encoded (`%2B442079460001`); a number that nobody knows is a telephone as well,
 * from the first time on that it is mentioned.
 *
 * GET  /control/phones                             -> PhonesState
 * PUT  /control/phones/NUMBER        PhoneSetting  -> Telephone            (how it behaves from now on)
 * POST /control/phones/NUMBER/call   { to, keys? } -> Telephone            (it rings `to`; `keys` are pressed once it is asked for some)
 * POST /control/phones/NUMBER/answer               -> Telephone
 * POST /control/phones/NUMBER/hang-up              -> Telephone            (or refuses to answer)
 * POST /control/phones/NUMBER/keys   { keys }      -> Telephone            (`0` to `9`, `*`, `#`)
 * PUT  /control/phones/NUMBER/speak?name=NAME  body: a recording, which is kept under that name -> { durationMs }   (spoken into its call)
 * PUT  /control/phones/NUMBER/speak?sample=NAME           one of `recordings` -> { durationMs }
 * PUT  /control/phones/recordings?name=NAME    body: a recording              -> { name, durationMs }   (to be a turn)
 * GET  /control/phones/NUMBER/heard.wav            -> what it heard in its newest call: 8 kHz mono, from the moment it was answered
 * GET  /control/phones/NUMBER/said.wav             -> what it said, likewise
 * GET  /control/phones/webhooks                    -> { webhooks: WebhookRecord[], faults: PhoneFault[] }   (the newest last)
 * WS   /control/phones/live                        -> PhonesState, at once and whenever it changes
 * WS   /control/phones/NUMBER/audio                <-> binary: mulaw at 8 kHz in pieces of 160 bytes, both ways, while it is in a
 *                                                      call; it may stay open between calls
 * All of it is also below `/control/phones` on the network's own address, for who has no workspace. Failures of the
 * network are named in `PUT /control/failures`, beside Slack's.
 * Errors: 4xx with { error: string } — a sentence.
 */
export interface PhonesState {
  /** Parley's own number, for dialling in. */
  readonly parley: string;
  readonly phones: readonly Phone[];
  /** By name: what telephones can say. */
  readonly recordings: readonly string[];
}

export interface Phone {
  readonly number: string;
  /** Whose it is, as the workspace knows it. */
  readonly owner: string | null;
  readonly behaviour: PhoneBehaviour;
  readonly call: PhoneCall | null;
  /** What a machine's voice said to it in its newest call, which may be over. */
  readonly lastSpoken: readonly string[];
}

export interface PhoneCall {
  readonly state: 'ringing' | 'in-call' | 'calling';
  /** The number on the other side. */
  readonly with: string;
  /** What was spoken to it so far, by a machine's voice: a telephone without speech synthesis shows it. */
  readonly spoken: readonly string[];
  /** Whether it is asked for keys at the moment. */
  readonly wantsKeys: boolean;
  /** Whether sound flows both ways. */
  readonly connected: boolean;
  readonly sinceMs: number;
}

export interface PhoneSetting {
  readonly behaviour: PhoneBehaviour;
  readonly owner?: string;
}

/** What it does when it rings. */
export type PhoneBehaviour =
  /** Rings in the panel until somebody answers. */
  | { readonly type: 'ring' }
  /**
   * A recorded voice answers. It lets a machine finish: says its first turn once its sound is connected, and each
   * further one once whoever it talks to has spoken and stopped, or nobody spoke for eight seconds. When it is the one
   * who rings, it talks so as well.
   */
  | {
      readonly type: 'answer';
      readonly afterMs: number;
      /** Recordings by name (see `PhonesState.recordings`), a turn each; none is a silent person. */
      readonly turns: readonly string[];
      /** Hangs up when the last turn is over. */
      readonly hangsUp: boolean;
      /** Pressed once it is asked for some, which may be while the first sentences are spoken to it. */
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
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  /** What was sent, without secrets. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A mistake that the network's customer made, as Twilio's debugger shows it. */
export interface PhoneFault {
  readonly atMs: number;
  readonly callSid: string;
  /** Twilio's: 11200 for TwiML that could not be fetched, 12100 for what is no XML, 31920 for a stream that did not open. */
  readonly code: number;
  readonly message: string;
}
