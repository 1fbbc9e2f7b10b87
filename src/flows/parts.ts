import type { VoiceId } from '../core/heard.ts';
import type { ConversationId } from '../core/ids.ts';
import type { Charts, Chat, Clock, Links, Log, Speech, Store } from '../core/ports.ts';

/** What the flows are given: ports only. */
export interface FlowParts {
  readonly store: Store;
  readonly chat: Chat;
  readonly links: Links;
  readonly speech: Speech;
  readonly charts: Charts;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ConversationId;
  /** The signed address of a page that plays a stretch of a recording; null without a public address. */
  readonly sampleUrl: (
    sample: { conversationId: ConversationId; voice: VoiceId; startMs: number; endMs: number },
    nowMs: number,
  ) => Promise<string | null>;
}
