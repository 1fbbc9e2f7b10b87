import type { CallLimits, DialPlan } from '../core/calls/types.ts';
import type { ConversationId, LegId } from '../core/ids.ts';
import type {
  Charts,
  Chat,
  Links,
  Log,
  MeetingPass,
  Phone,
  Rooms,
  Speech,
  Store,
  WallClock,
} from '../core/ports.ts';
import type { VoiceId } from '../core/transcription.ts';

/** What the flows are given: ports only. */
export interface FlowParts {
  readonly store: Store;
  readonly chat: Chat;
  readonly links: Links;
  readonly speech: Speech;
  readonly charts: Charts;
  readonly clock: WallClock;
  readonly log: Log;
  readonly newId: () => ConversationId;
  /** The signed address of a page that plays a stretch of a recording; null without a public address. */
  readonly sampleUrl: (
    sample: { conversationId: ConversationId; voice: VoiceId; startMs: number; endMs: number },
    nowMs: number,
  ) => Promise<string | null>;
  readonly meetings: MeetingSettings;
  /** Null where there is no telephone network. */
  readonly calls: CallParts | null;
}

export interface CallParts {
  readonly phone: Phone;
  readonly plan: DialPlan;
  readonly limits: CallLimits;
  readonly newLegId: () => LegId;
  /** 0 to 1, not to be guessed. */
  readonly random: () => number;
}

interface MeetingSettings {
  readonly rooms: Rooms;
  /** Names this process among the copies; see `Lease`. */
  readonly holder: string;
  /** Where browsers reach this copy; null when nobody said. */
  readonly url: () => string | null;
  /** The signed address of a meeting's page for one person, at the copy that `base` is. */
  readonly linkTo: (base: string, pass: MeetingPass, nowMs: number) => Promise<string>;
  /** For how long an empty meeting waits for somebody to come back. */
  readonly graceMs: number;
  /** Monotonic milliseconds since any moment. */
  readonly monotonicMs: () => number;
  readonly pace: MeetingPace;
}

export interface MeetingPace {
  /** Between two edits of one meeting's messages. */
  readonly editEveryMs: number;
  /** How long a copy has a meeting after it last said so, and how often it says so. */
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  /** How often talk time is told, when it changed. */
  readonly talkTimeEveryMs: number;
  /** For how long the card of a meeting waits for the first one to come; then the meeting is closed. */
  readonly waitForFirstMs: number;
}

export const MEETING_PACE: MeetingPace = {
  // Slack allows some 50 edits a minute in a workspace: this leaves room for several meetings at once.
  editEveryMs: 4_000,
  // Three tries fit in, so that one slow answer of the database loses no meeting.
  leaseMs: 10_000,
  renewEveryMs: 3_000,
  talkTimeEveryMs: 3_000,
  // A card may be posted in the morning for a meeting in the evening. Longer, and its PIN would be in use for nobody.
  waitForFirstMs: 24 * 3_600_000,
};
