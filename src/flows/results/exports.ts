import type { Conversation, ExportFormat, Job } from '../../core/conversation/types.ts';
import { isRefusedFile } from '../../core/error.ts';
import { exportTranscript } from '../../core/exports/index.ts';
import type { Channel, FileId, Thread } from '../../core/ids.ts';
import type { Delivery, JobHandler } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { RESULTS } from '../sentences.ts';
import { isPosted, type PostedConversation } from '../util/conversations.ts';
import { personalReason } from '../util/personal-reason.ts';
import { exportKey, orderExport, shareNextLongTranscript } from './export-orders.ts';
import type { Posting } from './status-message.ts';
import { postTranscript } from './transcript-messages.ts';

type ShareExport = Extract<Job, { name: 'share-export' }>;

/** Shares one export in the thread, and withdraws what it replaces. */
export const shareExportHandler = ({ store, chat }: Posting): JobHandler<ShareExport> => ({
  async run({ conversationId, format, revision, by }) {
    const key = exportKey(conversationId, format, revision);
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(conversationId),
      transcription: await tx.transcription(conversationId),
      names: await tx.speakerNames(conversationId),
      delivery: await tx.delivery(key),
    }));
    if (
      now.conversation === null ||
      !isPosted(now.conversation) ||
      now.transcription === null ||
      now.delivery === null
    )
      return;
    if (now.conversation.revision !== revision) {
      // Speakers were named meanwhile: what is wanted is the file with the new names.
      await store.transact(async (tx) => {
        await tx.saveDelivery(key, { state: 'withdrawn' });
        const current = await tx.conversation(conversationId);
        if (current !== null) await orderExport(tx, current, format, by);
      });
      return;
    }
    const { conversation, delivery } = now;
    if (delivery.state === 'intended' || delivery.state === 'reserved') {
      const transcript = toTranscript(now.transcription, now.names);
      const fileId = await shareTranscript({ store, chat }, conversation, transcript, {
        where: conversation.thread,
        format,
        key,
        delivery,
      }).catch(async (error: unknown) => {
        if (!isNeeded(conversation, format) || !isRefusedFile(error)) throw error;
        await postTranscript(store, conversation, transcript, error, {
          to: null,
          find: (messageKey) => chat.find(conversation.thread, messageKey),
          post: (message, messageKey) => chat.post(conversation.thread, message, messageKey),
          remove: (posted) => chat.remove(conversation.thread.workspaceId, posted),
        });
        return null;
      });
      await store.transact(async (tx) => {
        await tx.saveDelivery(key, fileId === null ? { state: 'withdrawn' } : { state: 'file', fileId });
        await shareNextLongTranscript(tx, conversation);
      });
    }
    await withdrawOlder({ store, chat }, conversation, format, key);
  },

  async gaveUp({ conversationId, format, revision, by }, error) {
    const conversation = await store.transact(async (tx) => {
      // Withdrawn, so that the next click tries again.
      await tx.saveDelivery(exportKey(conversationId, format, revision), { state: 'withdrawn' });
      const conversation = await tx.conversation(conversationId);
      if (conversation !== null) await shareNextLongTranscript(tx, conversation);
      return conversation;
    });
    if (conversation === null || !isPosted(conversation)) return;
    const { thread, title } = conversation;
    const reason = await personalReason(chat, thread.workspaceId, by, error);
    await chat.postEphemeral(thread, by, RESULTS.notShared(format, title, reason));
  },
});

/** Whether the message shows only part of the transcript, so that it is lost without this file. */
const isNeeded = ({ state }: Conversation, format: ExportFormat): boolean =>
  format === 'txt' && state.name === 'published' && state.inFile;

/** Shares the transcript as a file, resuming what `delivery` says was reserved. The caller stores that it is shared. */
export const shareTranscript = (
  { store, chat }: Posting,
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
  { store, chat }: Posting,
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
