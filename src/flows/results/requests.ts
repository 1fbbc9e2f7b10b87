import type { Conversation } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { RequestOutcome, Requests, Store, Tx, WallClock } from '../../core/ports.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import { describeVoices, toTranscript } from '../../core/transcript/transcribe.ts';
import type { SpeakerName, VoiceId } from '../../core/transcription.ts';
import { RESULTS } from '../sentences.ts';
import { applyResultEvent } from '../util/conversations.ts';
import { orderExport } from './export-orders.ts';
import { orderSending } from './send-export.ts';

/** How many conversations someone's App Home lists. */
const RECENT_LIMIT = 20;

/** The signed address of a page that plays a part of a recording; null without a public address. */
export type SampleUrl = (
  sample: { conversationId: ConversationId; voice: VoiceId; startMs: number; endMs: number },
  nowMs: number,
) => Promise<string | null>;

/** What people request once there is a transcript. Each resolves when the database holds the request. */
export const createResultRequests = ({
  store,
  clock,
  sampleUrl,
}: {
  readonly store: Store;
  readonly clock: WallClock;
  readonly sampleUrl: SampleUrl;
}): Pick<
  Requests,
  'voices' | 'nameSpeakers' | 'shareExport' | 'sendExport' | 'resultDetails' | 'recentConversations'
> => ({
  async voices(id) {
    const { conversation, transcription, names } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      transcription: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    if (conversation === null || transcription === null) return null;
    const nowMs = clock.nowMs();
    const voices = await Promise.all(
      describeVoices(transcription, names).map(async ({ sampleStartMs, sampleEndMs, ...voice }) => {
        const sample = {
          conversationId: id,
          voice: voice.voice,
          startMs: sampleStartMs,
          endMs: sampleEndMs,
        };
        // A meeting has no recording to listen to.
        const isRecorded = conversation.kind === 'recording';
        return { ...voice, sampleUrl: isRecorded ? await sampleUrl(sample, nowMs) : null };
      }),
    );
    return { conversationId: id, title: conversation.title, voices };
  },

  nameSpeakers(id, _by, names) {
    return store.transact(async (tx) => {
      const conversation = await tx.conversation(id, { lock: true });
      if (conversation === null || !(await applyResultEvent(tx, clock, id, { type: 'speakers-named' }))) {
        return { outcome: 'refused', sentence: RESULTS.notNamedYet };
      }
      const all = { ...(await tx.speakerNames(id)), ...names };
      const given = Object.entries(all).filter((entry): entry is [VoiceId, SpeakerName] => entry[1] !== null);
      await tx.saveSpeakerNames(id, Object.fromEntries(given));
      return { outcome: 'accepted' };
    });
  },

  shareExport: (id, by, format) =>
    ifTranscribed(store, id, async (tx, conversation) =>
      (await orderExport(tx, conversation, format, by))
        ? { outcome: 'accepted' }
        : { outcome: 'already', sentence: RESULTS.alreadyShared(format) },
    ),

  sendExport: (id, to, format) =>
    ifTranscribed(store, id, async (tx, conversation) =>
      (await orderSending(tx, conversation, format, to))
        ? { outcome: 'accepted' }
        : { outcome: 'already', sentence: RESULTS.alreadySent(format) },
    ),

  async resultDetails(id) {
    const { conversation, transcription, names } = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      transcription: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    if (conversation === null || transcription === null) return null;
    const transcript = toTranscript(transcription, names);
    return { title: conversation.title, transcript, talkTime: measureTalkTime(transcript) };
  },

  recentConversations(workspaceId, memberId) {
    return store.transact(async (tx) => {
      const recent = await tx.conversationsOf(workspaceId, memberId, RECENT_LIMIT);
      return recent.filter(({ state }) => state.name !== 'withdrawn');
    });
  },
});

/** For what needs the transcript of a conversation, which stays locked meanwhile. */
const ifTranscribed = (
  store: Store,
  id: ConversationId,
  work: (tx: Tx, conversation: Conversation) => Promise<RequestOutcome>,
): Promise<RequestOutcome> =>
  store.transact(async (tx) => {
    const conversation = await tx.conversation(id, { lock: true });
    if (conversation === null || (await tx.transcription(id)) === null) {
      return { outcome: 'refused', sentence: RESULTS.notSharedYet };
    }
    return work(tx, conversation);
  });
