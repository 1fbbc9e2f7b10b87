import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { buildMessage } from '../../../src/bot/blocks/build.ts';
import { buildCaptions } from '../../../src/bot/blocks/captions.ts';
import { buildMeetingCard } from '../../../src/bot/blocks/meeting-card.ts';
import { buildMeetingLink, buildMeetingLinkView } from '../../../src/bot/blocks/meeting-link.ts';
import { buildNotice } from '../../../src/bot/blocks/notice.ts';
import { buildStartMeeting, readStartMeeting } from '../../../src/bot/blocks/start-meeting.ts';
import type { ConversationId, MemberId } from '../../../src/core/ids.ts';
import type { CaptionParagraph, MeetingCardMessage } from '../../../src/core/thread-message.ts';
import { expectSlackTakes, expectSlackTakesView, readable } from '../support/slack-limits.ts';

const TEN_PAST_NINE = Date.UTC(2026, 10, 22, 9, 10, 5);
const card = (more: Partial<MeetingCardMessage> = {}): MeetingCardMessage => ({
  kind: 'meeting-card',
  capture: null,
  remarks: [],
  conversationId: 'c1' as ConversationId,
  title: 'Weekly',
  startedBy: 'U1' as MemberId,
  state: 'waiting',
  present: [],
  startedAtMs: null,
  endedAtMs: null,
  unavailable: null,
  dialIn: null,
  ...more,
});
const LIVE = { state: 'live', startedAtMs: TEN_PAST_NINE } as const;
const ENDED = { state: 'ended', startedAtMs: TEN_PAST_NINE, endedAtMs: TEN_PAST_NINE + 754_000 } as const;

const elementsOf = (blocks: readonly KnownBlock[]) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
const buttonsOf = (message: MeetingCardMessage) =>
  elementsOf(buildMeetingCard(message).blocks).map((element) =>
    'action_id' in element ? element.action_id : '',
  );

describe('the card of a meeting', () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `Name${n + 1}`);
  const BOTH = ['join_meeting', 'end_meeting'];

  test.each<[string, Partial<MeetingCardMessage>, string, string[]]>([
    ['that no one has joined', {}, 'No one has joined yet.', BOTH],
    ['with one', { ...LIVE, present: ['Ana'] }, 'In the meeting: Ana', BOTH],
    ['with two', { ...LIVE, present: ['Ana', 'Ben'] }, 'In the meeting: Ana and Ben', BOTH],
    ['with three', { ...LIVE, present: ['Ana', 'Ben', 'Yuki'] }, 'In the meeting: Ana, Ben and Yuki', BOTH],
    ['that everyone has left', { ...LIVE }, 'No one has joined yet.', BOTH],
    [
      'with eight',
      { ...LIVE, present: names(8) },
      'In the meeting: Name1, Name2, Name3, Name4, Name5, Name6, Name7 and Name8',
      BOTH,
    ],
    [
      'with nine',
      { ...LIVE, present: names(9) },
      'In the meeting: Name1, Name2, Name3, Name4, Name5, Name6, Name7, Name8 and 1 other',
      BOTH,
    ],
    ['with a thousand', { ...LIVE, present: names(1_000) }, 'Name8 and 992 others', BOTH],
    ['with a person without a name', { ...LIVE, present: [' \u200b'] }, 'In the meeting: Someone', BOTH],
    [
      'that cannot be joined',
      { ...LIVE, present: ['Ana'], unavailable: 'The media worker is not installed.' },
      ':warning: The media worker is not installed.',
      ['end_meeting'],
    ],
    [
      'whose captions wait to be stored',
      { ...LIVE, present: ['Ana'], remarks: ['Captions are not being saved right now.'] },
      ':warning: Captions are not being saved right now.',
      BOTH,
    ],
    ['that is over', ENDED, '\nEnded. Transcript and talk time are in the thread.', []],
    [
      'that is over and could not be joined in the end',
      { ...ENDED, unavailable: 'The media worker died.' },
      '\nEnded. Transcript and talk time are in the thread.',
      [],
    ],
    ['that no one joined', { ...ENDED, startedAtMs: null }, 'Ended. No one joined.', ['start_meeting']],
  ])('%s shows its status and buttons', (_what, more, status, buttons) => {
    const built = buildMessage(card(more));
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(status);
    expect(built.text).toContain(status.replace(/:warning: |\n/, ''));
    expect(buttonsOf(card(more))).toEqual(buttons);
  });

  test('shows who started it as a member, and the time in the reader’s time zone', () => {
    const json = JSON.stringify(buildMeetingCard(card(LIVE)).blocks);
    expect(json).toContain('{"type":"user","user_id":"U1"}');
    expect(json).toContain(
      `{"type":"date","timestamp":${TEN_PAST_NINE / 1000},"format":"{time}","fallback":"09:10 UTC"}`,
    );
    expect(buildMeetingCard(card(LIVE)).text).toContain('Weekly: meeting started by <@U1>.');
  });

  test('shows its length once it is over, instead of its start', () => {
    const { blocks } = buildMeetingCard(card(ENDED));
    expect(readable(blocks)).toContain(' · 12:34\n');
    expect(JSON.stringify(blocks)).not.toContain('"date"');
  });

  test('carries the meeting in its buttons, and asks before ending it for everyone', () => {
    const [join, end] = elementsOf(buildMeetingCard(card()).blocks);
    expect(join).toMatchObject({ type: 'button', value: 'c1' });
    expect(end).toMatchObject({
      type: 'overflow',
      options: [{ value: 'c1' }],
      confirm: { style: 'danger', confirm: { text: 'End for everyone' } },
    });
  });

  test('offers to start a new one with the same title, where no one joined', () => {
    const built = buildMeetingCard(card({ ...ENDED, startedAtMs: null, title: '🦊'.repeat(200) }));
    expectSlackTakes(built);
    const [again] = elementsOf(built.blocks);
    const { value } = again as { value: string };
    expect(value).toMatch(/^(🦊)+…?$/u);
    expectSlackTakesView(buildStartMeeting({ title: value }), 'modal');
    expect(JSON.stringify(buildStartMeeting({ title: value }))).toContain(`"initial_value":"${value}"`);
  });

  test('shows the number and the PIN to dial in', () => {
    const dialIn = { number: '+44 20 7946 0000', pin: '123456789' };
    const built = buildMeetingCard(card({ ...LIVE, dialIn }));
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(
      '\n:telephone_receiver: Dial in: +44 20 7946 0000 · PIN 123 456 789 #',
    );
    expect(built.text).toMatch(/No one has joined yet\. Dial in: \+44 20 7946 0000 · PIN 123 456 789 #$/);
    expect(buildMeetingCard(card(LIVE)).text).toMatch(/No one has joined yet\.$/);
  });

  test('has no link in it: each person gets their own', () => {
    expect(JSON.stringify(buildMeetingCard(card(LIVE)))).not.toMatch(/"url"|https?:/);
  });

  test('lets no title, name or sentence mention, link or format', () => {
    const evil = '<!channel> *b* <https://example.com|x> & \u202eevil';
    const built = buildMeetingCard(card({ ...LIVE, title: evil, present: [evil, '<@U2>'] }));
    expectSlackTakes(built);
    expect(built.text.replaceAll('<@U1>', '')).not.toMatch(/<|\u202e/);
    expect(built.text).toContain('&lt;!channel&gt; *b*');
    expect(JSON.stringify(built.blocks)).not.toMatch(/mrkdwn|\u202e/);
    expectSlackTakes(buildMeetingCard(card({ unavailable: evil })));
  });

  test('stays within the limits with names and titles of any length and script', () => {
    for (const name of ['🦊'.repeat(500), 'ا'.repeat(500), `\ud83e${'語'.repeat(500)}`]) {
      const long = { title: name, present: Array(40).fill(name), unavailable: null };
      expectSlackTakes(buildMeetingCard(card({ ...LIVE, ...long })));
      expectSlackTakes(buildMeetingCard(card({ ...LIVE, ...long, unavailable: name.repeat(5) })));
    }
    expect(readable(buildMeetingCard(card({ title: '  ' })).blocks)).toContain('Meeting');
  });
});

describe('captions', () => {
  const said = (name: string, startMs: number, text: string): CaptionParagraph => ({ name, startMs, text });
  const shown = (...lines: CaptionParagraph[]) =>
    readable(buildCaptions({ kind: 'captions', paragraphs: lines }).blocks);

  test('give each line its speaker and its time in the meeting', () => {
    expect(
      shown(
        said('Ana', 42_000, 'Good morning.'),
        said('Ben', 65_400, 'Morning!'),
        said('由紀', 3_723_000, 'おはよう。'),
      ),
    ).toBe('Ana 0:42  Good morning.\nBen 1:05  Morning!\n由紀 1:02:03  おはよう。\n');
  });

  test('keep two people of one name apart, as they were given', () => {
    expect(shown(said('Ana', 42_000, 'Yes.'), said('Ana', 43_000, 'No.'))).toBe(
      'Ana 0:42  Yes.\nAna 0:43  No.\n',
    );
  });

  test('give the same as text for screen readers', () => {
    const { text } = buildMessage({ kind: 'captions', paragraphs: [said('<!here>', 3_723_000, 'a < b')] });
    expect(text).toBe('&lt;!here&gt; (1:02:03): a &lt; b');
  });

  test('let nothing that is said mention, link or format', () => {
    const evil = '<!channel> <@U1> *bold* `code` <https://example.com|x>';
    const built = buildCaptions({ kind: 'captions', paragraphs: [said(evil, 0, evil)] });
    expectSlackTakes(built);
    expect(built.text).not.toContain('<');
    expect(JSON.stringify(built.blocks)).not.toContain('mrkdwn');
    expect(readable(built.blocks)).toContain(evil);
  });

  const marked = (count: number, of: (n: number) => CaptionParagraph) =>
    Array.from({ length: count }, (_, n) => of(n));
  test.each<[string, CaptionParagraph[]]>([
    ['nothing yet', []],
    ['lines without a word', [said('Ana', 0, ' \n ')]],
    ['one monologue', [said('Ana', 0, Array.from({ length: 500 }, (_, n) => `mark${n}`).join(' '))]],
    ['a text without spaces', [said('由紀', 0, `mark0${'語'.repeat(2_990)}mark1`)]],
    ['two hundred lines of a word', marked(200, (n) => said(`Speaker ${n % 7}`, n * 600, `mark${n}.`))],
    ['long names', marked(70, (n) => said(`${'N'.repeat(80)}${n}`, n * 1_000, `mark${n} and more`))],
    ['quotes and backslashes', marked(60, (n) => said(`N${n}`, n, `mark${n} ${'"\\'.repeat(12)}`))],
  ])('of %s are whole within every limit', (_what, lines) => {
    const built = buildCaptions({ kind: 'captions', paragraphs: lines });
    expectSlackTakes(built);
    const words = readable(built.blocks).split(/[\s.]+|語+/);
    const spoken = lines.flatMap(({ text }) => text.match(/mark\d+/g) ?? []);
    expect(words.filter((word) => /^mark\d+$/.test(word))).toEqual(spoken);
  });

  test.each([
    ['of many lines', marked(2_000, (n) => said(`Speaker ${n % 7}`, n * 600, `mark${n} and more.`))],
    [
      'of one long line',
      [
        said(
          'Ana',
          0,
          marked(4_000, (n) => said('', 0, `mark${n}`))
            .map((l) => l.text)
            .join(' '),
        ),
      ],
    ],
    ['of quotes', marked(400, (n) => said(`"${n}"`, n, '"\\'.repeat(20)))],
  ])('too many for a message, %s, show their beginning rather than nothing', (_what, lines) => {
    const built = buildCaptions({ kind: 'captions', paragraphs: lines });
    expectSlackTakes(built);
    expect(JSON.stringify(built.blocks).length).toBeGreaterThan(6_000);
    const first = /^\S+/.exec(lines[0]!.text)![0];
    expect(readable(built.blocks)).toContain(first);
  });
});

test('a join link is a button, with who it is for and how long it works, and in the text for screen readers', () => {
  const url = 'https://parley.example.com/meet?token=a.b-c_d&x=1|2';
  const built = buildMeetingLink(url);
  expectSlackTakes(built);
  expect(built.text).toMatch(
    /^<https:\/\/parley\.example\.com\/meet\?token=a\.b-c_d&amp;x=1%7C2\|Join in browser>/,
  );
  expect(elementsOf(built.blocks)).toMatchObject([{ action_id: 'open_address', url }]);
  expect(readable(built.blocks)).toContain('just for you and expires in 10 minutes');
  const view = buildMeetingLinkView(url);
  expectSlackTakesView(view, 'modal');
  expect(elementsOf(view.blocks as KnownBlock[])).toMatchObject([{ url }]);
  expectSlackTakesView(buildNotice('Join', 'x'.repeat(2_000)), 'modal');
});

test('the dialog for a meeting has a title and a channel, and is parsed', () => {
  expectSlackTakesView(buildStartMeeting(), 'modal');
  const filled = (title: string | null, channel: string | null) =>
    readStartMeeting({
      title: { title: { value: title } },
      channel: { channel: { selected_conversation: channel as never } },
    });
  expect(filled(' Weekly\u202e  sync ', 'C1')).toEqual({ title: 'Weekly sync', channelId: 'C1' });
  expect(filled(null, null)).toEqual({ title: '', channelId: null });
  expect(filled('x'.repeat(500), 'C1').title).toHaveLength(80);
  expect(readStartMeeting({})).toEqual({ title: '', channelId: null });
});
