import type {
  Job,
  MeetingConversation,
  RecordingConversation,
} from '../../../src/core/conversation/types.ts';
import type { AppError } from '../../../src/core/error.ts';
import type { ChannelId, ConversationId, MemberId, MessageId, WorkspaceId } from '../../../src/core/ids.ts';
import type { JobContext, JobHandler, JobHandlers } from '../../../src/core/ports.ts';
import type { Transcription } from '../../../src/core/transcription.ts';

export const workspaceId = 'T1' as WorkspaceId;
export const channelId = 'C1' as ChannelId;
export const conversationId = (id: string): ConversationId => id as ConversationId;
export const memberId = (id: string): MemberId => id as MemberId;
export const messageId = (id: string): MessageId => id as MessageId;

export const meeting = (id: string, with_: Partial<MeetingConversation> = {}): MeetingConversation => ({
  id: conversationId(id),
  kind: 'meeting',
  channel: { workspaceId, channelId },
  thread: { workspaceId, channelId, rootId: messageId('1700000000.000100') },
  startedBy: memberId('U1'),
  host: memberId('U1'),
  title: 'Stand-up',
  createdAtMs: 1_700_000_000_123,
  startedAtMs: null,
  endedAtMs: null,
  revision: 1,
  state: { name: 'open' },
  ...with_,
});

export const recording = (id: string, with_: Partial<RecordingConversation> = {}): RecordingConversation => ({
  id: conversationId(id),
  kind: 'recording',
  thread: { workspaceId, channelId, rootId: messageId('1700000000.000100') },
  startedBy: memberId('U1'),
  title: 'standup.mp3',
  createdAtMs: 1_700_000_000_123,
  revision: 1,
  postedIn: messageId('1700000000.000100'),
  position: 0,
  source: { type: 'link', url: 'https://example.org/a.mp3', name: 'a.mp3' },
  state: { name: 'waiting', because: null },
  ...with_,
});

/** Six hours of talk, as an engine gives them. */
export const sixHours = (): Transcription => ({
  durationMs: 6 * 3_600_000,
  language: 'en',
  approximateSpeakers: true,
  remarks: ['English only.'],
  words: Array.from({ length: 60_000 }, (_, i) => ({
    text: i % 7 === 0 ? `wörd“${i}”` : `word${i},`,
    startMs: i * 360,
    endMs: i * 360 + 300,
    confidence: i % 5 === 0 ? null : 0.987_654_321,
    channel: 0,
    speaker: i % 9 === 0 ? null : i % 3,
  })),
});

export const transcribe = (id: string): Job => ({ name: 'transcribe', conversationId: conversationId(id) });

type Ran = { job: Job; attempt: number };

/** Handlers that note what happens to them; `run` is what every job does, by default nothing. */
export const watchedHandlers = (
  run: (job: Job, context: JobContext) => Promise<void> = async () => {},
  gaveUp: (job: Job, error: AppError) => Promise<void> = async () => {},
) => {
  const ran: Ran[] = [];
  const retries: { job: Job; error: AppError; inMs: number }[] = [];
  const givenUp: { job: Job; error: AppError }[] = [];
  const handler: JobHandler = {
    run: async (job, context) => {
      ran.push({ job, attempt: context.attempt });
      await run(job, context);
    },
    willRetry: async (job, error, inMs) => {
      retries.push({ job, error, inMs });
    },
    gaveUp: async (job, error) => {
      givenUp.push({ job, error });
      await gaveUp(job, error);
    },
  };
  const handlers: JobHandlers = {
    announce: handler,
    transcribe: handler,
    publish: handler,
    withdraw: handler,
    'take-shared-file': handler,
    'send-privately': handler,
    'share-export': handler,
    'send-export': handler,
    'open-meeting': handler,
    'watch-meeting': handler,
    'conclude-meeting': handler,
    'dial-leg': handler,
    'reconcile-leg': handler,
    'transcribe-call': handler,
  };
  return { handlers, ran, retries, givenUp };
};

/** Ends when the signal does, as a handler should. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
