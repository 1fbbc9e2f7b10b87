import type { ConversationId, LegId, MemberId, PhoneNumber, ProviderCallId, RecordingId } from '../ids.ts';

/**
 * A telephone in a conversation, from the wish to have it ring until what was recorded of it is settled. A call is a
 * conversation that began with one; a meeting may have some as well.
 */
export interface Leg {
  readonly id: LegId;
  readonly conversationId: ConversationId;
  readonly role: LegRole;
  readonly number: PhoneNumber;
  /** How people see it: a member's name, the number as one writes it, or part of it for who dialled in. */
  readonly name: string;
  /** Whose telephone it is, when that is known. */
  readonly memberId: MemberId | null;
  /** Who had it rung; null for who dialled in. */
  readonly requestedBy: MemberId | null;
  /** The telephone network's name for it; null before the network took it on. */
  readonly callId: ProviderCallId | null;
  readonly state: LegState;
  /** Somebody wants it to end, and the network was not told yet or did not confirm it. */
  readonly hangUpRequested: boolean;
  /** The other side refused to be recorded and transcribed. */
  readonly declined: boolean;
  readonly recording: LegRecording | null;
  readonly createdAtMs: number;
  /** By the wall's clock. Null before. */
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
}

/**
 * `far`: whom a call is for; it is recorded, and the call ends with it. `own`: the caller's own telephone, rung first.
 * `added`: rung into a conversation that runs. `dialled-in`: it rang us.
 */
export type LegRole = 'callee' | 'caller' | 'added' | 'inbound';

export type LegState =
  /** In the database. A `far` leg waits here while the caller's own telephone rings. */
  | { readonly name: 'queued' }
  /** The network may have been asked. Whether it was is found out before it is asked again. */
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
 * `cancelled`: hung up by our side before anybody answered. `no-place`: answered, and turned away, because there is no
 * room for it where it was to go. `failed` and `no-place` have their reason as a sentence.
 */
export type LegEnding = 'hung-up' | 'busy' | 'no-answer' | 'cancelled' | 'failed' | 'room-full';

export interface LegRecording {
  readonly id: RecordingId;
  readonly state:
    | 'running'
    /** Whole, and to be had from the network. */
    | 'ready'
    /** There is none: nothing was said, or the network lost it. */
    | 'absent'
    /** What is wanted of it is known (kept, or deleted), and done. */
    | 'kept'
    | 'deleted';
  /** The moment on the conversation's clock at which it began; null when nobody could note it. */
  readonly beganAtMs: number | null;
}

/** What happened to a leg, from whatever source and in whatever order it comes. */
export type LegEvent =
  /** The network is about to be asked. */
  | { readonly type: 'dial-started' }
  /** The network took it on. */
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

/** What a workspace decided about its calls. */
export interface CallSettings {
  /** What everybody on a telephone hears first. `{caller}` stands for who calls. */
  readonly notice: string;
  /** Null: everybody in the workspace. */
  readonly callers: readonly MemberId[] | null;
  /** What becomes of the network's recording once it is transcribed. */
  readonly recordings: 'keep' | 'delete';
}

/** How many calls were made in the last 24 hours, and how many are on now. */
export interface CallCounts {
  readonly byMember: number;
  readonly byChannel: number;
  readonly byWorkspace: number;
  readonly concurrent: number;
}

/** What whoever runs Parley allows. */
export interface CallLimits {
  /** In any 24 hours. */
  readonly perMember: number;
  readonly perChannel: number;
  readonly perWorkspace: number;
  readonly concurrent: number;
  /** After this long a telephone is hung up. */
  readonly maxDurationMs: number;
}

/** Which numbers may be rung. */
export interface DialPlan {
  /** ISO 3166 codes of two letters. */
  readonly countries: readonly string[];
  /** Of numbers written without a country. */
  readonly defaultCountry: string;
  /** The number that people see when Parley rings. */
  readonly callerId: PhoneNumber;
}

/** A number that was understood and may be rung. */
export interface DialableNumber {
  readonly number: PhoneNumber;
  /** As one writes it: `+44 20 7946 0000`. */
  readonly formatted: string;
  /** In English: `United Kingdom`. */
  readonly country: string;
}
