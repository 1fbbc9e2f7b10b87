import type { ConversationId } from '../../../core/ids.ts';
import {
  type CaptionBlock,
  captionParagraphs,
  createCaptionBlocks,
} from '../../../core/meeting/caption-blocks.ts';
import type { MeetingLine, MeetingParty } from '../../../core/meeting/lines.ts';
import type { Clock, Delivery, Log } from '../../../core/ports.ts';
import { ignoreDeleted, type Posting, showInThread } from '../../results/status-message.ts';
import type { PostedMeeting } from '../../util/conversations.ts';
import type { EditBudget } from '../../util/edit-budget.ts';
import { createThrottledWriter } from '../../util/throttle.ts';

/** Shows final captions in the meeting's thread while it runs. */
export interface ThreadCaptions {
  /** Stored lines, in their order. */
  add(lines: readonly MeetingLine[]): void;
  /** Nothing is written after this resolves. */
  close(): Promise<void>;
}

export const createThreadCaptions = async (
  ports: Posting & { readonly edits: EditBudget; readonly clock: Clock; readonly log: Log },
  options: {
    readonly conversation: PostedMeeting;
    readonly known: readonly MeetingLine[];
    readonly parties: () => readonly MeetingParty[];
    readonly everyMs: number;
  },
): Promise<ThreadCaptions> => {
  const { conversation, parties, everyMs } = options;
  const { edits, clock, log } = ports;
  const blocks = createCaptionBlocks();
  for (const line of options.known) blocks.add(line);
  const shown = await loadShownRevisions(ports, conversation.id);

  // The first that is outdated comes first, so that messages are posted in order.
  const firstOutdated = (): number =>
    blocks.all.findIndex(({ revision }, index) => (shown.get(index) ?? 0) < revision);

  const writer = createThrottledWriter({
    everyMs,
    workspaceId: conversation.thread.workspaceId,
    edits,
    clock,
    log,
    write: async () => {
      const index = firstOutdated();
      if (index === -1) return false;
      const block = blocks.all[index]!;
      // Taken before the write: lines added while it runs are not in it.
      const { revision } = block;
      await showBlock(ports, conversation, { block, index, parties: parties() });
      shown.set(index, revision);
      return firstOutdated() !== -1;
    },
  });
  if (firstOutdated() !== -1) writer.schedule();

  return {
    add(lines) {
      for (const line of lines) blocks.add(line);
      writer.schedule();
    },
    close: () => writer.close(),
  };
};

/** Shows at once all captions that are not in the thread yet. Idempotent. */
export const showAllCaptions = async (
  posting: Posting,
  conversation: PostedMeeting,
  lines: readonly MeetingLine[],
  parties: readonly MeetingParty[],
): Promise<void> => {
  const blocks = createCaptionBlocks();
  for (const line of lines) blocks.add(line);
  const shown = await loadShownRevisions(posting, conversation.id);
  for (const [index, block] of blocks.all.entries()) {
    if ((shown.get(index) ?? 0) < block.revision) {
      await showBlock(posting, conversation, { block, index, parties });
    }
  }
};

const keyOf = (id: ConversationId, index: number | ''): string => `captions:${id}:${index}`;

const showBlock = (
  posting: Posting,
  conversation: PostedMeeting,
  { block, index, parties }: { block: CaptionBlock; index: number; parties: readonly MeetingParty[] },
): Promise<void> =>
  ignoreDeleted(() =>
    showInThread(posting, conversation, {
      key: keyOf(conversation.id, index),
      revision: block.revision,
      message: { kind: 'captions', paragraphs: captionParagraphs(block, parties) },
    }),
  );

/** By index. A message that may or may not be there counts as missing: showing it finds out. */
const loadShownRevisions = async (
  { store }: Pick<Posting, 'store'>,
  id: ConversationId,
): Promise<Map<number, number>> => {
  const prefix = keyOf(id, '');
  const deliveries: ReadonlyMap<string, Delivery> = await store.transact((tx) => tx.deliveriesOf(id));
  return new Map(
    [...deliveries].flatMap(([key, delivery]) =>
      key.startsWith(prefix) && delivery.state === 'message'
        ? [[Number(key.slice(prefix.length)), delivery.revision] as const]
        : [],
    ),
  );
};
