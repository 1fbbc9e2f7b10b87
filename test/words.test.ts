import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../src/bot/blocks/actions.ts';
import { buildMessage } from '../src/bot/blocks/build.ts';
import { buildCallHelp } from '../src/bot/blocks/call-help.ts';
import {
  buildCallAgainView,
  buildCallPlan,
  buildCallPlanView,
  orderOf,
} from '../src/bot/blocks/call-plan.ts';
import { buildCallSettings } from '../src/bot/blocks/call-settings.ts';
import { buildCalling } from '../src/bot/blocks/calling.ts';
import { buildHelp } from '../src/bot/blocks/help.ts';
import { buildHome } from '../src/bot/blocks/home.ts';
import { buildMeetingLinkView } from '../src/bot/blocks/meeting-link.ts';
import { buildNameSpeakers } from '../src/bot/blocks/name-speakers.ts';
import { buildTooSlow } from '../src/bot/blocks/notice.ts';
import { buildOwnNumber } from '../src/bot/blocks/own-number.ts';
import { buildStartCall } from '../src/bot/blocks/start-call.ts';
import { buildStartMeeting } from '../src/bot/blocks/start-meeting.ts';
import { longNames } from '../src/bot/commands.ts';
import type { LegEnding } from '../src/core/calls/types.ts';
import type { CallPlan } from '../src/core/ports.ts';
import type {
  CallCardMessage,
  CardPhone,
  MeetingCardMessage,
  ThreadMessage,
} from '../src/core/thread-message.ts';
import { resultOf, SHORT } from './bot/support/conversation.ts';

/** Words for which the glossary has others, and blanks that English does not set. A remainder is no share. */
const UNWANTED =
  /telephone(?!_receiver)|somebody|everybody|nobody|whoever|\banew\b|[\d}] %(?! ?[\w(])|[a-z] …|have rung|\brung\b|dialogue|\bmend\b|colleague/i;

/** The code of a file, line by line, without its comments. */
const codeOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/(?<=^|\s)\/\/.*$/gm, '')
    .split('\n');

const unwantedIn = (texts: readonly string[]): string[] => texts.filter((text) => UNWANTED.test(text));

const sources = globSync(['{src,sandbox}/**/*.{ts,tsx}']);

test.each(sources)('%s has no unwanted word', (path) => {
  expect(unwantedIn(codeOf(path))).toEqual([]);
});

test.each([
  'manifest.yml',
  '.env.example',
  ...globSync(['{CONTRIBUTING,README,SECURITY}.md', 'docs/**/*.md']),
])('%s has no unwanted word', (path) => {
  expect(unwantedIn(readFileSync(path, 'utf8').split('\n'))).toEqual([]);
});

/** Every string of blocks or a view, whatever it is for. */
const stringsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (ID_KEYS.has(key) ? [] : stringsOf(inner)));
};
/** Names that only programs read. */
const ID_KEYS: ReadonlySet<string> = new Set(['action_id', 'block_id', 'callback_id', 'name', 'value']);

describe('what Slack shows', () => {
  const phone = (state: CardPhone['state']): CardPhone => ({ extension: '123', name: 'Ben', state });
  const ended = (how: LegEnding, lengthMs: number | null): CardPhone =>
    phone({ name: 'ended', how, by: 'machine', lengthMs, reason: null });
  const ENDINGS: readonly LegEnding[] = ['hung-up', 'busy', 'no-answer', 'cancelled', 'failed', 'room-full'];
  const card = (more: Partial<CallCardMessage>): CallCardMessage => ({
    kind: 'call-card',
    capture: null,
    conversationId: 'c1' as never,
    title: '',
    startedBy: 'U1' as never,
    ended: false,
    phones: [],
    present: [],
    unavailable: null,
    remarks: [],
    ...more,
  });
  const meeting = (more: Partial<MeetingCardMessage>): MeetingCardMessage => ({
    kind: 'meeting-card',
    capture: null,
    remarks: [],
    conversationId: 'c1' as never,
    title: '',
    startedBy: 'U1' as never,
    state: 'waiting',
    present: [],
    startedAtMs: null,
    endedAtMs: null,
    unavailable: null,
    dialIn: { number: '+44 20 7946 0000', pin: '123456789' },
    ...more,
  });
  const { transcript, talkTime } = resultOf(SHORT);
  const MESSAGES: readonly ThreadMessage[] = [
    { kind: 'progress', title: 'a.mp3', stage: { name: 'waiting' } },
    { kind: 'progress', title: 'a.mp3', stage: { name: 'sending', fraction: 0.4 } },
    { kind: 'progress', title: 'a.mp3', stage: { name: 'transcribing', elapsedMs: 5_000 } },
    { kind: 'progress', title: 'a.mp3', stage: { name: 'drawing' } },
    { kind: 'failure', conversationId: 'c1' as never, title: 'a.mp3', sentence: 'No.', mayRetry: true },
    resultOf(SHORT, { heard: { approximateSpeakers: true }, message: { chart: null } }),
    resultOf(Array.from({ length: 400 }, () => SHORT).flat()),
    {
      kind: 'private-result',
      conversationId: 'c1' as never,
      title: '',
      channelId: 'C1' as never,
      because: 'channel-archived',
      transcript,
      talkTime,
    },
    meeting({}),
    meeting({ state: 'live', startedAtMs: 1, present: [''] }),
    meeting({ state: 'ended', startedAtMs: 1, endedAtMs: 60_000 }),
    meeting({ state: 'ended' }),
    card({ phones: [phone({ name: 'waiting' }), phone({ name: 'ringing' })] }),
    card({ phones: [phone({ name: 'answered', by: 'machine', sinceMs: 1 })], present: [''] }),
    card({ phones: ENDINGS.flatMap((how) => [ended(how, null), ended(how, 1_000)]) }),
    card({ ended: true, phones: Array(13).fill(ended('hung-up', 1_000)) }),
    { kind: 'captions', paragraphs: [{ name: '', startMs: 0, text: 'Hello.' }] },
  ];
  const plan = (ownNumber: string | null): CallPlan => ({
    number: '+442079460000' as never,
    formatted: '+44 20 7946 0000',
    country: 'United Kingdom',
    memberId: null,
    title: 'the invoice',
    callerId: '+44 20 7946 0999',
    ownNumber,
  });
  const order = orderOf(plan(null), 'o');
  const voice = {
    voice: '0:0',
    currentName: '',
    named: false,
    memberId: null,
    party: 0,
    speakingMs: 1,
    excerpt: 'Hi',
  };
  const voices = Array.from({ length: 30 }, () => ({ ...voice, sampleUrl: 'https://parley.example.com/s' }));
  const commands = longNames('/parley');
  const VIEWS: readonly object[] = [
    buildHome({ commands, entries: [], ownNumber: null, mayCall: true, mayChangeSettings: true }),
    buildHome({
      commands,
      entries: [],
      ownNumber: '+44 20 7946 0101',
      mayCall: true,
      mayChangeSettings: true,
    }),
    buildHelp(commands, { linkUrl: 'https://example.com/a.mp3' }),
    buildCallHelp('/parley call'),
    buildCallPlan(plan(null), order, '/parley call'),
    buildCallPlanView(plan('+44 20 7946 0101'), order, 'C1' as never),
    buildCallAgainView(order, 'browser', 'C1' as never, 'It broke.'),
    buildCalling(order, { from: 'own-phone' }),
    buildCalling(order, { from: 'browser', link: null }),
    buildCalling(order, { from: 'browser', link: { url: 'https://parley.example.com/meet' } }),
    buildMeetingLinkView('https://parley.example.com/meet'),
    buildStartCall(),
    buildStartMeeting(),
    buildOwnNumber(null),
    buildCallSettings({ notice: 'Recorded.', callers: [], recordings: 'keep' }),
    buildNameSpeakers({ conversationId: 'c1' as never, title: 'a.mp3', voices }, {} as never),
    buildTooSlow('Join'),
  ];

  test.each(MESSAGES)('as a message, %o, has no unwanted word', (message) => {
    expect(unwantedIn(stringsOf(buildMessage(message)))).toEqual([]);
  });

  test.each(VIEWS)('as a view, %o, has no unwanted word', (view) => {
    expect(unwantedIn(stringsOf(view))).toEqual([]);
  });

  test('is searched where it is: every button, label and placeholder', () => {
    const button = {
      type: 'button',
      action_id: ACTIONS.retry,
      text: { type: 'plain_text', text: 'Ring anew' },
    };
    expect(unwantedIn(stringsOf({ blocks: [{ type: 'actions', elements: [button] }] }))).toEqual([
      'Ring anew',
    ]);
  });
});
