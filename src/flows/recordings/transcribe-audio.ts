import { isChannelUnreachable } from '../../core/error.ts';
import type { CancelTimer, Clock, Log, RecordingBytes, Speech } from '../../core/ports.ts';
import type { ProgressStage } from '../../core/thread-message.ts';
import type { Transcription } from '../../core/transcription.ts';
import { type Posting, showStatus } from '../results/status-message.ts';
import type { PostedConversation } from '../util/conversations.ts';
import type { EditBudget } from '../util/edit-budget.ts';
import { createThrottledWriter } from '../util/throttle.ts';

/** How often the time is shown for which the engine has been at work. */
const ELAPSED_EVERY_MS = 5_000;
const EDIT_EVERY_MS = 3_000;

/** What transcribing takes, of whatever kind of conversation. */
export interface TranscriptionPorts extends Posting {
  readonly speech: Speech;
  readonly edits: EditBudget;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Streams a recording to the speech engine, and shows its progress in the conversation's status message. Where the
 * thread is out of reach progress is not shown, and the transcription is made all the same.
 */
export const transcribeAudio = async (
  ports: TranscriptionPorts,
  conversation: PostedConversation,
  signal: AbortSignal,
  open: () => Promise<RecordingBytes>,
): Promise<Transcription> => {
  const { clock, speech } = ports;
  await using progress = await openProgress(ports, conversation);
  let isSent = false;
  let cancelElapsed: CancelTimer = () => {};
  try {
    const recording = await open();
    return await speech.transcribe(recording, {
      signal,
      reopen: open,
      progress: ({ sentBytes, sent }) => {
        if (!sent) {
          const fraction = recording.sizeBytes ? Math.min(1, sentBytes / recording.sizeBytes) : null;
          progress.show({ name: 'sending', fraction });
        } else if (!isSent) {
          isSent = true;
          const sinceMs = clock.monotonicMs();
          const show = () =>
            progress.show({ name: 'transcribing', elapsedMs: clock.monotonicMs() - sinceMs });
          show();
          cancelElapsed = clock.every(ELAPSED_EVERY_MS, show);
        }
      },
    });
  } finally {
    cancelElapsed();
  }
};

/** Keeps the status message at the latest stage, at the pace that the chat service allows. */
const openProgress = async (
  ports: TranscriptionPorts,
  conversation: PostedConversation,
): Promise<{ show(stage: ProgressStage): void } & AsyncDisposable> => {
  const { chat, edits, clock, log } = ports;
  const { title, thread } = conversation;
  let stage: ProgressStage = { name: 'sending', fraction: null };
  const posted = await showStatus(ports, conversation, { kind: 'progress', title, stage }).catch(
    (error: unknown) => {
      if (isChannelUnreachable(error)) return null;
      throw error;
    },
  );
  if (posted === null) return { show: () => {}, [Symbol.asyncDispose]: async () => {} };
  const writer = createThrottledWriter({
    everyMs: EDIT_EVERY_MS,
    workspaceId: thread.workspaceId,
    edits,
    async write() {
      await chat.edit(thread.workspaceId, posted, { kind: 'progress', title, stage });
      return false;
    },
    clock,
    log,
  });
  return {
    show(latest) {
      stage = latest;
      writer.schedule();
    },
    // A late edit must not overwrite the result.
    [Symbol.asyncDispose]: () => writer.close(),
  };
};
