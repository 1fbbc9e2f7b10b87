import type { MeetingParty } from '../../../core/meeting/lines.ts';
import type { Log } from '../../../core/ports.ts';
import { formatDuration } from '../../../core/talk-time/format.ts';
import { type Posting, showInThread } from '../../results/status-message.ts';
import { MEETINGS, speakerName } from '../../sentences.ts';
import type { PostedMeeting } from '../../util/conversations.ts';

/** What people said and what has no words, since the engine was unavailable for too long. */
export interface CaptionGaps {
  add(party: number, lostMs: number): void;
  /** Says it in the thread, if there is anything to say. */
  tell(): Promise<void>;
}

/** Less may be noise, and no one misses it. */
const MIN_TOLD_MS = 1_000;

export const createCaptionGaps = (
  ports: Posting & { readonly log: Log },
  options: {
    readonly conversation: PostedMeeting;
    readonly parties: () => readonly MeetingParty[];
    /** Unique among the processes that host the meeting. */
    readonly key: string;
  },
): CaptionGaps => {
  const { conversation, parties, key } = options;
  const lostMs = new Map<number, number>();

  const sentence = (): string | null => {
    const gaps = [...lostMs]
      .filter(([, ms]) => ms >= MIN_TOLD_MS)
      .map(([party, ms]) => `${parties()[party]?.name ?? speakerName(party)} (${formatDuration(ms)})`);
    return gaps.length === 0 ? null : MEETINGS.captionsIncomplete(gaps);
  };

  return {
    add: (party, ms) => void lostMs.set(party, (lostMs.get(party) ?? 0) + ms),
    async tell() {
      const told = sentence();
      if (told === null) return;
      try {
        const message = { kind: 'remark', sentence: told } as const;
        await showInThread(ports, conversation, {
          key: `captions-gap:${conversation.id}:${key}`,
          revision: 1,
          message,
        });
      } catch (error) {
        // The meeting ends all the same, with what is there.
        ports.log.error({ err: error, conversation: conversation.id }, 'a gap in the captions was not told');
      }
    },
  };
};
