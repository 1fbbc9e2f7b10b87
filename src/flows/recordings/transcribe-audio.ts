import { isChannelUnreachable } from '../../core/error.ts';
import type { RecordingBytes } from '../../core/ports.ts';
import type { Transcription } from '../../core/transcription.ts';
import type { FlowParts } from '../parts.ts';
import { showStatus } from '../results/status-message.ts';
import type { PostedConversation } from '../state.ts';
import { createProgressLine } from '../util/progress-line.ts';

/** How often the time that the engine has been at work is shown. */
const ELAPSED_EVERY_MS = 5_000;

/**
 * Streams a recording to the speech engine; the conversation's message in the thread shows how far it is. Where the
 * thread is out of reach nobody watches, and what is heard still reaches whoever asked.
 */
export const transcribeAudio = async (
  parts: FlowParts,
  conversation: PostedConversation,
  signal: AbortSignal,
  open: () => Promise<RecordingBytes>,
): Promise<Transcription> => {
  const { chat, log, clock, speech } = parts;
  const { title, thread } = conversation;
  const stage = { name: 'sending', fraction: null } as const;
  const posted = await showStatus(parts, conversation, { kind: 'progress', title, stage }).catch(
    (error: unknown) => {
      if (isChannelUnreachable(error)) return null;
      throw error;
    },
  );
  const line =
    posted === null
      ? null
      : createProgressLine({ chat, log, workspaceId: thread.workspaceId, posted, title });
  let ticker: NodeJS.Timeout | undefined;
  try {
    const recording = await open();
    return await speech.transcribe(recording, {
      signal,
      progress: ({ sentBytes, sent }) => {
        if (!sent) {
          const fraction = recording.sizeBytes ? Math.min(1, sentBytes / recording.sizeBytes) : null;
          line?.show({ name: 'sending', fraction });
        } else if (ticker === undefined) {
          const sinceMs = clock.nowMs();
          const tick = () => line?.show({ name: 'transcribing', elapsedMs: clock.nowMs() - sinceMs });
          tick();
          ticker = setInterval(tick, ELAPSED_EVERY_MS);
        }
      },
    });
  } finally {
    clearInterval(ticker);
    await line?.close();
  }
};
