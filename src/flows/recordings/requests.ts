import { acceptRecording } from '../../core/conversation/decide.ts';
import { recordingsAmong } from '../../core/conversation/may-be-recording.ts';
import type { Conversation, RecordingConversation, RecordingState } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { RequestOutcome, Requests, Store, Tx, WallClock } from '../../core/ports.ts';
import { RECORDINGS } from '../sentences.ts';
import { applyRecordingEvent } from '../util/conversations.ts';

/** What people request about recordings. Each resolves when the database holds the request. */
export const createRecordingRequests = ({
  store,
  clock,
  newId,
}: {
  readonly store: Store;
  readonly clock: WallClock;
  readonly newId: () => ConversationId;
}): Pick<
  Requests,
  'filesPosted' | 'fileShared' | 'messageDeleted' | 'fileDeleted' | 'transcribeLink' | 'retry'
> => {
  /** Adds what is new; for what is known already, answers its state, or retries it if it was asked for. */
  const accept = (
    recordings: { conversation: RecordingConversation; origin: string }[],
    isAsked: boolean,
  ): Promise<RequestOutcome> =>
    store.transact(async (tx) => {
      const added: ConversationId[] = [];
      let known: RequestOutcome | null = null;
      for (const { conversation, origin } of recordings) {
        const result = await tx.addConversation(conversation, origin);
        if (result.added) added.push(conversation.id);
        else if (isAsked) known = await retryOrAnswer(tx, result.conversation.id);
      }
      if (added.length > 0) await tx.enqueue({ name: 'announce', conversationIds: added });
      return added.length > 0 || known === null ? { outcome: 'accepted' } : known;
    });

  const withdrawAll = async (tx: Tx, recordings: readonly RecordingConversation[]): Promise<void> => {
    for (const { id } of recordings) await applyRecordingEvent(tx, clock, id, { type: 'withdrawn' });
  };

  const retryOrAnswer = async (tx: Tx, id: ConversationId): Promise<RequestOutcome> => {
    const before = await tx.conversation(id, { lock: true });
    if (before?.kind === 'recording' && mayRetry(before.state)) {
      await applyRecordingEvent(tx, clock, id, { type: 'retry-requested' });
      return { outcome: 'accepted' };
    }
    return { outcome: 'already', sentence: describeState(before) };
  };

  return {
    filesPosted({ thread, postedIn, by, files, approach }) {
      return accept(
        recordingsAmong(files, approach).map((file, position) => ({
          origin: [thread.workspaceId, thread.channelId, postedIn, file.fileId].join('/'),
          conversation: acceptRecording(
            {
              id: newId(),
              thread,
              postedIn,
              position,
              startedBy: by,
              title: file.name,
              source: { type: 'chat-file', fileId: file.fileId, name: file.name, sizeBytes: file.sizeBytes },
            },
            clock.nowMs(),
          ),
        })),
        approach === 'chosen',
      );
    },

    transcribeLink({ thread, postedIn, by, url, origin }) {
      const name = nameOfLink(url);
      const recording = {
        id: newId(),
        thread,
        postedIn,
        position: 0,
        startedBy: by,
        title: name,
        source: { type: 'link', url, name },
      } as const;
      const accepted = {
        origin: [thread.workspaceId, thread.channelId, origin].join('/'),
        conversation: acceptRecording(recording, clock.nowMs()),
      };
      return accept([accepted], true);
    },

    fileShared: (file) =>
      store.transact((tx) =>
        tx.enqueue({ name: 'take-shared-file', ...file }, { startAfterMs: MESSAGE_WAIT_MS }),
      ),

    messageDeleted: ({ workspaceId, channelId, messageId }) =>
      store.transact(async (tx) =>
        withdrawAll(tx, await tx.conversationsPostedIn(workspaceId, channelId, messageId)),
      ),

    fileDeleted: ({ workspaceId, fileId }) =>
      store.transact(async (tx) => withdrawAll(tx, await tx.recordingsOfFile(workspaceId, fileId))),

    retry: (id) => store.transact((tx) => retryOrAnswer(tx, id)),
  };
};

/** A file is taken by its message, with the others in their order; that is here long before this has passed. */
const MESSAGE_WAIT_MS = 10_000;

const mayRetry = (state: RecordingState): boolean =>
  (state.name === 'failed' && state.mayRetry) || state.name === 'undelivered';

/** What someone reads who requests a conversation a second time. */
const describeState = (conversation: Conversation | null): string => {
  switch (conversation?.state.name) {
    case 'failed':
      return conversation.state.message;
    case 'transcribed':
      return RECORDINGS.almostDone;
    case 'published':
      return RECORDINGS.done;
    default:
      return RECORDINGS.inProgress;
  }
};

/** The file's name as the link gives it, else the host's. Never the query, which may hold a secret. */
const nameOfLink = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // Decoded before it is split: an encoded slash would bring a whole path into the name.
  const last = decodePath(parsed?.pathname ?? '')
    .split(/[\\/]/)
    .findLast((part) => part !== '');
  return last ?? parsed?.hostname ?? 'link';
};

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
