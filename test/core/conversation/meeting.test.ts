import { describe, expect, it } from 'vitest';
import { decideMeeting, type MeetingEvent, newMeeting } from '../../../src/core/conversation/meeting.ts';
import type { MeetingConversation, MeetingState } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ChannelId, ConversationId, MemberId, MessageId, WorkspaceId } from '../../../src/core/ids.ts';

const id = 'm1' as ConversationId;
const channel = { workspaceId: 'T1' as WorkspaceId, channelId: 'C1' as ChannelId };
const host = 'U1' as MemberId;
const asked = newMeeting({ id, kind: 'meeting', channel, startedBy: host, title: ' Stand-up\n' }, 1_000);

const STATES = {
  opening: { name: 'opening' },
  open: { name: 'open' },
  ending: { name: 'ending', by: host },
  ended: { name: 'ended' },
  transcribed: { name: 'transcribed' },
  published: { name: 'published', atMs: 5, inFile: false },
  undelivered: { name: 'undelivered', because: 'not-in-channel', sent: false },
  failed: { name: 'failed', code: 'no-speech', message: 'Nobody spoke.' },
} satisfies Record<string, MeetingState>;

const EVENTS = {
  posted: { type: 'card-posted', messageId: '9.9' as MessageId },
  cardFailed: {
    type: 'card-failed',
    error: new AppError({ code: 'not-in-channel', retryable: false, userMessage: 'Invite Parley.' }),
  },
  joined: { type: 'joined' },
  endRequested: { type: 'end-requested', by: null },
  stored: { type: 'finals-stored' },
  transcribed: { type: 'transcribed' },
  silent: { type: 'silent', notify: true },
  published: { type: 'published', revision: 1, inFile: true },
  undeliverable: { type: 'undeliverable', revision: 1, because: 'not-in-channel' },
  sent: { type: 'sent-privately', revision: 1 },
  named: { type: 'speakers-named' },
} satisfies Record<string, MeetingEvent>;

const inState = (state: MeetingState, startedAtMs: number | null = 2_000): MeetingConversation => ({
  ...asked,
  thread: state.name === 'opening' ? null : { ...channel, rootId: '9.9' as MessageId },
  startedAtMs,
  state,
});
const jobsOf = (state: keyof typeof STATES, event: keyof typeof EVENTS): readonly string[] =>
  decideMeeting(inState(STATES[state]), EVENTS[event], 7_000).jobs.map(({ name }) => name);

describe('the life of a meeting', () => {
  it('begins before its card, hosted by who asked, under a tidy title', () => {
    expect(asked).toMatchObject({
      title: 'Stand-up',
      host,
      thread: null,
      state: STATES.opening,
      revision: 1,
    });
    expect(newMeeting({ id, kind: 'meeting', channel, startedBy: host, title: ' \n ' }, 1).title).toBe(
      'Meeting',
    );
    expect(
      newMeeting({ id, kind: 'meeting', channel, startedBy: host, title: 'x'.repeat(500) }, 1).title,
    ).toHaveLength(120);
  });

  const TABLE = {
    opening: { posted: 'open', cardFailed: 'failed' },
    open: { endRequested: 'ending' },
    ending: { stored: 'ended' },
    ended: { transcribed: 'transcribed', silent: 'failed' },
    transcribed: { published: 'published', undeliverable: 'undelivered', named: 'transcribed' },
    undelivered: { sent: 'undelivered', named: 'transcribed' },
    published: { named: 'transcribed' },
    failed: {},
  } satisfies Record<keyof typeof STATES, Partial<Record<keyof typeof EVENTS, MeetingState['name']>>>;

  it.each(
    Object.entries(STATES).flatMap(([state, value]) =>
      Object.entries(EVENTS).map(([event, happened]) => ({ state, value, event, happened })),
    ),
  )('$state, $event', ({ state, value, event, happened }) => {
    const before = inState(value);
    const { conversation, jobs } = decideMeeting(before, happened, 7_000);
    const next = (TABLE[state as keyof typeof TABLE] as Record<string, string>)[event];
    if (next === undefined) {
      expect(conversation).toBe(before);
      expect(jobs).toEqual([]);
    } else {
      expect(conversation.state.name).toBe(next);
    }
  });

  it('has its thread under the card', () => {
    const { conversation } = decideMeeting(asked, EVENTS.posted, 3_000);
    expect(conversation.thread).toEqual({ ...channel, rootId: '9.9' });
  });

  it('starts with the first who joins, and is watched from then on', () => {
    const first = decideMeeting(inState(STATES.open, null), EVENTS.joined, 3_000);
    expect(first.conversation.startedAtMs).toBe(3_000);
    expect(first.jobs).toEqual([{ name: 'watch-meeting', conversationId: id }]);
    const second = decideMeeting(first.conversation, EVENTS.joined, 4_000);
    expect(second).toEqual({ conversation: first.conversation, jobs: [] });
  });

  it('is over when it was ended, and concluded when its last words are stored', () => {
    expect(decideMeeting(inState(STATES.open), EVENTS.endRequested, 7_000).conversation).toMatchObject({
      endedAtMs: 7_000,
      state: { name: 'ending', by: null },
    });
    expect(jobsOf('ending', 'stored')).toEqual(['conclude-meeting']);
  });

  it('is published again whenever what the thread shows changes', () => {
    expect(jobsOf('ended', 'transcribed')).toEqual(['publish']);
    expect(jobsOf('ended', 'silent')).toEqual(['publish']);
    expect(jobsOf('published', 'named')).toEqual(['publish']);
    const { conversation } = decideMeeting(
      inState(STATES.transcribed),
      { ...EVENTS.published, revision: 0 },
      7_000,
    );
    expect(conversation.state.name).toBe('transcribed');
  });

  it('is sent to the person who started it when it can’t be posted', () => {
    const { conversation, jobs } = decideMeeting(inState(STATES.transcribed), EVENTS.undeliverable, 7_000);
    expect(conversation.state).toEqual(STATES.undelivered);
    expect(jobs).toEqual([{ name: 'send-privately', conversationId: id, revision: 1 }]);
    const sent = decideMeeting(conversation, EVENTS.sent, 8_000);
    expect(sent.conversation.state).toEqual({ ...STATES.undelivered, sent: true });
    const newer = { ...conversation, revision: 2 };
    expect(decideMeeting(newer, EVENTS.sent, 8_000).conversation).toBe(newer);
  });

  it.each([
    ['meeting', 'No one joined, so this meeting was closed.'],
    ['call', 'This call ended before anyone talked.'],
  ] as const)('does not announce silence when no one joined: %s', (kind, message) => {
    const { conversation, jobs } = decideMeeting(
      { ...inState(STATES.ended, null), kind },
      { type: 'silent', notify: false },
      7_000,
    );
    expect(conversation.state).toEqual({
      name: 'failed',
      code: 'no-speech',
      message,
    });
    expect(jobs).toEqual([]);
  });
});
