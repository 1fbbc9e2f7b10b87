import type { Job, RecordingConversation } from '../../core/conversation/types.ts';
import type { JobHandler, RecordingBytes } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { showStatus } from '../results/status-message.ts';
import { applyEvent, recordEvent } from '../state.ts';
import { transcribeAudio } from './transcribe-audio.ts';

type Transcribe = Extract<Job, { name: 'transcribe' }>;

/** Streams a recording from where it lies to the speech engine and stores what was heard. */
export const transcribeHandler = (parts: FlowParts): JobHandler<Transcribe> => ({
  async run(job, { signal }) {
    const conversation = await recordEvent(parts, job.conversationId, { type: 'transcription-started' });
    if (conversation === null || conversation.state.name !== 'transcribing') return;

    const heard = await transcribeAudio(parts, conversation, signal, () =>
      openRecording(parts, conversation, signal),
    );
    await parts.store.transact(async (tx) => {
      // Another process may have taken this job over meanwhile and be done: names that people gave belong to its voices.
      const now = await tx.conversation(conversation.id, { lock: true });
      if (now?.state.name !== 'transcribing' && now?.state.name !== 'waiting') return;
      await tx.saveTranscription(conversation.id, heard);
      await applyEvent(tx, parts.clock, conversation.id, { type: 'transcribed' });
    });
  },

  async willRetry(job, error) {
    const conversation = await recordEvent(parts, job.conversationId, {
      type: 'will-retry',
      code: error.code,
    });
    if (conversation?.state.name !== 'waiting') return;
    await showStatus(parts, conversation, {
      kind: 'progress',
      title: conversation.title,
      stage: { name: 'waiting-to-retry', sentence: error.waitingMessage },
    });
  },

  async gaveUp(job, error) {
    await recordEvent(parts, job.conversationId, { type: 'failed', error });
  },
});

const openRecording = (
  { chat, links }: FlowParts,
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
