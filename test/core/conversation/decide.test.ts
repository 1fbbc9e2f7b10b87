import { describe, expect, it } from 'vitest';
import { acceptRecording, decide, type RecordingEvent } from '../../../src/core/conversation/decide.ts';
import type { RecordingConversation, RecordingState } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type {
  ChannelId,
  ConversationId,
  FileId,
  MemberId,
  MessageId,
  WorkspaceId,
} from '../../../src/core/ids.ts';

const id = 'c1' as ConversationId;
const accepted = acceptRecording(
  {
    id,
    thread: {
      workspaceId: 'T1' as WorkspaceId,
      channelId: 'C1' as ChannelId,
      rootId: '1.0' as MessageId,
    },
    postedIn: '1.0' as MessageId,
    position: 0,
    startedBy: 'U1' as MemberId,
    title: 'standup.mp3',
    source: { type: 'chat-file', fileId: 'F1' as FileId, name: 'standup.mp3', sizeBytes: 1 },
  },
  1_000,
);
const inState = (state: RecordingState): RecordingConversation => ({ ...accepted, state });
const fault = (retryable: boolean, code: AppError['code'] = 'engine-failed') =>
  new AppError({ code, retryable, userMessage: 'It broke.' });

const WAITING: RecordingState = { name: 'waiting', because: null };
const TRANSCRIBING: RecordingState = { name: 'transcribing' };
const TRANSCRIBED: RecordingState = { name: 'transcribed' };
const PUBLISHED: RecordingState = { name: 'published', atMs: 5, inFile: false };
const UNDELIVERED: RecordingState = { name: 'undelivered', because: 'channel-archived', sent: false };
const FAILED: RecordingState = {
  name: 'failed',
  code: 'engine-failed',
  message: 'It broke. Try again in a few minutes.',
  mayRetry: true,
};
const WITHDRAWN: RecordingState = { name: 'withdrawn' };
const DEAD: RecordingState = { ...FAILED, mayRetry: false };

const events = {
  announced: { type: 'announced' },
  started: { type: 'transcription-started' },
  willRetry: { type: 'will-retry', code: 'engine-busy' },
  transcribed: { type: 'transcribed' },
  failed: { type: 'failed', error: fault(true) },
  published: { type: 'published', revision: 1, inFile: true },
  undeliverable: { type: 'undeliverable', revision: 1, because: 'channel-archived' },
  sent: { type: 'sent-privately', revision: 1 },
  retryAsked: { type: 'retry-requested' },
  named: { type: 'speakers-named' },
  withdrawn: { type: 'withdrawn' },
} satisfies Record<string, RecordingEvent>;

describe('the life of a recording', () => {
  it('begins waiting, at revision 1', () => {
    expect(accepted).toMatchObject({ state: WAITING, revision: 1, createdAtMs: 1_000, kind: 'recording' });
  });

  it.each<[string, RecordingState, RecordingEvent, RecordingState, string[]]>([
    ['once announced, is transcribed', WAITING, events.announced, WAITING, ['transcribe']],
    ['starts', WAITING, events.started, TRANSCRIBING, []],
    [
      'waits out a passing fault',
      TRANSCRIBING,
      events.willRetry,
      { name: 'waiting', because: 'engine-busy' },
      [],
    ],
    ['is published once transcribed', TRANSCRIBING, events.transcribed, TRANSCRIBED, ['publish']],
    ['is shown when it failed', TRANSCRIBING, events.failed, FAILED, ['publish']],
    ['fails before it started, when it cannot be announced', WAITING, events.failed, FAILED, ['publish']],
    ['is published', TRANSCRIBED, events.published, { name: 'published', atMs: 9, inFile: true }, []],
    [
      'is sent to the person who started it when it can’t be posted',
      TRANSCRIBED,
      events.undeliverable,
      UNDELIVERED,
      ['send-privately'],
    ],
    ['is with the person who started it', UNDELIVERED, events.sent, { ...UNDELIVERED, sent: true }, []],
    ['is posted after all when asked', UNDELIVERED, events.retryAsked, TRANSCRIBED, ['publish']],
    [
      'is published again when speakers are named of an undelivered result',
      UNDELIVERED,
      events.named,
      TRANSCRIBED,
      ['publish'],
    ],
    ['is withdrawn while it waits', WAITING, events.withdrawn, WITHDRAWN, ['withdraw']],
    ['is withdrawn while it is transcribed', TRANSCRIBING, events.withdrawn, WITHDRAWN, ['withdraw']],
    ['is withdrawn before its result is posted', TRANSCRIBED, events.withdrawn, WITHDRAWN, ['withdraw']],
    ['is withdrawn with its failure', FAILED, events.withdrawn, WITHDRAWN, ['withdraw']],
    ...(
      ['announced', 'started', 'willRetry', 'transcribed', 'failed', 'published', 'undeliverable'] as const
    ).map((late): [string, RecordingState, RecordingEvent, RecordingState, string[]] => [
      `takes back what was shown before it was ${late}, once it is withdrawn`,
      WITHDRAWN,
      events[late],
      WITHDRAWN,
      ['withdraw'],
    ]),
    ['is tried again when asked', FAILED, events.retryAsked, WAITING, ['transcribe']],
    ['is published again when speakers are named', PUBLISHED, events.named, TRANSCRIBED, ['publish']],
    [
      'is published again when speakers are named before it was published',
      TRANSCRIBED,
      events.named,
      TRANSCRIBED,
      ['publish'],
    ],
  ])('%s', (_title, before, event, after, jobs) => {
    const decision = decide(inState(before), event, 9);
    expect(decision.conversation.state).toEqual(after);
    expect(decision.jobs.map((job) => job.name)).toEqual(jobs);
  });

  it.each<[string, RecordingState, RecordingEvent]>([
    ['a repeated announcement', TRANSCRIBING, events.announced],
    ['a repeated start', TRANSCRIBED, events.started],
    ['a second hearing', PUBLISHED, events.transcribed],
    ['a failure after success', PUBLISHED, events.failed],
    ['a late retry notice', PUBLISHED, events.willRetry],
    ['publishing what failed', FAILED, events.published],
    ['a retry of what works', PUBLISHED, events.retryAsked],
    ['what was posted and then cannot be', PUBLISHED, events.undeliverable],
    ['a failure that cannot be posted', FAILED, events.undeliverable],
    ['sending what was posted since', TRANSCRIBED, events.sent],
    ['a retry of what cannot work', DEAD, events.retryAsked],
    ['naming before it was transcribed', WAITING, events.named],
    ['starting what failed', FAILED, events.started],
    ['deleting the message of a result', PUBLISHED, events.withdrawn],
    ['deleting the message of a result that was sent', UNDELIVERED, events.withdrawn],
    ['a retry of what was withdrawn', WITHDRAWN, events.retryAsked],
    ['naming what was withdrawn', WITHDRAWN, events.named],
  ])('is not changed by %s', (_title, state, event) => {
    const before = inState(state);
    expect(decide(before, event, 9)).toEqual({ conversation: before, jobs: [] });
  });

  it('ignores what became of an older revision', () => {
    const before = { ...inState(TRANSCRIBED), revision: 2 };
    expect(decide(before, events.published, 9).conversation).toBe(before);
    expect(decide(before, events.undeliverable, 9).conversation).toBe(before);
    const undelivered = { ...inState(UNDELIVERED), revision: 2 };
    expect(decide(undelivered, events.sent, 9).conversation).toBe(undelivered);
  });

  it.each<[AppError, boolean]>([
    [fault(true), true],
    [fault(false, 'not-a-recording'), false],
    [fault(false, 'no-file-access'), true],
    [fault(false, 'engine-refused'), true],
    [fault(false, 'channel-archived'), true],
  ])('offers to try again what may end otherwise (%#)', (error, mayRetry) => {
    const { conversation } = decide(inState(TRANSCRIBING), { type: 'failed', error }, 9);
    expect(conversation.state).toMatchObject({ name: 'failed', mayRetry });
  });

  it('gives every change of what is shown a new revision, named in its job', () => {
    const { conversation, jobs } = decide(inState(PUBLISHED), events.named, 9);
    expect(conversation.revision).toBe(2);
    expect(jobs).toEqual([{ name: 'publish', conversationId: id, revision: 2 }]);
  });
});
