import type { ConversationId } from '../../../core/ids.ts';
import {
  type CaptionBlock,
  captionParagraphs,
  createCaptionBlocks,
} from '../../../core/meeting/caption-blocks.ts';
import type { MeetingLine, MeetingParty } from '../../../core/meeting/lines.ts';
import type { Chat, Delivery, Log, Store } from '../../../core/ports.ts';
import { showInThread } from '../../results/status-message.ts';
import { createThrottledWriter, type ThrottledWriter } from '../../util/throttle.ts';
import type { PostedMeeting } from '../posted-meeting.ts';
import { unlessDeleted } from '../unless-deleted.ts';

const keyOf = (id: ConversationId, index: number): string => `captions:${id}:${index}`;

interface Parts {
  readonly store: Store;
  readonly chat: Chat;
}

/** Shows final captions in the meeting's thread as they come. */
export interface ThreadCaptions extends ThrottledWriter {
  /** Stored lines, in their order. */
  add(lines: readonly MeetingLine[]): void;
}

export const createThreadCaptions = async (
  parts: Parts & { readonly log: Log },
  options: {
    readonly conversation: PostedMeeting;
    readonly known: readonly MeetingLine[];
    readonly parties: () => readonly MeetingParty[];
    readonly everyMs: number;
  },
): Promise<ThreadCaptions> => {
  const { conversation, parties } = options;
  const { id } = conversation;
  const stretches = createCaptionBlocks();
  for (const line of options.known) stretches.add(line);
  const shown = shownRevisions(id, await parts.store.transact((tx) => tx.deliveriesOf(id)));

  // The first that is behind comes first, so that messages are posted in order.
  const behind = (): number =>
    stretches.all.findIndex(({ revision }, index) => (shown.get(index) ?? 0) < revision);

  const paced = createThrottledWriter({
    everyMs: options.everyMs,
    log: parts.log,
    write: async () => {
      const index = behind();
      if (index === -1) return false;
      const stretch = stretches.all[index]!;
      // Taken before the write: what is added while it runs is not in it.
      const { revision } = stretch;
      await showStretch(parts, conversation, { stretch, index, parties: parties() });
      shown.set(index, revision);
      return behind() !== -1;
    },
  });
  if (behind() !== -1) paced.due();

  return {
    ...paced,
    add(lines) {
      for (const line of lines) stretches.add(line);
      paced.due();
    },
  };
};

/** Shows at once whatever the thread does not show yet. May be done again after it failed. */
export const showAllCaptions = async (
  parts: Parts,
  conversation: PostedMeeting,
  lines: readonly MeetingLine[],
  parties: readonly MeetingParty[],
): Promise<void> => {
  const { id } = conversation;
  const stretches = createCaptionBlocks();
  for (const line of lines) stretches.add(line);
  const shown = shownRevisions(id, await parts.store.transact((tx) => tx.deliveriesOf(id)));
  for (const [index, stretch] of stretches.all.entries()) {
    if ((shown.get(index) ?? 0) < stretch.revision) {
      await showStretch(parts, conversation, { stretch, index, parties });
    }
  }
};

const showStretch = (
  parts: Parts,
  conversation: PostedMeeting,
  { stretch, index, parties }: { stretch: CaptionBlock; index: number; parties: readonly MeetingParty[] },
) =>
  unlessDeleted(() =>
    showInThread(parts, conversation, {
      key: keyOf(conversation.id, index),
      revision: stretch.revision,
      message: { kind: 'captions', paragraphs: captionParagraphs(stretch, parties) },
    }),
  );

/** By index. A message that may or may not be there counts as not there: showing it finds out. */
const shownRevisions = (
  id: ConversationId,
  deliveries: ReadonlyMap<string, Delivery>,
): Map<number, number> => {
  const prefix = keyOf(id, 0).slice(0, -1);
  return new Map(
    [...deliveries].flatMap(([key, delivery]) =>
      key.startsWith(prefix) && delivery.state === 'message'
        ? [[Number(key.slice(prefix.length)), delivery.revision] as const]
        : [],
    ),
  );
};
