import type { Conversation, Job } from '../../core/conversation/types.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { JobHandler, Log, PostedMessage, WallClock } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import type { PrivateResultMessage } from '../../core/thread-message.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { applyResultEvent, channelOf } from '../util/conversations.ts';
import { sendFile } from './send-file.ts';
import { type Posting, postOnce } from './status-message.ts';

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
    await sendFile(ports, conversation, transcript, {
      to: conversation.startedBy,
      format: 'txt',
      key: `private-file:${id}:r${revision}`,
      below: posted.channelId,
    });
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
