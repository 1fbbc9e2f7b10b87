import type { Job, RecordingConversation } from '../core/conversation/types.ts';
import type { JobHandler, RecordingBytes } from '../core/ports.ts';
import type { FlowParts } from './parts.ts';
import { createProgressLine } from './progress-line.ts';
import { applyEvent, recordEvent } from './state.ts';
import { showStatus } from './status-message.ts';

type Transcribe = Extract<Job, { name: 'transcribe' }>;

/** How often the time that the engine has been at work is shown. */
const ELAPSED_EVERY_MS = 5_000;

/** Streams a recording from where it lies to the speech engine and stores what was heard. */
export const transcribeHandler = (parts: FlowParts): JobHandler<Transcribe> => ({
  async run(job, { signal }) {
    const conversation = await recordEvent(parts, job.conversationId, { type: 'transcription-started' });
    if (conversation === null || conversation.state.name !== 'transcribing') return;

    const heard = await hear(parts, conversation, signal);
    await parts.store.transact(async (tx) => {
      await tx.saveHeard(conversation.id, heard);
      await applyEvent(tx, parts.clock, conversation.id, { type: 'heard' });
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

const hear = async (parts: FlowParts, conversation: RecordingConversation, signal: AbortSignal) => {
  const { chat, log, clock, speech } = parts;
  const { title, thread } = conversation;
  const posted = await showStatus(parts, conversation, {
    kind: 'progress',
    title,
    stage: { name: 'sending', fraction: null },
  });
  const line = createProgressLine({ chat, log, workspaceId: thread.workspaceId, posted, title });
  let ticker: NodeJS.Timeout | undefined;
  try {
    const recording = await openRecording(parts, conversation, signal);
    return await speech.transcribe(recording, {
      signal,
      progress: ({ sentBytes, sent }) => {
        if (!sent) {
          const fraction = recording.sizeBytes ? Math.min(1, sentBytes / recording.sizeBytes) : null;
          line.show({ name: 'sending', fraction });
        } else if (ticker === undefined) {
          const sinceMs = clock.nowMs();
          const tick = () => line.show({ name: 'transcribing', elapsedMs: clock.nowMs() - sinceMs });
          tick();
          ticker = setInterval(tick, ELAPSED_EVERY_MS);
        }
      },
    });
  } finally {
    clearInterval(ticker);
    await line.close();
  }
};

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
