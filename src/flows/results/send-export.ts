import type { Conversation, ExportFormat, Job } from '../../core/conversation/types.ts';
import type { ConversationId, MemberId } from '../../core/ids.ts';
import type { JobHandler, Tx } from '../../core/ports.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import { RESULTS } from '../sentences.ts';
import { channelOf } from '../util/conversations.ts';
import { personalReason } from '../util/personal-reason.ts';
import { sendFile } from './send-file.ts';
import { type Posting, postOnce } from './status-message.ts';

type SendExport = Extract<Job, { name: 'send-export' }>;

const keyOf = (id: ConversationId, format: ExportFormat, revision: number, to: MemberId): string =>
  `sent:${id}:${to}:${format}:r${revision}`;

/** Orders that the file is sent to a person, once a revision. False when they have it, or will in a moment. */
export const orderSending = async (
  tx: Tx,
  { id, revision }: Conversation,
  format: ExportFormat,
  to: MemberId,
): Promise<boolean> => {
  const key = keyOf(id, format, revision, to);
  const known = await tx.delivery(key);
  if (known !== null && known.state !== 'withdrawn') return false;
  if (known === null) await tx.intendDelivery(key, id);
  else await tx.saveDelivery(key, { state: 'intended' });
  await tx.enqueue({ name: 'send-export', conversationId: id, format, revision, to });
  return true;
};

/** Sends one export to the person who requested it, below a line that says what it is. */
export const sendExportHandler = ({ store, chat }: Posting): JobHandler<SendExport> => ({
  async run({ conversationId: id, format, revision, to }) {
    const { conversation, transcription, names } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      transcription: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    if (conversation === null || transcription === null) return;
    const { workspaceId } = channelOf(conversation);
    const key = keyOf(id, format, revision, to);
    const sentence = RESULTS.sent(format, conversation.title);
    const note = await postOnce(store, conversation, `${key}:note`, {
      find: () => chat.findPrivate(workspaceId, to, `${key}:note`),
      post: () => chat.postPrivately(workspaceId, to, { kind: 'remark', sentence }, `${key}:note`),
    });
    const transcript = toTranscript(transcription, names);
    await sendFile({ store, chat }, conversation, transcript, { to, format, key, below: note.channelId });
  },

  async gaveUp({ conversationId: id, format, revision, to }, error) {
    const conversation = await store.transact(async (tx) => {
      // Withdrawn, so that the next choice tries again.
      await tx.saveDelivery(keyOf(id, format, revision, to), { state: 'withdrawn' });
      return tx.conversation(id);
    });
    if (conversation === null) return;
    const channel = channelOf(conversation);
    const reason = await personalReason(chat, channel.workspaceId, to, error);
    await chat.postEphemeral(
      conversation.thread ?? channel,
      to,
      RESULTS.notShared(format, conversation.title, reason),
    );
  },
});
