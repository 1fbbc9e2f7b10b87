import type { Conversation, Job } from '../../core/conversation/types.ts';
import type { Channel } from '../../core/ids.ts';
import type { JobHandler, PostedMessage } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import type { PrivateResultMessage } from '../../core/thread-message.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import type { FlowParts } from '../parts.ts';
import { applyResultEvent } from '../state.ts';
import { shareTranscript } from './exports.ts';
import { postOnce } from './status-message.ts';

type SendPrivately = Extract<Job, { name: 'send-privately' }>;

/** Sends a result that its thread does not take to whoever started the conversation, and to nobody else. */
export const sendPrivatelyHandler = (parts: FlowParts): JobHandler<SendPrivately> => ({
  async run({ conversationId: id, revision }) {
    const { store, chat, clock } = parts;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      heard: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    const { conversation, heard } = now;
    // A newer revision is tried in the thread again, and comes here by itself when that fails.
    if (conversation?.revision !== revision || conversation.state.name !== 'undelivered' || heard === null)
      return;
    const transcript = toTranscript(heard, now.names);
    const posted = await sendFigures(parts, conversation, transcript, conversation.state.because);
    await sendTranscript(parts, conversation, transcript, posted);
    await store.transact((tx) => applyResultEvent(tx, clock, id, { type: 'sent-privately', revision }));
    await chat.refreshHome(channelOf(conversation).workspaceId, conversation.startedBy);
  },

  // What was heard stays stored, and their App Home goes on saying that it is nowhere to be read.
  async gaveUp({ conversationId }, error) {
    parts.log.error({ err: error, conversation: conversationId }, 'a result reached nobody');
  },
});

const channelOf = (conversation: Conversation): Channel =>
  conversation.kind === 'recording' ? conversation.thread : conversation.channel;

const sendFigures = (
  { store, chat }: FlowParts,
  conversation: Conversation,
  transcript: Transcript,
  because: PrivateResultMessage['because'],
): Promise<PostedMessage> => {
  const { id, title, startedBy, revision } = conversation;
  const { workspaceId, channelId } = channelOf(conversation);
  const key = `private:${id}:r${revision}`;
  const talkTime = measureTalkTime(transcript);
  const message = {
    kind: 'private-result',
    conversationId: id,
    title,
    channelId,
    because,
    transcript,
    talkTime,
  } as const;
  return postOnce(store, conversation, key, {
    find: () => chat.findPrivate(workspaceId, startedBy, key),
    post: () => chat.postPrivately(workspaceId, startedBy, message, key),
  });
};

const sendTranscript = async (
  parts: FlowParts,
  conversation: Conversation,
  transcript: Transcript,
  below: PostedMessage,
): Promise<void> => {
  const { store } = parts;
  const key = `private-file:${conversation.id}:r${conversation.revision}`;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, conversation.id));
  const delivery = known ?? { state: 'intended' };
  if (delivery.state !== 'intended' && delivery.state !== 'reserved') return;
  const { workspaceId } = channelOf(conversation);
  const fileId = await shareTranscript(parts, conversation, transcript, {
    where: { workspaceId, channelId: below.channelId },
    format: 'txt',
    key,
    delivery,
  });
  await store.transact((tx) => tx.saveDelivery(key, { state: 'file', fileId }));
};
