import type { Conversation, Job } from '../../core/conversation/types.ts';
import { isRefusedFile } from '../../core/error.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { JobHandler, Log, PostedMessage, WallClock } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import type { PrivateResultMessage } from '../../core/thread-message.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { applyResultEvent, channelOf } from '../util/conversations.ts';
import { shareTranscript } from './exports.ts';
import { type Posting, postOnce } from './status-message.ts';
import { postTranscript } from './transcript-messages.ts';

type SendPrivately = Extract<Job, { name: 'send-privately' }>;

/** Sends a result that can't be posted in its thread to the person who started the conversation, and to no one else. */
export const sendPrivatelyHandler = (
  ports: Posting & { readonly clock: WallClock; readonly log: Log },
): JobHandler<SendPrivately> => ({
  async run({ conversationId: id, revision }) {
    const { store, chat, clock } = ports;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      transcription: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    const { conversation, transcription } = now;
    // A newer revision is posted in the thread again, and gets a job of its own when that fails.
    if (
      conversation?.revision !== revision ||
      conversation.state.name !== 'undelivered' ||
      transcription === null
    )
      return;
    const transcript = toTranscript(transcription, now.names);
    const posted = await sendFigures(ports, conversation, transcript, conversation.state.because);
    await sendTranscript(ports, conversation, transcript, posted);
    await store.transact((tx) => applyResultEvent(tx, clock, id, { type: 'sent-privately', revision }));
    await chat.refreshHome(channelOf(conversation).workspaceId, conversation.startedBy);
  },

  // The transcript stays stored, and App Home goes on saying that it was not delivered.
  async gaveUp({ conversationId }, error) {
    logFailure(ports.log, error, { conversation: conversationId }, 'a result was not delivered');
  },
});

const sendFigures = (
  { store, chat }: Posting,
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
  posting: Posting,
  conversation: Conversation,
  transcript: Transcript,
  below: PostedMessage,
): Promise<void> => {
  const { store, chat } = posting;
  const key = `private-file:${conversation.id}:r${conversation.revision}`;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, conversation.id));
  const delivery = known ?? { state: 'intended' };
  if (delivery.state !== 'intended' && delivery.state !== 'reserved') return;
  const { workspaceId } = channelOf(conversation);
  const { startedBy } = conversation;
  const fileId = await shareTranscript(posting, conversation, transcript, {
    where: { workspaceId, channelId: below.channelId },
    format: 'txt',
    key,
    delivery,
  }).catch(async (error: unknown) => {
    if (!isRefusedFile(error)) throw error;
    await postTranscript(store, conversation, transcript, error, {
      find: (messageKey) => chat.findPrivate(workspaceId, startedBy, messageKey),
      post: (message, messageKey) => chat.postPrivately(workspaceId, startedBy, message, messageKey),
      remove: (posted) => chat.remove(workspaceId, posted),
    });
    return null;
  });
  const shared = fileId === null ? ({ state: 'withdrawn' } as const) : ({ state: 'file', fileId } as const);
  await store.transact((tx) => tx.saveDelivery(key, shared));
};
