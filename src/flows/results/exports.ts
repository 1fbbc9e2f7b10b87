import type { Conversation, ExportFormat, Job } from '../../core/conversation/types.ts';
import { exportTranscript } from '../../core/exports/index.ts';
import type { Channel, FileId, Thread } from '../../core/ids.ts';
import type { Delivery, JobHandler } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import type { FlowParts } from '../parts.ts';
import { isPosted, type PostedConversation } from '../state.ts';
import { exportKey, orderExport, shareNextLongTranscript } from './export-orders.ts';

type ShareExport = Extract<Job, { name: 'share-export' }>;

export const shareExportHandler = (parts: FlowParts): JobHandler<ShareExport> => ({
  async run({ conversationId, format, revision, by }) {
    const { store } = parts;
    const key = exportKey(conversationId, format, revision);
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(conversationId),
      heard: await tx.transcription(conversationId),
      names: await tx.speakerNames(conversationId),
      delivery: await tx.delivery(key),
    }));
    if (
      now.conversation === null ||
      !isPosted(now.conversation) ||
      now.heard === null ||
      now.delivery === null
    )
      return;
    if (now.conversation.revision !== revision) {
      // Speakers were named meanwhile: the file that was asked for is the one with the new names.
      await store.transact(async (tx) => {
        await tx.saveDelivery(key, { state: 'withdrawn' });
        const current = await tx.conversation(conversationId);
        if (current !== null) await orderExport(tx, current, format, by);
      });
      return;
    }
    const { conversation, delivery } = now;
    if (delivery.state === 'intended' || delivery.state === 'reserved') {
      const transcript = toTranscript(now.heard, now.names);
      const fileId = await shareTranscript(parts, conversation, transcript, {
        where: conversation.thread,
        format,
        key,
        delivery,
      });
      await store.transact(async (tx) => {
        await tx.saveDelivery(key, { state: 'file', fileId });
        await shareNextLongTranscript(tx, conversation);
      });
    }
    await withdrawOlder(parts, conversation, format, key);
  },

  async gaveUp({ conversationId, format, revision, by }, error) {
    const conversation = await parts.store.transact(async (tx) => {
      // Withdrawn, so that the next click tries again.
      await tx.saveDelivery(exportKey(conversationId, format, revision), { state: 'withdrawn' });
      const conversation = await tx.conversation(conversationId);
      if (conversation !== null) await shareNextLongTranscript(tx, conversation);
      return conversation;
    });
    if (conversation === null || !isPosted(conversation)) return;
    const what = `The ${format.toUpperCase()} file of “${conversation.title}” could not be shared.`;
    await parts.chat.postEphemeral(conversation.thread, by, `${what} ${error.userMessage}`);
  },
});

/** Shares the transcript as a file, as far as the delivery says that it was not. That it was is the caller's to store. */
export const shareTranscript = (
  { store, chat }: FlowParts,
  conversation: Conversation,
  transcript: Transcript,
  file: {
    readonly where: Channel | Thread;
    readonly format: ExportFormat;
    readonly key: string;
    readonly delivery: Extract<Delivery, { state: 'intended' | 'reserved' }>;
  },
): Promise<FileId> => {
  const { where, format, key, delivery } = file;
  const { fileName, text } = exportTranscript(format, {
    title: conversation.title,
    transcript,
    talkTime: measureTalkTime(transcript),
    recordedAtMs:
      (conversation.kind === 'recording' ? null : conversation.startedAtMs) ?? conversation.createdAtMs,
  });
  return chat.shareFile(
    where,
    { name: fileName, title: fileName, bytes: new TextEncoder().encode(text) },
    {
      resume: delivery.state === 'reserved' ? delivery.fileId : null,
      reserved: (fileId) => store.transact((tx) => tx.saveDelivery(key, { state: 'reserved', fileId })),
    },
  );
};

const withdrawOlder = async (
  { store, chat }: FlowParts,
  { id, thread }: PostedConversation,
  format: ExportFormat,
  newest: string,
): Promise<void> => {
  const deliveries = await store.transact((tx) => tx.deliveriesOf(id));
  for (const [key, delivery] of deliveries) {
    if (key === newest || !key.startsWith(`export:${id}:${format}:`) || delivery.state !== 'file') continue;
    await chat.deleteFile(thread.workspaceId, delivery.fileId);
    await store.transact((tx) => tx.saveDelivery(key, { state: 'withdrawn' }));
  }
};
