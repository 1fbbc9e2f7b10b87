import type { CallAudio } from './call/call-audio.ts';
import type { CallRecord, CallRequest, TwimlSource } from './call/record.ts';

/** What everything that deals with a call may read. */
export interface OngoingCall {
  readonly record: CallRecord;
  /** Aborted when the call has ended. */
  readonly signal: AbortSignal;
  /** Null before the call is answered. */
  readonly audio: CallAudio | null;
}

/** A call as its phone sees it. */
export interface HandsetCall extends OngoingCall {
  /** The sentences of the synthetic voice so far. */
  readonly spoken: readonly string[];
  readonly wantsKeys: boolean;
  /** Whether audio flows both ways. */
  readonly connected: boolean;
  /** Epoch milliseconds of the answer, or of the start while it rings. */
  readonly sinceMs: number;
  /** Resolves once the call is answered or has ended. */
  readonly answered: Promise<void>;
  answer(): void;
  /** Declines a call that rings. */
  hangUp(): void;
  press(keys: string): void;
  /** Presses the keys once the call asks for some. */
  pressWhenAsked(keys: string): void;
  /** The voicemail greeting and its beep are over. */
  endGreeting(): void;
}

/** A call as TwiML runs on it. */
export interface TwimlCall extends OngoingCall {
  answer(): void;
  reject(status: 'busy' | 'no-answer'): void;
  showSpoken(text: string): void;
  /** Sends keys to `listener` until it is replaced. `asked`: the phone knows that keys are wanted. */
  onKey(listener: ((key: string) => void) | null, asked?: boolean): void;
  setConnected(connected: boolean): void;
}

/** A call as the customer controls it over the REST API. */
export interface CustomerCall extends OngoingCall {
  /** False when the call is not in a state for it. */
  stop(status: 'completed' | 'canceled'): boolean;
  redirect(source: TwimlSource): boolean;
  setStatusCallback(callback: CallRequest['statusCallback']): void;
}

/** Every call since the network was started, for the REST API. */
export interface CustomerCalls {
  place(request: CallRequest): CustomerCall;
  get(sid: string): CustomerCall | undefined;
  /** Oldest first. */
  all(): CustomerCall[];
}
