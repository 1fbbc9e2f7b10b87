import { isSettled } from '../../core/conversation/decide.ts';
import { type Conversation, EXPORT_FORMATS, type ExportFormat } from '../../core/conversation/types.ts';
import type { ConversationId, MemberId } from '../../core/ids.ts';
import type { Delivery, Tx } from '../../core/ports.ts';

/** The delivery of one export, as of one revision. */
export const exportKey = (id: ConversationId, format: ExportFormat, revision: number): string =>
  `export:${id}:${format}:r${revision}`;

/** Whether the file is in the thread or on its way there. */
const isOrdered = (delivery: Delivery | null): boolean => delivery !== null && delivery.state !== 'withdrawn';

/** Orders that the export is shared in the thread, once a revision. False when it is there or on its way already. */
export const orderExport = async (
  tx: Tx,
  { id, revision }: Conversation,
  format: ExportFormat,
  by: MemberId,
): Promise<boolean> => {
  const key = exportKey(id, format, revision);
  const known = await tx.delivery(key);
  if (isOrdered(known)) return false;
  if (known === null) await tx.intendDelivery(key, id);
  else await tx.saveDelivery(key, { state: 'intended' });
  await tx.enqueue({ name: 'share-export', conversationId: id, format, revision, by });
  return true;
};

/** The formats in the thread, of any revision. */
export const sharedFormats = async (tx: Tx, id: ConversationId): Promise<ExportFormat[]> => {
  const deliveries = [...(await tx.deliveriesOf(id))];
  return EXPORT_FORMATS.filter((format) =>
    deliveries.some(([key, delivery]) => key.startsWith(`export:${id}:${format}:`) && isOrdered(delivery)),
  );
};

/**
 * Shares long transcripts as files in the order of the recordings in their message, however fast each was. Orders the
 * first that is missing; to be called again once that is shared or given up, and whenever a recording of the message
 * settles.
 */
export const shareNextLongTranscript = async (tx: Tx, settled: Conversation): Promise<void> => {
  for (const { id } of await postedTogether(tx, settled)) {
    // Locked in order, so that two recordings that settle at once do not deadlock.
    const conversation = await tx.conversation(id, { lock: true });
    if (conversation === null) continue;
    if (conversation.kind === 'recording' && !isSettled(conversation.state)) return;
    if (conversation.state.name !== 'published' || !conversation.state.inFile) continue;
    const known = await tx.delivery(exportKey(id, 'txt', conversation.revision));
    if (known === null) await orderExport(tx, conversation, 'txt', conversation.startedBy);
    if (known === null || known.state === 'intended' || known.state === 'reserved') return;
  }
};

/** The recordings of one message, in order; a meeting stands alone. */
const postedTogether = async (tx: Tx, conversation: Conversation): Promise<readonly Conversation[]> =>
  conversation.kind === 'recording'
    ? tx.conversationsPostedIn(
        conversation.thread.workspaceId,
        conversation.thread.channelId,
        conversation.postedIn,
      )
    : [conversation];
