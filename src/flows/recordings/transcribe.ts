import type { Job, RecordingConversation } from '../../core/conversation/types.ts';
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

    const transcription = await transcribeAudio(ports, conversation, signal, () =>
      openRecording(ports, conversation, signal),
    );
    await store.transact(async (tx) => {
      // Another process may have finished this job meanwhile: names that people gave belong to its voices.
      const now = await tx.conversation(conversation.id, { lock: true });
      if (now?.state.name !== 'transcribing' && now?.state.name !== 'waiting') return;
      await tx.saveTranscription(conversation.id, transcription);
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
    await storeRecordingEvent(ports, job.conversationId, { type: 'failed', error });
  },
});

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
