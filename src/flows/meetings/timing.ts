export interface MeetingTiming {
  /** For how long an empty meeting waits for someone to come back. */
  readonly graceMs: number;
  /** Between two edits of one meeting's messages. */
  readonly editEveryMs: number;
  /** How long an instance holds a meeting after it last renewed its lease, and how often it renews. */
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  /** How often talk time is sent to the pages, when it changed. */
  readonly talkTimeEveryMs: number;
  /** How long a posted card waits for the first person to join; then the meeting is closed. */
  readonly waitForFirstMs: number;
}

export const MEETING_TIMING: Omit<MeetingTiming, 'graceMs'> = {
  // Fresh enough to follow. With many meetings at once, the workspace's budget of edits makes it longer.
  editEveryMs: 4_000,
  // Three renewals fit in, so that one slow answer of the database loses no meeting.
  leaseMs: 10_000,
  renewEveryMs: 3_000,
  talkTimeEveryMs: 3_000,
  // A card may be posted in the morning for a meeting in the evening. Longer, and its PIN is taken for no one.
  waitForFirstMs: 24 * 3_600_000,
};
