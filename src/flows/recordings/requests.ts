import { acceptRecording } from '../../core/conversation/decide.ts';
import { mayBeRecording } from '../../core/conversation/may-be-recording.ts';
import type { Conversation, RecordingConversation, RecordingState } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { CallRequests, RequestOutcome, Requests, Tx } from '../../core/ports.ts';
import { describeVoices } from '../../core/transcript/transcribe.ts';
import type { SpeakerName, VoiceId } from '../../core/transcription.ts';
import type { FlowParts } from '../parts.ts';
import { orderExport } from '../results/export-orders.ts';
import { applyEvent, applyResultEvent } from '../state.ts';

/** What people ask of Parley. Each answers once the database holds what was asked, never before. */
export const createRecordingRequests = (
  parts: FlowParts,
): Omit<Requests, keyof CallRequests | 'openMeeting' | 'meetingLink' | 'endMeeting'> => {
  const { store, clock, newId, sampleUrl } = parts;

  /** Takes on what is new; for what is known already, says how it stands or tries it again. */
  const accept = (
    recordings: { conversation: RecordingConversation; origin: string }[],
  ): Promise<RequestOutcome> =>
    store.transact(async (tx) => {
      const added: ConversationId[] = [];
      let again: RequestOutcome | null = null;
      for (const { conversation, origin } of recordings) {
        const result = await tx.addConversation(conversation, origin);
        if (result.added) added.push(conversation.id);
        else again = await takeUpAgain(tx, result.conversation.id);
      }
      if (added.length > 0) await tx.enqueue({ name: 'announce', conversationIds: added });
      return added.length > 0 || again === null ? { outcome: 'accepted' } : again;
    });

  const takeUpAgain = async (tx: Tx, id: ConversationId): Promise<RequestOutcome> => {
    const before = await tx.conversation(id, { lock: true });
    if (before?.kind === 'recording' && mayTryAgain(before.state)) {
      await applyEvent(tx, clock, id, { type: 'retry-requested' });
      return { outcome: 'accepted' };
    }
    return { outcome: 'already', sentence: standing(before) };
  };

  return {
    filesPosted({ thread, postedIn, by, files, asked }) {
      const worth = asked ? files : files.filter(mayBeRecording);
      return accept(
        worth.map((file, position) => ({
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
      );
    },

    transcribeLink({ thread, postedIn, by, url, origin }) {
      const name = nameOfLink(url);
      return accept([
        {
          origin: [thread.workspaceId, thread.channelId, origin].join('/'),
          conversation: acceptRecording(
            {
              id: newId(),
              thread,
              postedIn,
              position: 0,
              startedBy: by,
              title: name,
              source: { type: 'link', url, name },
            },
            clock.nowMs(),
          ),
        },
      ]);
    },

    retry(id) {
      return store.transact((tx) => takeUpAgain(tx, id));
    },

    async voices(id) {
      const { conversation, heard, names } = await store.transact(async (tx) => ({
        conversation: await tx.conversation(id),
        heard: await tx.transcription(id),
        names: await tx.speakerNames(id),
      }));
      if (conversation === null || heard === null) return null;
      const nowMs = clock.nowMs();
      const voices = await Promise.all(
        describeVoices(heard, names).map(async ({ sampleStartMs, sampleEndMs, ...voice }) => {
          const sample = {
            conversationId: id,
            voice: voice.voice,
            startMs: sampleStartMs,
            endMs: sampleEndMs,
          };
          // A meeting is not recorded: there is nothing of it to listen to.
          const recorded = conversation.kind === 'recording';
          return { ...voice, sampleUrl: recorded ? await sampleUrl(sample, nowMs) : null };
        }),
      );
      return { conversationId: id, title: conversation.title, voices };
    },

    nameSpeakers(id, _by, names) {
      return store.transact(async (tx): Promise<RequestOutcome> => {
        const conversation = await tx.conversation(id, { lock: true });
        if (conversation === null || !(await applyResultEvent(tx, clock, id, { type: 'speakers-named' }))) {
          return {
            outcome: 'refused',
            sentence:
              'There is no transcript of this yet. Please name its speakers once the thread shows the result.',
          };
        }
        const all = { ...(await tx.speakerNames(id)), ...names };
        const given = Object.entries(all).filter(
          (entry): entry is [VoiceId, SpeakerName] => entry[1] !== null,
        );
        await tx.saveSpeakerNames(id, Object.fromEntries(given));
        return { outcome: 'accepted' };
      });
    },

    shareExport(id, by, format) {
      return store.transact(async (tx): Promise<RequestOutcome> => {
        const conversation = await tx.conversation(id, { lock: true });
        if (conversation === null || (await tx.transcription(id)) === null) {
          return {
            outcome: 'refused',
            sentence: 'There is no transcript of this yet. Please wait until the thread shows the result.',
          };
        }
        return (await orderExport(tx, conversation, format, by))
          ? { outcome: 'accepted' }
          : { outcome: 'already', sentence: `The ${format.toUpperCase()} file is already in this thread.` };
      });
    },

    recentConversations(workspaceId, memberId) {
      return store.transact((tx) => tx.conversationsOf(workspaceId, memberId, 20));
    },
  };
};

const mayTryAgain = (state: RecordingState): boolean =>
  (state.name === 'failed' && state.mayRetry) || state.name === 'undelivered';

/** How a conversation stands, for somebody who asks for it a second time. */
const standing = (conversation: Conversation | null): string => {
  switch (conversation?.state.name) {
    case 'failed':
      return conversation.state.message;
    case 'transcribed':
      return 'Parley has transcribed this already: the result is about to be in the thread.';
    case 'published':
      return 'Parley has transcribed this already: the result is in the thread.';
    default:
      return 'Parley is at work on this already: the result will be in the thread.';
  }
};

/** The file's name as the link gives it, else the host's. Never the query, which may hold a secret. */
const nameOfLink = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // Decoded before it is divided: an encoded slash would bring a whole path into the name.
  const last = decoded(parsed?.pathname ?? '')
    .split(/[\\/]/)
    .findLast((part) => part !== '');
  return last ?? parsed?.hostname ?? 'link';
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
