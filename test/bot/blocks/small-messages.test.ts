import { expect, test } from 'vitest';
import { buildMessage } from '../../../src/bot/blocks/build.ts';
import { buildHelp } from '../../../src/bot/blocks/help.ts';
import { buildHome, type HomeEntry } from '../../../src/bot/blocks/home.ts';
import { buildNameSpeakers } from '../../../src/bot/blocks/name-speakers.ts';
import { buildPrivateResult } from '../../../src/bot/blocks/private-result.ts';
import { longNames } from '../../../src/bot/commands.ts';
import type { Conversation, MeetingState, RecordingState } from '../../../src/core/conversation/types.ts';
import type { VoicesToName } from '../../../src/core/ports.ts';
import type { ProgressStage } from '../../../src/core/thread-message.ts';
import { resultOf, SHORT } from '../support/conversation.ts';
import { expectSlackTakes, expectSlackTakesView, readable } from '../support/slack-limits.ts';

const STAGES: [ProgressStage, string][] = [
  [{ name: 'waiting' }, 'In the queue…'],
  [{ name: 'sending', fraction: null }, 'Downloading…'],
  [{ name: 'sending', fraction: 0 }, 'Downloading…  ▱▱▱▱▱▱▱▱▱▱▱▱  0%'],
  [{ name: 'sending', fraction: 0.5 }, 'Downloading…  ▰▰▰▰▰▰▱▱▱▱▱▱  50%'],
  [{ name: 'sending', fraction: 1.2 }, 'Downloading…  ▰▰▰▰▰▰▰▰▰▰▰▰  100%'],
  [{ name: 'transcribing', elapsedMs: 0 }, 'Transcribing…'],
  [{ name: 'transcribing', elapsedMs: 65_000 }, 'Transcribing… 1:05'],
  [{ name: 'drawing' }, 'Creating the talk-time chart…'],
  [{ name: 'waiting-to-retry', sentence: 'The engine is busy.' }, 'The engine is busy.'],
];

test.each(STAGES)('progress %o reads “%s”', (stage, said) => {
  const built = buildMessage({ kind: 'progress', title: 'a <b>.mp3', stage });
  expectSlackTakes(built);
  expect(built.text).toBe(`a &lt;b&gt;.mp3: ${said}`);
  expect(readable(built.blocks)).toContain(`a <b>.mp3  ${said}`);
});

test('a remark is plain text, and mentions no one', () => {
  const built = buildMessage({
    kind: 'remark',
    sentence: 'The other side <!channel> declined to be recorded.',
  });
  expectSlackTakes(built);
  expect(built.text).toBe('The other side &lt;!channel&gt; declined to be recorded.');
  expect(readable(built.blocks)).toContain(':information_source: The other side <!channel> declined');
  expectSlackTakes(buildMessage({ kind: 'remark', sentence: '🦊'.repeat(3_000) }));
});

test.each([true, false])('a failure shows what went wrong; with “Try again”: %s', (mayRetry) => {
  const built = buildMessage({
    kind: 'failure',
    conversationId: 'c1' as never,
    title: 'talk.mp3',
    sentence: 'No one says anything in <this> recording.',
    mayRetry,
  });
  expectSlackTakes(built);
  expect(built.text).toBe('talk.mp3: No one says anything in &lt;this&gt; recording.');
  expect(readable(built.blocks)).toContain('No one says anything in <this> recording.');
  expect(JSON.stringify(built.blocks).includes('"action_id":"retry"')).toBe(mayRetry);
});

const NAMES = longNames('/parley');

test('the help fits, with a button for a link unless the link is too long for one', () => {
  expectSlackTakes(buildHelp(NAMES));
  const link = 'https://example.com/talk';
  const help = buildHelp(NAMES, { linkUrl: link });
  expectSlackTakes(help);
  expect(JSON.stringify(help.blocks)).toContain(`"value":"${link}"`);
  const long = buildHelp(NAMES, { linkUrl: `https://example.com/${'a'.repeat(3_000)}` });
  expectSlackTakes(long);
  expect(JSON.stringify(long.blocks)).not.toContain('transcribe_link');
});

const conversation = (state: RecordingState): Conversation =>
  ({
    id: 'c1',
    kind: 'recording',
    thread: { workspaceId: 'T1', channelId: 'C1', rootId: '1.1' },
    title: 'weekly <!channel>.mp3',
    createdAtMs: Date.UTC(2026, 10, 22, 9, 30),
    state,
  }) as unknown as Conversation;

const homeOf = (entries: readonly HomeEntry[]) =>
  buildHome({ commands: NAMES, entries, ownNumber: null, mayCall: true, mayChangeSettings: false });

test('the home lists conversations with their state and a link to the thread', () => {
  const states: RecordingState[] = [
    { name: 'waiting', because: null },
    { name: 'transcribing' },
    { name: 'transcribed' },
    { name: 'published', atMs: 1, inFile: false },
    { name: 'failed', code: 'no-speech', message: 'No one says anything.', mayRetry: false },
  ];
  const home = homeOf(
    states.map((state, n) => ({
      conversation: conversation(state),
      permalink: n === 0 ? null : `https://example.slack.com/archives/C1/p${n}`,
    })),
  );
  expectSlackTakesView(home, 'home');
  const shown = readable(home.blocks);
  for (const said of [
    'In the queue',
    'Transcribing…',
    'Transcribed, posting…',
    '· Transcribed\n',
    'No one says',
  ]) {
    expect(shown).toContain(said);
  }
  expect(JSON.stringify(home)).toContain('"url":"https://example.slack.com/archives/C1/p4"');
});

test('the home begins with what to start, then recent activity, and ends with help', () => {
  const state = { name: 'published', atMs: 1, inFile: false } as const;
  const over = { ...meeting(state, 1_000), endedAtMs: 253_000 } as Conversation;
  const { blocks } = homeOf([{ conversation: over, permalink: null }]);
  const [first] = blocks;
  expect(first).toMatchObject({
    type: 'actions',
    elements: [{ text: { text: 'Start a meeting' }, style: 'primary' }, {}, {}],
  });
  const shown = readable(blocks);
  expect(shown).toContain(' · 4:12 · Transcribed');
  expect(shown.indexOf('4:12')).toBeLessThan(shown.indexOf('Transcribe: post'));
});

const meeting = (
  state: MeetingState,
  startedAtMs: number | null = 1,
  kind: 'meeting' | 'call' = 'meeting',
): Conversation =>
  ({
    id: 'm1',
    kind,
    channel: { workspaceId: 'T1', channelId: 'C1' },
    thread: null,
    title: 'Weekly <!channel>',
    createdAtMs: Date.UTC(2026, 10, 22, 9, 30),
    startedAtMs,
    endedAtMs: null,
    state,
  }) as unknown as Conversation;

test.each<[MeetingState, number | null, string, boolean]>([
  [{ name: 'opening' }, null, 'Starting…', false],
  [{ name: 'open' }, null, 'Open · no one has joined', true],
  [{ name: 'open' }, 1, '· Live', true],
  [{ name: 'ending', by: null }, 1, 'Preparing transcript…', false],
  [{ name: 'ended' }, 1, 'Preparing transcript…', false],
  [{ name: 'transcribed' }, 1, 'Transcribed, posting…', false],
  [{ name: 'published', atMs: 1, inFile: false }, 1, '· Transcribed', false],
  [
    { name: 'failed', code: 'no-speech', message: 'No one says anything.' },
    1,
    'No one says anything.',
    false,
  ],
])(
  'the home shows a meeting that is %o, started at %o, as “%s”, to be joined: %o',
  (state, at, said, isOpen) => {
    const home = homeOf([{ conversation: meeting(state, at), permalink: null }]);
    expectSlackTakesView(home, 'home');
    expect(readable(home.blocks)).toContain(said);
    expect(JSON.stringify(home)).toContain('{"type":"channel","channel_id":"C1"}');
    expect(JSON.stringify(home).includes('"join_meeting_from_home","text"')).toBe(isOpen);
  },
);

test.each<[MeetingState, number | null, string, boolean]>([
  [{ name: 'opening' }, null, 'Starting…', false],
  [{ name: 'open' }, null, 'Calling…', true],
  [{ name: 'open' }, 1, '· Live', true],
  [{ name: 'published', atMs: 1, inFile: false }, 1, '· Transcribed', false],
])(
  'the home shows a call that is %o, started at %o, as “%s”, to be joined: %o',
  (state, at, said, isOpen) => {
    const home = homeOf([{ conversation: meeting(state, at, 'call'), permalink: null }]);
    expectSlackTakesView(home, 'home');
    expect(readable(home.blocks)).toContain(said);
    expect(JSON.stringify(home).includes('"accessibility_label":"Join the call"')).toBe(isOpen);
  },
);

test.each([
  ['channel-archived', 'the channel is archived'],
  ['not-in-channel', 'Parley is no longer in the channel'],
  ['recording-gone', 'the original message was deleted'],
  ['chat-failed', 'Slack refused it'],
] as const)(
  'the home and the direct message give the reason why a result was not posted: %s',
  (because, why) => {
    const statuses = [
      [true, `Transcribed, but couldn’t be posted (${why}). It’s in your messages with Parley`],
      [false, `Transcribed, but couldn’t be posted (${why})\n`],
    ] as const;
    for (const [sent, said] of statuses) {
      const state = { name: 'undelivered', because, sent } as const;
      const home = homeOf([
        { conversation: meeting(state), permalink: null },
        { conversation: conversation(state), permalink: null },
      ]);
      expectSlackTakesView(home, 'home');
      expect(readable(home.blocks).split(said)).toHaveLength(3);
    }
    const { transcript, talkTime } = resultOf(SHORT);
    const built = buildPrivateResult({
      kind: 'private-result',
      conversationId: 'c1' as never,
      title: 'weekly <!channel>.mp3',
      channelId: 'C1' as never,
      because,
      transcript,
      talkTime,
    });
    expectSlackTakes(built);
    expect(built.text).toContain(
      `weekly &lt;!channel&gt;.mp3: Couldn’t post in <#C1> (${why}), so here it is just for you.`,
    );
    expect(built.text).toContain('Speaker 1: ');
    expect(readable(built.blocks)).toContain(` (${why}), so here it is just for you. Transcript attached.`);
    expect(readable(built.blocks)).toContain('2 speakers');
    expect(JSON.stringify(built.blocks)).toContain('{"type":"channel","channel_id":"C1"}');
  },
);

test('the home shows the member’s own number, and how to call', () => {
  const without = homeOf([]);
  expect(readable(without.blocks)).toContain('Your phone number: none yet.');
  expect(readable(without.blocks)).toContain('/parley call @teammate');
  expect(readable(without.blocks)).toContain('Save your number');
  const home = buildHome({
    commands: NAMES,
    entries: [],
    ownNumber: '+44 20 7946 0101',
    mayCall: true,
    mayChangeSettings: false,
  });
  expectSlackTakesView(home, 'home');
  expect(readable(home.blocks)).toContain('Your phone number: +44 20 7946 0101.');
  expect(readable(home.blocks)).toContain('Change your number');
});

test.each([true, false])('the home has the call settings for an admin: %s', (mayChangeSettings) => {
  const home = buildHome({
    commands: NAMES,
    entries: [],
    ownNumber: null,
    mayCall: false,
    mayChangeSettings,
  });
  expectSlackTakesView(home, 'home');
  expect(JSON.stringify(home).includes('"action_id":"call_settings"')).toBe(mayChangeSettings);
});

test.each([true, false])('the home has a button to start a call for who can call: %s', (mayCall) => {
  const home = buildHome({
    commands: NAMES,
    entries: [],
    ownNumber: null,
    mayCall,
    mayChangeSettings: true,
  });
  expectSlackTakesView(home, 'home');
  expect(JSON.stringify(home).includes('"action_id":"start_call"')).toBe(mayCall);
  expect(readable(home.blocks).includes('/parley call @teammate')).toBe(mayCall);
});

test('a home full of open meetings stays within a view', () => {
  const many = Array.from({ length: 300 }, () => ({
    conversation: meeting({ name: 'open' }),
    permalink: null,
  }));
  expectSlackTakesView(homeOf(many), 'home');
});

test('the home has a button that starts a meeting', () => {
  expect(JSON.stringify(homeOf([]))).toContain('"action_id":"start_meeting"');
});

test('an empty home says how to fill it, and a full one stays within a view', () => {
  expect(readable(homeOf([]).blocks)).toContain('Nothing yet');
  const many = Array.from({ length: 300 }, () => ({
    conversation: conversation({ name: 'transcribed' }),
    permalink: null,
  }));
  expectSlackTakesView(homeOf(many), 'home');
});

const voices = (count: number, sampleUrl: string | null = null): VoicesToName => ({
  conversationId: 'c1' as never,
  title: 'weekly.mp3',
  voices: Array.from({ length: count }, (_, n) => ({
    voice: `0:${n}`,
    currentName: `Speaker ${n + 1}`,
    named: false,
    memberId: null,
    party: n,
    speakingMs: 60_000 - n,
    excerpt: 'Good morning <!channel>',
    sampleUrl,
  })),
});
const ORIGIN = { conversationId: 'c1', channelId: 'C1', rootId: '1.1' } as never;

test.each([1, 2, 9, 24, 80])('the dialog for %i voices stays within a modal', (count) => {
  expectSlackTakesView(
    buildNameSpeakers(voices(count, 'https://parley.example.com/samples/x'), ORIGIN),
    'modal',
  );
});

test('each voice has its words, a sample when there is one, and two ways to name it', () => {
  const silent = buildNameSpeakers(voices(2), ORIGIN);
  expect(readable(silent.blocks)).toContain('Speaker 2  1:00 (50%)\n“Good morning <!channel>”');
  expect(JSON.stringify(silent)).not.toContain('Listen');
  const withSample = JSON.stringify(
    buildNameSpeakers(voices(2, 'https://parley.example.com/s?token=a'), ORIGIN),
  );
  expect(withSample).toContain('"url":"https://parley.example.com/s?token=a"');
  expect(withSample).toContain('"block_id":"member:0:1"');
  expect(withSample).toContain('"block_id":"name:0:1"');
});

/** What a screen reader reads for each field and button of the dialog. */
const spokenIn = (modal: { blocks: readonly unknown[] }): string[] =>
  [
    ...JSON.stringify(modal.blocks).matchAll(
      /"(?:label":\{"type":"plain_text","text|accessibility_label)":"([^"]*)"/g,
    ),
  ].map(([, spoken]) => spoken!);

test('each label names its voice, also where two voices have one name', () => {
  const asked = voices(3, 'https://parley.example.com/s?token=a');
  const [one, two, three] = asked.voices;
  const named = { currentName: 'Nora', named: true };
  const modal = buildNameSpeakers(
    { ...asked, voices: [{ ...one!, ...named }, two!, { ...three!, ...named }] },
    ORIGIN,
  );
  expect(spokenIn(modal)).toEqual([
    'Listen to Nora (1)',
    'Who is Nora (1)?',
    'Or type a name for Nora (1)',
    'Listen to Speaker 2',
    'Who is Speaker 2?',
    'Or type a name for Speaker 2',
    'Listen to Nora (2)',
    'Who is Nora (2)?',
    'Or type a name for Nora (2)',
  ]);
  expect(readable(modal.blocks)).toContain('Nora (2)  1:00');
  const longest = { ...named, currentName: 'N'.repeat(90) };
  const long = buildNameSpeakers(
    { ...asked, voices: [one!, two!].map((voice) => ({ ...voice, ...longest })) },
    ORIGIN,
  );
  expectSlackTakesView(long, 'modal');
  expect(new Set(spokenIn(long)).size).toBe(6);
});

test('the quietest voices past what a modal holds are not listed', () => {
  const modal = buildNameSpeakers(voices(80), ORIGIN);
  expect(readable(modal.blocks)).toContain('56 more speakers with little talk time aren’t listed');
  expect(JSON.stringify(modal)).toContain('"member:0:23"');
  expect(JSON.stringify(modal)).not.toContain('"member:0:24"');
});

test('earlier names are filled in: a member as a member, a typed name as text', () => {
  const [first, second] = voices(2).voices;
  const modal = buildNameSpeakers(
    {
      ...voices(0),
      voices: [
        { ...first!, currentName: 'Ana', named: true, memberId: 'U1' as never },
        { ...second!, currentName: 'Bob the guest', named: true },
      ],
    },
    ORIGIN,
  );
  const json = JSON.stringify(modal);
  expect(json).toContain('"initial_user":"U1"');
  expect(json).toContain('"initial_value":"Bob the guest"');
  expect(json.match(/initial_/g)).toHaveLength(2);
});
