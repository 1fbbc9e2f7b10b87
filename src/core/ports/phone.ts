import type { AnsweredBy, LegEnding } from '../calls/types.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../ids.ts';
import type { RecordingBytes } from './chat.ts';
import type { LegAudioOutput } from './meetings.ts';

/** The telephone network. What it does takes a while, and is told to `Calls` as it happens. */
export interface Phone {
  /** Why no telephone can ring at the moment, as a sentence with what to do; null when all is there. */
  unavailableReason(): string | null;
  /**
   * Has a telephone rung. Not idempotent: see `find`.
   * @throws AppError `call-refused` when it never will be, with why; `call-failed` when it may be later
   */
  dial(order: DialRequest): Promise<ProviderCallId>;
  /** The call that an earlier, interrupted `dial` of this leg made, if it got that far. */
  find(order: DialRequest, sinceMs: number): Promise<ProviderCallId | null>;
  /** How a call is, for whoever heard nothing of it for a while. Null when the network does not know it. */
  fetchCall(callId: ProviderCallId): Promise<CallReport | null>;
  /** Idempotent. */
  hangUp(callId: ProviderCallId): Promise<void>;
  /**
   * Has a telephone that was in the conversation ask at once what now (`Calls.answered`), whatever it is doing. Whoever
   * does it twice has it ask twice. False when its call is not on any more.
   */
  redirectCall(legId: LegId, callId: ProviderCallId): Promise<boolean>;

  /** What records this call now, for whoever may have begun it and died before that was noted. */
  findRecording(callId: ProviderCallId): Promise<RecordingId | null>;
  /** Records a call that was answered: what the telephone says on channel 0, what it hears on channel 1. */
  startRecording(legId: LegId, callId: ProviderCallId): Promise<RecordingId>;
  /** Idempotent. What was recorded so far stays until it is deleted. */
  stopRecording(callId: ProviderCallId, recordingId: RecordingId): Promise<void>;
  /** Null when there is none (any more). */
  fetchRecordingState(recordingId: RecordingId): Promise<'running' | 'ready' | 'absent' | null>;
  /** Two channels. Fails with `recording-gone` or `call-failed`. */
  openRecording(recordingId: RecordingId, options: { readonly signal: AbortSignal }): Promise<RecordingBytes>;
  /** Idempotent. */
  deleteRecording(recordingId: RecordingId): Promise<void>;
}

export interface DialRequest {
  readonly legId: LegId;
  readonly to: PhoneNumber;
  /** How long it rings. */
  readonly ringTimeoutMs: number;
  /** After which the network hangs up by itself. */
  readonly maxDurationMs: number;
  /** Whether to find out if a person or a machine answers. */
  readonly detectMachine: boolean;
}

/** How a telephone's call is. */
export type CallReport =
  | { readonly state: 'ringing' }
  | { readonly state: 'answered' }
  | { readonly state: 'ended'; readonly how: LegEnding; readonly reason: string | null };

/** What the telephone network asks and tells; the flows answer. Every call of it was verified to come from there. */
export interface PhoneEvents {
  /** A telephone was answered, or its sound broke off and it is still there: what now? Asked again after every break. */
  answered(legId: LegId, callId: ProviderCallId, progress: AnswerProgress): Promise<CallInstruction>;
  /** The other side pressed a key, in or before the conversation. */
  keyPressed(legId: LegId, callId: ProviderCallId, key: string): Promise<CallInstruction>;
  /** May come twice, late and in any order. Resolves when it is stored. */
  handleEvent(legId: LegId, callId: ProviderCallId, event: PhoneEvent): Promise<void>;
  /** Somebody rings our number. */
  dialledIn(call: IncomingCall): Promise<CallInstruction>;
  /** They entered these digits. `attempt` counts from 1. */
  pinEntered(call: IncomingCall, digits: string, attempt: number): Promise<CallInstruction>;
  /** The sound of a telephone begins to flow. Null when it has no place (any more): then its line is to be closed. */
  connect(legId: LegId, callId: ProviderCallId, line: LegAudioOutput): Promise<LegAudioInput | null>;
}

/** What a telephone went through before it asks what now. */
export interface AnswerProgress {
  /** It heard all that is said before its sound connects. */
  readonly noticePlayed: boolean;
  /** How many times in a row it was asked to wait. */
  readonly attempts: number;
}

export interface IncomingCall {
  readonly callId: ProviderCallId;
  /** E.164, or what the network says of callers that hide their number. */
  readonly from: string;
}

export type PhoneEvent =
  | { readonly type: 'ringing' }
  | { readonly type: 'answered' }
  | { readonly type: 'answered-by'; readonly by: AnsweredBy }
  | { readonly type: 'ended'; readonly how: LegEnding; readonly reason: string | null }
  | { readonly type: 'recording-ready'; readonly recordingId: RecordingId }
  | { readonly type: 'recording-absent'; readonly recordingId: RecordingId };

/** What a telephone is to hear and do next. Sentences are spoken. */
export type CallInstruction =
  /** Say the sentences, during which a key may be pressed, and then connect its sound with the copy of Parley at `url`. */
  | {
      readonly next: 'connect';
      readonly legId: LegId;
      readonly say: readonly string[];
      readonly url: string;
      readonly broken: AudioLostInstruction;
    }
  /** Say the sentences, be silent, and ask again. */
  | {
      readonly next: 'wait';
      readonly legId: LegId;
      readonly say: readonly string[];
      readonly forMs: number;
      /** What it will have gone through by then. */
      readonly progress: AnswerProgress;
    }
  | { readonly next: 'ask-pin'; readonly say: readonly string[]; readonly attempt: number }
  | { readonly next: 'hang-up'; readonly say: readonly string[] };

/**
 * What a telephone does when its sound breaks off or never connects, unless it is brought back before: it waits, and
 * then asks what now. Who is asked and does not answer loses the call.
 */
export interface AudioLostInstruction {
  /** Said before each of the pauses. */
  readonly say: readonly string[];
  readonly pausesMs: readonly number[];
}

/** Takes what comes from one telephone. None of these may throw. */
export interface LegAudioInput {
  /** Mulaw at 8 kHz; `atMs` of its first sample since the sound began to flow. */
  readonly audio: (mulaw: Uint8Array, atMs: number) => void;
  readonly key: (key: string) => void;
  /** Nothing follows. `broken`: nobody ended it, so that the telephone is likely to be there still. */
  readonly closed: (how: 'ended' | 'broken') => void;
}
