import type { ConversationId, LegId, MemberId, PhoneNumber, ProviderCallId, RecordingId } from '../ids.ts';

/**
 * One phone in a conversation, from the request to dial it until its recording is kept or deleted. A call is a
 * conversation that began with a leg; a meeting may have legs as well.
 */
export interface Leg {
  readonly id: LegId;
  readonly conversationId: ConversationId;
  readonly role: LegRole;
  readonly number: PhoneNumber;
  /** Keys that reach the person once the number is answered; null where there are none. */
  readonly extension: string | null;
  /** For display: a member's name, the formatted number, or part of it for an inbound caller. */
  readonly name: string;
  /** The owner of the phone, if known. */
  readonly memberId: MemberId | null;
  /** Null for an inbound leg. */
  readonly requestedBy: MemberId | null;
  /** Null until the phone provider accepted the call. */
  readonly callId: ProviderCallId | null;
  readonly state: LegState;
  /** The provider has not been asked yet, or has not confirmed. */
  readonly hangUpRequested: boolean;
  /** The person on the phone declined recording and transcription. */
  readonly declined: boolean;
  readonly recording: LegRecording | null;
  readonly createdAtMs: number;
  /** Milliseconds since 1970. Null before. */
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
}

/**
 * `callee`: the person called; this leg is recorded, and the call ends with it. `caller`: the caller's own phone, dialled
 * first. `added`: dialled into a running conversation. `inbound`: it called our number.
 */
export type LegRole = 'callee' | 'caller' | 'added' | 'inbound';

export type LegState =
  /** Stored. A callee's leg stays queued while the caller's own phone rings. */
  | { readonly name: 'queued' }
  /** The provider may have been asked to dial. Whether it was is looked up before it is asked again. */
  | { readonly name: 'dialling' }
  | { readonly name: 'ringing' }
  | { readonly name: 'answered'; readonly by: AnsweredBy }
  | {
      readonly name: 'ended';
      readonly how: LegEnding;
      readonly reason: string | null;
      readonly by: AnsweredBy;
    };

export type AnsweredBy = 'unknown' | 'person' | 'machine';

/**
 * `cancelled`: hung up by our side before it was answered. `room-full`: answered, and rejected because the room was full.
 * `failed` and `room-full` carry their reason as a sentence.
 */
export type LegEnding = 'hung-up' | 'busy' | 'no-answer' | 'cancelled' | 'failed' | 'room-full';

export interface LegRecording {
  readonly id: RecordingId;
  readonly state:
    | 'running'
    /** Complete, and available from the provider. */
    | 'ready'
    /** There is none: it is empty, or the provider lost it. */
    | 'absent'
    /** Settled, by the settings of the workspace. */
    | 'kept'
    | 'deleted';
  /** Its start on the conversation's clock; null when unknown. */
  readonly beganAtMs: number | null;
}

/** What happened to a leg, from any source and in any order. */
export type LegEvent =
  /** The provider is about to be asked to dial. */
  | { readonly type: 'dial-started' }
  /** The provider accepted the call. */
  | { readonly type: 'dialled'; readonly callId: ProviderCallId }
  | { readonly type: 'ringing' }
  | { readonly type: 'answered' }
  | { readonly type: 'answered-by'; readonly by: AnsweredBy }
  | { readonly type: 'ended'; readonly how: LegEnding; readonly reason: string | null }
  | { readonly type: 'hang-up-requested' }
  | { readonly type: 'declined' }
  /** `beganAtMs` as in `LegRecording`. */
  | { readonly type: 'recording-began'; readonly recordingId: RecordingId; readonly beganAtMs: number | null }
  | { readonly type: 'recording-ready'; readonly recordingId: RecordingId }
  | { readonly type: 'recording-absent'; readonly recordingId: RecordingId }
  | { readonly type: 'recording-kept' }
  | { readonly type: 'recording-deleted' };

/** A workspace's settings for calls. */
export interface CallSettings {
  /** The recording notice, spoken first. `{caller}` stands for the caller's name. */
  readonly notice: string;
  /** Null: everyone in the workspace. */
  readonly callers: readonly MemberId[] | null;
  /** What happens to the provider's recording once it is transcribed. */
  readonly recordings: 'keep' | 'delete';
}

/** Outbound legs of the last 24 hours, and those that have not ended. */
export interface CallCounts {
  readonly byMember: number;
  readonly byChannel: number;
  readonly byWorkspace: number;
  readonly concurrent: number;
}

/** Limits that the Parley admin configures. */
export interface CallLimits {
  /** In any 24 hours. */
  readonly perMember: number;
  readonly perChannel: number;
  readonly perWorkspace: number;
  readonly concurrent: number;
  /** A leg is hung up after this time. */
  readonly maxDurationMs: number;
}

/** Which numbers may be dialled. */
export interface DialPlan {
  /** ISO 3166 codes of two letters. */
  readonly countries: readonly string[];
  /** For numbers without a country code. */
  readonly defaultCountry: string;
  /** Our own number, shown to the people called. */
  readonly callerId: PhoneNumber;
}

/** A parsed number that may be dialled. */
export interface DialableNumber {
  readonly number: PhoneNumber;
  /** Keys to press once the number is answered, `123`; null where there are none. */
  readonly extension: string | null;
  /** `+44 20 7946 0000`, or `+1 415 555 2671 ext. 123` */
  readonly formatted: string;
  /** `United Kingdom` */
  readonly country: string;
}
