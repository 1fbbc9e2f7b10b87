import type { AnyBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { buildMessage } from '../../../src/bot/blocks/build.ts';
import { buildCallHelp } from '../../../src/bot/blocks/call-help.ts';
import {
  buildCallAgainView,
  buildCallPlan,
  buildCallPlanView,
  orderOf,
  parseCallOrder,
  parseCallViewMetadata,
} from '../../../src/bot/blocks/call-plan.ts';
import { buildCallSettings, readCallSettings } from '../../../src/bot/blocks/call-settings.ts';
import { buildCalling, buildCallingView } from '../../../src/bot/blocks/calling.ts';
import { buildOwnNumber, readOwnNumber } from '../../../src/bot/blocks/own-number.ts';
import { buildStartCall, readStartCall } from '../../../src/bot/blocks/start-call.ts';
import type { CallSettings, LegEnding } from '../../../src/core/calls/types.ts';
import type { ChannelId, ConversationId, MemberId, PhoneNumber } from '../../../src/core/ids.ts';
import type { CallPlan } from '../../../src/core/ports.ts';
import type { CallCardMessage, CardPhone } from '../../../src/core/thread-message.ts';
import { expectSlackTakes, expectSlackTakesView, readable } from '../support/slack-limits.ts';

const TEN_PAST_NINE = Date.UTC(2026, 10, 22, 9, 10, 5);
const EVIL = '<!channel> *b* <https://example.com|x> & \u202eevil';

const elementsOf = (blocks: readonly AnyBlock[]) =>
  blocks.flatMap((block) => ('elements' in block && block.type === 'actions' ? block.elements : []));

const phone = (state: CardPhone['state'], name = 'Ben Whitfield'): CardPhone => ({
  name,
  extension: null,
  state,
});
const RINGING = phone({ name: 'ringing' });
const ANSWERED = phone({ name: 'answered', by: 'person', sinceMs: TEN_PAST_NINE });
const ended = (
  how: LegEnding,
  more: { by?: 'unknown' | 'person' | 'machine'; lengthMs?: number; reason?: string } = {},
): CardPhone => phone({ name: 'ended', how, by: 'unknown', lengthMs: null, reason: null, ...more });

const card = (more: Partial<CallCardMessage> = {}): CallCardMessage => ({
  kind: 'call-card',
  capture: null,
  conversationId: 'c1' as ConversationId,
  title: 'The invoice',
  startedBy: 'U1' as MemberId,
  ended: false,
  phones: [RINGING],
  present: [],
  unavailable: null,
  remarks: [],
  ...more,
});
const shown = (more: Partial<CallCardMessage>): string => readable(buildMessage(card(more)).blocks);

test('the extension of a phone can be pressed while it is answered', () => {
  const buttons = (one: CardPhone, ended = false): (string | undefined)[] =>
    elementsOf(buildMessage(card({ phones: [{ ...one, extension: '123' }], ended })).blocks).map((element) =>
      'text' in element && typeof element.text === 'object' ? element.text.text : undefined,
    );
  expect(buttons(ANSWERED)).toContain('Press ext. 123');
  expect(buttons(RINGING)).not.toContain('Press ext. 123');
  expect(buttons(ANSWERED, true)).toEqual([]);
});

describe('the card of a call', () => {
  test.each<[CardPhone, string, string]>([
    [
      phone({ name: 'waiting' }),
      ':hourglass_flowing_sand: Ben Whitfield  Waiting for the caller’s phone',
      'Ben Whitfield: Waiting for the caller’s phone.',
    ],
    [RINGING, ':bell: Ben Whitfield  Ringing…', 'Ben Whitfield: Ringing…'],
    [ANSWERED, ':large_green_circle: Ben Whitfield  Connected since ', 'Ben Whitfield: Connected.'],
    [
      phone({ name: 'answered', by: 'machine', sinceMs: 1 }),
      ':mailbox_with_mail: Ben Whitfield  Voicemail since ',
      'Ben Whitfield: Voicemail.',
    ],
    [
      phone({ name: 'answered', by: 'unknown', sinceMs: 1 }),
      ':large_green_circle: Ben Whitfield  Connected since ',
      'Ben Whitfield: Connected.',
    ],
    [ended('busy'), ':no_entry: Ben Whitfield  Busy', 'Ben Whitfield: Busy.'],
    [ended('no-answer'), ':no_bell: Ben Whitfield  No answer', 'Ben Whitfield: No answer.'],
    [ended('cancelled'), 'Hung up before anyone answered', 'Hung up before anyone answered.'],
    [
      ended('failed', { reason: 'This number is not in service.' }),
      ':warning: Ben Whitfield  Couldn’t be called. This number is not in service.',
      'Ben Whitfield: Couldn’t be called. This number is not in service. ',
    ],
    [ended('failed'), ':warning: Ben Whitfield  Couldn’t be called\n', 'Couldn’t be called. '],
    [
      ended('failed', { lengthMs: 62_000, reason: 'The network lost it.' }),
      'Cut off after 1:02. The network lost it.',
      'Cut off after 1:02. The network lost it. ',
    ],
    [
      ended('room-full', { lengthMs: 4_000, reason: 'This meeting is full: it takes 100 people.' }),
      ':no_entry: Ben Whitfield  Answered, but the call was full. This meeting is full: it takes 100 people.',
      'Answered, but the call was full. This meeting is full: it takes 100 people. ',
    ],
    [
      ended('hung-up', { by: 'person', lengthMs: 754_000 }),
      ':white_check_mark: Ben Whitfield  Ended · 12:34',
      'Ended · 12:34.',
    ],
    [
      ended('hung-up', { by: 'machine', lengthMs: 31_000 }),
      ':mailbox_with_mail: Ben Whitfield  Voicemail · 0:31',
      'Voicemail · 0:31.',
    ],
    [ended('hung-up'), ':white_check_mark: Ben Whitfield  Ended\n', 'Ben Whitfield: Ended.'],
  ])('shows the state of a phone, %o, in blocks and in text', (one, inBlocks, inText) => {
    const built = buildMessage(card({ phones: [one] }));
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(inBlocks);
    expect(built.text).toContain(inText);
  });

  test('shows the caller as a member, and the time in the reader’s time zone', () => {
    const built = buildMessage(card({ phones: [ANSWERED] }));
    const json = JSON.stringify(built.blocks);
    expect(json).toContain('{"type":"user","user_id":"U1"}');
    expect(json).toContain(
      `{"type":"date","timestamp":${TEN_PAST_NINE / 1000},"format":"{time}","fallback":"09:10 UTC"}`,
    );
    expect(built.text).toContain('The invoice: call by <@U1>. ');
  });

  test.each<[string, Partial<CallCardMessage>, string, string[]]>([
    ['no one is in', {}, 'Waiting for the caller to join.', ['join_meeting', 'hang_up']],
    [
      'two phones are in and no browser',
      { phones: [ANSWERED, ANSWERED] },
      'No one has joined from a browser.',
      ['join_meeting', 'hang_up'],
    ],
    ['two are in', { present: ['Ana', 'Yuki'] }, 'In the call: Ana and Yuki', ['join_meeting', 'hang_up']],
    [
      'no one can join',
      { present: ['Ana'], unavailable: 'The media worker is not installed.' },
      ':warning: The media worker is not installed.',
      ['hang_up'],
    ],
    [
      'it is over',
      { ended: true, phones: [ended('hung-up', { lengthMs: 1_000 })], unavailable: 'The worker died.' },
      'Ended. Transcript and talk time are in the thread.',
      [],
    ],
    [
      'the callee did not answer',
      { ended: true, phones: [ended('busy'), ended('hung-up', { lengthMs: 1_000 })] },
      'Ended. No one talked.',
      [],
    ],
    ['it never had a phone', { ended: true, phones: [] }, 'Ended. No one talked.', []],
  ])('when %s shows its status and buttons', (_what, more, status, buttons) => {
    const built = buildMessage(card(more));
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(status);
    expect(built.text).toContain(status.replace(':warning: ', ''));
    const actions = elementsOf(built.blocks).map((one) => ('action_id' in one ? one.action_id : ''));
    expect(actions).toEqual(buttons);
  });

  test('shows its remarks', () => {
    const remarks = ['The other side declined to be recorded.', 'The recording is deleted.'];
    const built = buildMessage(card({ ended: true, remarks }));
    expect(readable(built.blocks)).toContain(
      ':information_source: The other side declined to be recorded.\n:information_source: The recording is deleted.',
    );
    expect(built.text).toMatch(/declined to be recorded\. The recording is deleted\.$/);
  });

  test('carries the call in its labelled buttons, and asks before hanging up', () => {
    const [join, hangUp] = elementsOf(buildMessage(card()).blocks);
    expect(join).toMatchObject({ value: 'c1', style: 'primary', accessibility_label: 'Join the call' });
    expect(hangUp).toMatchObject({
      value: 'c1',
      style: 'danger',
      accessibility_label: 'Hang up and end the call for everyone',
      confirm: { style: 'danger', confirm: { text: 'Hang up' } },
    });
  });

  test('has no link in it: each person gets their own', () => {
    expect(JSON.stringify(buildMessage(card({ phones: [ANSWERED] })))).not.toMatch(/"url"|https?:/);
  });

  test('lets no title, name, reason or remark mention, link or format', () => {
    const built = buildMessage(
      card({
        title: EVIL,
        phones: [phone({ name: 'ringing' }, EVIL), ended('failed', { reason: EVIL })],
        present: [EVIL, '<@U2>'],
        remarks: [EVIL],
      }),
    );
    expectSlackTakes(built);
    expect(built.text.replaceAll('<@U1>', '')).not.toMatch(/<|\u202e/);
    expect(built.text.match(/&lt;!channel&gt;/g)!.length).toBeGreaterThan(4);
    expect(JSON.stringify(built.blocks)).not.toMatch(/mrkdwn|\u202e/);
    expectSlackTakes(buildMessage(card({ unavailable: EVIL })));
  });

  test('stays within the limits with names, reasons and remarks of any length, script and number', () => {
    for (const long of ['🦊'.repeat(500), 'ا'.repeat(500), `\ud83e${'語'.repeat(500)}`, '"\\'.repeat(500)]) {
      const phones = Array.from({ length: 40 }, () => ({
        ...ended('failed', { reason: long.repeat(4), lengthMs: 1 }),
        name: long,
      }));
      const full = {
        title: long,
        phones,
        present: Array(40).fill(long),
        remarks: Array(40).fill(long.repeat(4)),
      };
      expectSlackTakes(buildMessage(card(full)));
      expectSlackTakes(buildMessage(card({ ...full, unavailable: long.repeat(5) })));
    }
    expect(shown({ phones: Array(13).fill(RINGING) })).toContain(':telephone_receiver: 3 more phones.');
    expect(shown({ phones: [phone({ name: 'ringing' }, ' ')], title: ' ' })).toContain(' Call\n');
    expect(shown({ phones: [phone({ name: 'ringing' }, ' ')] })).toContain(' Phone  Ringing…');
  });
});

const plan = (more: Partial<CallPlan> = {}): CallPlan => ({
  number: '+442079460000' as PhoneNumber,
  formatted: '+44 20 7946 0000',
  country: 'United Kingdom',
  memberId: null,
  title: 'the invoice',
  callerId: '+44 20 7946 0999',
  ownNumber: null,
  ...more,
});
const confirmation = (given: CallPlan) => buildCallPlan(given, orderOf(given, 'command:1.2'), '/call');

describe('the confirmation', () => {
  test('shows the number, its country, the topic and the caller ID', () => {
    const built = confirmation(plan());
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(
      ':telephone_receiver: Call +44 20 7946 0000?\nUnited Kingdom\nAbout: the invoice\nThey’ll see: +44 20 7946 0999',
    );
    expect(readable(built.blocks)).toContain(
      'The call is recorded, captioned and transcribed, and they’re told so. Everyone in this channel sees',
    );
    expect(built.text).toContain(
      'Call +44 20 7946 0000? United Kingdom. About: the invoice. They’ll see: +44',
    );
  });

  test('shows the teammate and their number', () => {
    const built = confirmation(plan({ memberId: 'U2' as MemberId, title: '' }));
    expectSlackTakes(built);
    expect(JSON.stringify(built.blocks)).toContain('{"type":"user","user_id":"U2"}');
    expect(readable(built.blocks)).toContain('+44 20 7946 0000 · United Kingdom\nThey’ll see');
    expect(built.text).toContain('Call <@U2> (+44 20 7946 0000)? United Kingdom. They’ll see');
  });

  test('offers the caller’s own phone when its number is saved', () => {
    const actions = (given: CallPlan) =>
      elementsOf(confirmation(given).blocks).map((one) => [
        'action_id' in one ? one.action_id : '',
        readable(one),
      ]);
    expect(actions(plan())).toEqual([
      ['place_call', 'Call'],
      ['cancel_call', 'Cancel'],
    ]);
    expect(actions(plan({ ownNumber: '+44 20 7946 0101' }))).toEqual([
      ['place_call', 'Call'],
      ['place_call_from_own_phone', 'Use my phone (+44 20 7946 0101)'],
      ['cancel_call', 'Cancel'],
    ]);
    expect(readable(confirmation(plan()).blocks)).toContain('save its number with “/call my number +44…”');
  });

  test('carries all that the call needs in each of its buttons, with one origin', () => {
    const given = plan({ memberId: 'U2' as MemberId, ownNumber: '+44 20 7946 0101' });
    const values = elementsOf(confirmation(given).blocks).flatMap((one) =>
      'value' in one && typeof one.value === 'string' ? [parseCallOrder(one.value)] : [],
    );
    const order = {
      number: '+442079460000',
      shown: '+44 20 7946 0000',
      memberId: 'U2',
      title: 'the invoice',
      origin: 'command:1.2',
    };
    expect(values).toEqual([order, order]);
  });

  test.each([
    '',
    '{}',
    'null',
    '{"number":"0207946","shown":"1","memberId":null,"title":"","origin":"x"}',
    '{"number":"+442079460000","shown":"1","memberId":null,"title":"","origin":""}',
  ])('a button with “%s” in it calls no one', (value) => {
    expect(() => parseCallOrder(value)).toThrow();
  });

  test('stays within the limits, mentions no one, and its buttons can be parsed', () => {
    for (const long of ['🦊'.repeat(500), 'ا'.repeat(500), '"\\'.repeat(500), EVIL]) {
      const given = plan({ title: long, country: long, callerId: long, ownNumber: long, formatted: long });
      const built = confirmation(given);
      expectSlackTakes(built);
      expect(built.text).not.toMatch(/<|\u202e/);
      expect(JSON.stringify(built.blocks)).not.toMatch(/mrkdwn|\u202e/);
      for (const one of elementsOf(built.blocks)) {
        if ('value' in one && typeof one.value === 'string') parseCallOrder(one.value);
      }
      expectSlackTakes(buildCalling(orderOf(given, 'o'), { from: 'browser', link: { sentence: long } }));
    }
  });
});

describe('the confirmation as a dialog', () => {
  const general = 'C1' as ChannelId;
  const view = (given: CallPlan) => buildCallPlanView(given, orderOf(given, 'view:1'), general);

  test('shows what the message shows, names the channel, and has the same buttons except “Cancel”', () => {
    const given = plan({ ownNumber: '+44 20 7946 0101' });
    expectSlackTakesView(view(given), 'modal');
    const [summary] = buildCallPlan(given, orderOf(given, 'view:1'), '/call').blocks;
    expect(view(given).blocks[0]).toEqual(summary);
    expect(JSON.stringify(view(given).blocks)).toContain('{"type":"channel","channel_id":"C1"}');
    const inMessage = elementsOf(buildCallPlan(given, orderOf(given, 'view:1'), '/call').blocks);
    expect(elementsOf(view(given).blocks)).toEqual(inMessage.slice(0, 2));
    expect(view(given).close?.text).toBe('Cancel');
    expect(parseCallViewMetadata(view(given).private_metadata!)).toEqual({ channelId: general });
  });

  test('says how to save a number on the App Home', () => {
    expect(readable(view(plan()).blocks)).toContain('save its number on Parley’s Home tab.');
  });

  test.each(['', '{}', 'null', '{"channelId":""}'])('with the metadata “%s” is rejected', (metadata) => {
    expect(() => parseCallViewMetadata(metadata)).toThrow();
  });

  test('stays within the limits, as do the dialogs that replace it', () => {
    for (const long of ['🦊'.repeat(500), 'ا'.repeat(500), '"\\'.repeat(500), EVIL]) {
      const given = plan({ title: long, country: long, callerId: long, ownNumber: long, formatted: long });
      const order = orderOf(given, 'view:1');
      for (const one of [
        view(given),
        buildCallingView(order, { from: 'browser', link: { sentence: long } }),
        buildCallAgainView(order, 'browser', general, long),
      ]) {
        expectSlackTakesView(one, 'modal');
        expect(JSON.stringify(one)).not.toMatch(/mrkdwn|\u202e/);
      }
    }
  });

  test.each([
    ['browser', 'place_call'],
    ['own-phone', 'place_call_from_own_phone'],
  ] as const)('offers after a fault the button that was pressed: %s', (from, action) => {
    const order = orderOf(plan(), 'view:1');
    const again = buildCallAgainView(order, from, general, 'The database is away.');
    const [button] = elementsOf(again.blocks) as { action_id: string; value: string }[];
    expect(button!.action_id).toBe(action);
    expect(parseCallOrder(button!.value)).toEqual(order);
    expect(parseCallViewMetadata(again.private_metadata!)).toEqual({ channelId: general });
  });
});

describe('the dialog to start a call', () => {
  const filled = (
    number: string | null,
    teammate: string | null,
    channel: string | null,
    about: string | null = null,
  ) =>
    readStartCall({
      number: { number: { value: number } },
      teammate: { teammate: { selected_user: teammate as MemberId | null } },
      about: { about: { value: about } },
      channel: { channel: { selected_conversation: channel as ChannelId | null } },
    });

  test('is valid', () => expectSlackTakesView(buildStartCall(), 'modal'));

  test('is parsed', () => {
    expect(filled(' +44 20 7946 0000 ', null, 'C1', ' the invoice ')).toEqual({
      wanted: { channelId: 'C1', to: null, text: '+44 20 7946 0000', about: 'the invoice' },
    });
    expect(filled(null, 'U2', 'C1')).toEqual({
      wanted: { channelId: 'C1', to: 'U2', text: '', about: '' },
    });
  });

  test.each([
    ['neither a number nor a teammate', filled('  ', null, 'C1'), 'number', 'or pick a teammate'],
    ['both', filled('+44 20 7946 0000', 'U2', 'C1'), 'teammate', 'not both'],
    ['no channel', filled(null, 'U2', null), 'channel', 'Select a channel'],
    ['nothing at all', readStartCall({}), 'number', 'or pick a teammate'],
  ])('shows at the field that there is %s', (_what, read, field, sentence) => {
    expect(read).toEqual({ errors: { [field]: expect.stringContaining(sentence) } });
  });
});

describe('after it is confirmed', () => {
  const order = orderOf(plan(), 'command:1.2');
  const url = 'https://parley.example.com/meet?token=a.b|c';

  test('the caller gets their own link, and is asked to join at once', () => {
    const built = buildCalling(order, { from: 'browser', link: { url } });
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain('Calling +44 20 7946 0000…\nJoin now');
    expect(elementsOf(built.blocks)).toMatchObject([{ action_id: 'open_address', url }]);
    expect(built.text).toContain('<https://parley.example.com/meet?token=a.b%7Cc|Join in browser>');
  });

  test.each<[Parameters<typeof buildCalling>[1], string]>([
    [{ from: 'browser', link: null }, 'Getting your join link…'],
    [{ from: 'browser', link: { sentence: 'This call has ended.' } }, 'This call has ended.'],
    [{ from: 'own-phone' }, 'Calling your phone. Answer, and we’ll connect you.'],
  ])('%o has no link, and shows “%s”', (calling, sentence) => {
    const built = buildCalling(order, calling);
    expectSlackTakes(built);
    expect(readable(built.blocks)).toContain(sentence);
    expect(built.text).toContain(sentence);
    expect(elementsOf(built.blocks)).toEqual([]);
  });
});

test('the help gives examples under the name that was typed', () => {
  const built = buildCallHelp('/parley call');
  expectSlackTakes(built);
  for (const example of ['+44 20 7946 0000 about the invoice', '@teammate', 'my number', 'settings']) {
    expect(built.text).toContain(`/parley call ${example}`);
    expect(readable(built.blocks)).toContain(`/parley call ${example}`);
  }
});

test('the dialog for one’s own number shows the saved number, and is parsed', () => {
  expectSlackTakesView(buildOwnNumber(null), 'modal');
  expect(JSON.stringify(buildOwnNumber(null))).not.toContain('initial_value');
  expectSlackTakesView(buildOwnNumber('+44 20 7946 0101'), 'modal');
  expect(JSON.stringify(buildOwnNumber('+44 20 7946 0101'))).toContain('"initial_value":"+44 20 7946 0101"');
  expect(readOwnNumber({ number: { number: { value: ' +44 20 7946 0101 ' } } })).toBe('+44 20 7946 0101');
  expect(readOwnNumber({ number: { number: { value: null } } })).toBe('');
  expect(readOwnNumber({})).toBe('');
});

describe('the dialog for call settings', () => {
  const settings: CallSettings = {
    notice: '{caller} calls you through Parley. This call is recorded.',
    callers: null,
    recordings: 'delete',
  };

  test('shows the current settings', () => {
    const view = buildCallSettings(settings);
    expectSlackTakesView(view, 'modal');
    const json = JSON.stringify(view);
    expect(json).toContain(`"initial_value":"${settings.notice}"`);
    expect(json).toMatch(/"initial_option":\{[^}]*\}[^}]*"value":"everyone"/);
    expect(json).toMatch(/"initial_option":\{[^}]*\}[^}]*"value":"delete"/);
    expect(json).not.toContain('initial_users');

    const chosen = buildCallSettings({
      ...settings,
      callers: ['U1', 'U2'] as MemberId[],
      recordings: 'keep',
    });
    expectSlackTakesView(chosen, 'modal');
    expect(JSON.stringify(chosen)).toContain('"initial_users":["U1","U2"]');
    expect(JSON.stringify(chosen)).toMatch(/"initial_option":\{[^}]*\}[^}]*"value":"selected"/);
    expect(JSON.stringify(chosen)).toMatch(/"initial_option":\{[^}]*\}[^}]*"value":"keep"/);
  });

  test('stays within a modal with a notice and a list of any length', () => {
    const callers = Array.from({ length: 1_000 }, (_, n) => `U${n}` as MemberId);
    expectSlackTakesView(
      buildCallSettings({ notice: '語'.repeat(5_000), callers, recordings: 'keep' }),
      'modal',
    );
    expectSlackTakesView(buildCallSettings({ notice: '', callers: [], recordings: 'keep' }), 'modal');
  });

  const filled = (given: { notice?: string; who?: string; callers?: string[]; recordings?: string }) =>
    readCallSettings({
      notice: { notice: { value: given.notice ?? 'Recorded.' } },
      who_can_call: { who_can_call: { selected_option: { value: given.who ?? 'everyone' } } },
      callers: { callers: { selected_users: (given.callers ?? []) as MemberId[] } },
      recordings: { recordings: { selected_option: { value: given.recordings ?? 'delete' } } },
    });

  test.each<[Parameters<typeof filled>[0], object]>([
    [{}, { settings: { notice: 'Recorded.', callers: null, recordings: 'delete' } }],
    [{ recordings: 'keep' }, { settings: { notice: 'Recorded.', callers: null, recordings: 'keep' } }],
    [
      { who: 'selected', callers: ['U1'] },
      { settings: { notice: 'Recorded.', callers: ['U1'], recordings: 'delete' } },
    ],
    [
      { who: 'everyone', callers: ['U1'] },
      { settings: { notice: 'Recorded.', callers: null, recordings: 'delete' } },
    ],
    [{ who: 'selected' }, { errors: { callers: expect.stringContaining('Select at least one person') } }],
    [{ notice: ' \n ' }, { errors: { notice: expect.stringContaining('Write a recording notice') } }],
  ])('with %o filled in gives %o', (given, read) => {
    expect(filled(given)).toEqual(read);
  });

  test('without who can call is an error, and lets no one call by mistake', () => {
    expect(readCallSettings({ notice: { notice: { value: 'Recorded.' } } })).toHaveProperty('errors');
  });
});
