import type { Job, RecordingConversation } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Chat, JobHandler, Links, RecordingBytes } from '../../core/ports.ts';
import { showStatus } from '../results/status-message.ts';
import { applyRecordingEvent, storeRecordingEvent } from '../util/conversations.ts';
import { type TranscriptionPorts, transcribeAudio } from './transcribe-audio.ts';

type Transcribe = Extract<Job, { name: 'transcribe' }>;

/** Streams a recording from its source to the speech engine, and stores the transcription. */
export const transcribeHandler = (
  ports: TranscriptionPorts & { readonly links: Links },
): JobHandler<Transcribe> => ({
  async run(job, { signal }) {
    const { store, clock } = ports;
    const conversation = await storeRecordingEvent(ports, job.conversationId, {
      type: 'transcription-started',
    });
    if (conversation === null || conversation.state.name !== 'transcribing') return;

    const transcription = await unlessWithdrawn(ports, conversation.id, signal, (stop) =>
      transcribeAudio(ports, conversation, stop, () => openRecording(ports, conversation, stop)),
    );
    if (transcription === null) return;
    await store.transact(async (tx) => {
      // Another process may have finished this job meanwhile: names that people gave belong to its voices.
      const now = await tx.conversation(conversation.id, { lock: true });
      if (now?.state.name === 'transcribing' || now?.state.name === 'waiting') {
        await tx.saveTranscription(conversation.id, transcription);
      }
      await applyRecordingEvent(tx, clock, conversation.id, { type: 'transcribed' });
    });
  },

  async willRetry(job, error) {
    const conversation = await storeRecordingEvent(ports, job.conversationId, {
      type: 'will-retry',
      code: error.code,
    });
    if (conversation?.state.name !== 'waiting') return;
    await showStatus(ports, conversation, {
      kind: 'progress',
      title: conversation.title,
      stage: { name: 'waiting-to-retry', sentence: error.waitingMessage },
    });
  },

  async gaveUp(job, error) {
    const isDeleted = error.code === 'recording-deleted';
    const event = isDeleted ? ({ type: 'withdrawn' } as const) : ({ type: 'failed', error } as const);
    await storeRecordingEvent(ports, job.conversationId, event);
  },
});

/** How soon the work on a recording ends that was deleted, perhaps in front of another instance. */
const WATCH_EVERY_MS = 2_000;

/** Does the work, and stops it when the recording is withdrawn meanwhile. Null then. */
const unlessWithdrawn = async <T>(
  { store, clock }: Pick<TranscriptionPorts, 'store' | 'clock'>,
  id: ConversationId,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T | null> => {
  const withdrawn = new AbortController();
  const look = async (): Promise<void> => {
    const now = await store.transact((tx) => tx.conversation(id)).catch(() => null);
    if (now?.state.name === 'withdrawn') withdrawn.abort();
  };
  const cancel = clock.every(WATCH_EVERY_MS, () => void look());
  try {
    return await work(AbortSignal.any([signal, withdrawn.signal]));
  } catch (error) {
    if (!withdrawn.signal.aborted) throw error;
    // What was shown until now is taken back after it: the recording's job to do so may have run before.
    await storeRecordingEvent({ store, clock }, id, { type: 'withdrawn' });
    return null;
  } finally {
    cancel();
  }
};

const openRecording = (
  { chat, links }: { readonly chat: Chat; readonly links: Links },
  { source, thread }: RecordingConversation,
  signal: AbortSignal,
): Promise<RecordingBytes> => {
  switch (source.type) {
    case 'chat-file':
      return chat.openFile(thread.workspaceId, source.fileId, { signal });
    case 'link':
      return links.open(source.url, { signal });
  }
};
