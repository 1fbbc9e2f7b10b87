import type { AnsweredBy, LegEnding } from '../calls/types.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../ids.ts';
import type { RecordingBytes } from './chat.ts';
import type { LegAudioOutput } from './meetings.ts';

/** The phone provider. Progress of calls is reported to `PhoneEvents`. */
export interface Phone {
  /** Why no phone can be called at the moment, as a sentence with what to do; null when one can. */
  unavailableReason(): string | null;
  /**
   * Calls a phone. Not idempotent: see `find`.
   * @throws AppError `call-refused` when the provider never will, with the reason; `call-failed` when it may later
   */
  dial(order: DialRequest): Promise<ProviderCallId>;
  /** The call of an earlier, interrupted `dial` of this leg, if it got that far. */
  find(order: DialRequest, sinceMs: number): Promise<ProviderCallId | null>;
  /** The state of a call whose webhooks may be lost. Null when the provider does not know it. */
  fetchCall(callId: ProviderCallId): Promise<CallReport | null>;
  /** Idempotent. */
  hangUp(callId: ProviderCallId): Promise<void>;
  /**
   * Makes a connected phone request new instructions at once (`PhoneEvents.answered`), with the notice played unless
   * `progress` says otherwise. Not idempotent. False when its call has ended.
   */
  redirectCall(legId: LegId, callId: ProviderCallId, progress?: AnswerProgress): Promise<boolean>;
  /**
   * Presses keys on a connected phone, as its own tones, and then has it request new instructions as `redirectCall` does.
   * Not idempotent. False when its call has ended.
   */
  sendKeys(legId: LegId, callId: ProviderCallId, keys: string): Promise<boolean>;

  /** The recordings of a call, oldest first, with those that were started just before a crash. */
  recordingsOf(callId: ProviderCallId): Promise<readonly CallRecording[]>;
  /** Records an answered call: audio from the phone on channel 0, audio to it on channel 1. */
  startRecording(legId: LegId, callId: ProviderCallId): Promise<RecordingId>;
  /**
   * Idempotent: one that cannot be stopped is over, or will be with its call. The recording so far is kept until it is
   * deleted.
   */
  stopRecording(callId: ProviderCallId, recordingId: RecordingId): Promise<void>;
  /** Null when there is none. */
  fetchRecordingState(recordingId: RecordingId): Promise<RecordingState | null>;
  /** Two channels. Fails with `recording-gone` or `call-failed`. */
  openRecording(recordingId: RecordingId, options: { readonly signal: AbortSignal }): Promise<RecordingBytes>;
  /** Idempotent. Fails with `call-refused` before the recording is `ready`. */
  deleteRecording(recordingId: RecordingId): Promise<void>;
}

/** `running` until the recording can be downloaded and deleted. */
export type RecordingState = 'running' | 'ready' | 'absent';

export interface CallRecording {
  readonly id: RecordingId;
  readonly state: RecordingState;
}

export interface DialRequest {
  readonly legId: LegId;
  readonly to: PhoneNumber;
  readonly ringTimeoutMs: number;
  /** The provider hangs up after this time. */
  readonly maxDurationMs: number;
  /** Whether to detect if a person or a machine answers. */
  readonly detectMachine: boolean;
}

export type CallReport =
  | { readonly state: 'ringing' }
  | { readonly state: 'answered' }
  | { readonly state: 'ended'; readonly how: LegEnding; readonly reason: string | null };

/** Requests and events of the phone provider, authenticated by the adapter; the flows respond. */
export interface PhoneEvents {
  /** A phone was answered, or lost its audio stream: requests instructions, again after every loss. */
  answered(legId: LegId, callId: ProviderCallId, progress: AnswerProgress): Promise<CallInstruction>;
  /** A key was pressed, before or during the conversation. */
  keyPressed(legId: LegId, callId: ProviderCallId, key: string): Promise<CallInstruction>;
  /** May be repeated, late and in any order. Resolves when it is stored. */
  handleEvent(legId: LegId, callId: ProviderCallId, event: PhoneEvent): Promise<void>;
  /** An inbound call to our number. */
  dialledIn(call: IncomingCall): Promise<CallInstruction>;
  /** The caller entered these digits. `attempt` counts from 1. */
  pinEntered(call: IncomingCall, digits: string, attempt: number): Promise<CallInstruction>;
  /** A phone's audio stream opened. Null when it is in no room: the stream is then closed. */
  connect(legId: LegId, callId: ProviderCallId, line: LegAudioOutput): Promise<LegAudioInput | null>;
}

/** How far a phone is when it requests instructions. */
export interface AnswerProgress {
  /** The opening announcement was played to its end. */
  readonly noticePlayed: boolean;
  /** Consecutive `wait` instructions. */
  readonly attempts: number;
  /** `connect` instructions that led here. Whether its audio flowed after them is for the flows to know. */
  readonly connects: number;
}

export interface IncomingCall {
  readonly callId: ProviderCallId;
  /** E.164, or whatever the network sends for withheld numbers. */
  readonly from: string;
}

export type PhoneEvent =
  | { readonly type: 'ringing' }
  | { readonly type: 'answered' }
  | { readonly type: 'answered-by'; readonly by: AnsweredBy }
  | { readonly type: 'ended'; readonly how: LegEnding; readonly reason: string | null }
  /** The provider could not open its audio stream, or broke it off. `progress`: for requesting instructions again. */
  | { readonly type: 'audio-failed'; readonly progress: AnswerProgress }
  | { readonly type: 'recording-ready'; readonly recordingId: RecordingId }
  | { readonly type: 'recording-absent'; readonly recordingId: RecordingId };

/** What a phone is to do next. `say` is spoken. */
export type CallInstruction =
  /** Connect its audio stream to the instance at `url`. Keys may be pressed while the sentences are spoken. */
  | {
      readonly next: 'connect';
      readonly legId: LegId;
      readonly say: readonly string[];
      readonly url: string;
      /** For the request that follows when the audio is lost. */
      readonly progress: AnswerProgress;
      readonly broken: AudioLostInstruction;
    }
  /** Stay silent for `forMs`, and request instructions again. */
  | {
      readonly next: 'wait';
      readonly legId: LegId;
      readonly say: readonly string[];
      readonly forMs: number;
      /** For the next request. */
      readonly progress: AnswerProgress;
    }
  | { readonly next: 'ask-pin'; readonly say: readonly string[]; readonly attempt: number }
  | { readonly next: 'hang-up'; readonly say: readonly string[] };

/**
 * What a phone does when its audio stream breaks off or never opens, unless it is redirected before: it waits, and then
 * requests instructions. Without a response the call is lost.
 */
export interface AudioLostInstruction {
  /** Spoken before each of the pauses. */
  readonly say: readonly string[];
  readonly pausesMs: readonly number[];
}

/** Input of one phone. None of these may throw. */
export interface LegAudioInput {
  /** Mulaw at 8 kHz; `atMs` of its first sample since the stream's first. A gap is silence, or audio that was lost. */
  readonly audio: (mulaw: Uint8Array, atMs: number) => void;
  readonly key: (key: string) => void;
  /** Nothing follows. `broken`: neither side ended the call, so the phone is probably still connected. */
  readonly closed: (how: 'ended' | 'broken') => void;
}
