import { describe, expect, it } from 'vitest';
import type { LegId } from '../../../../src/core/ids.ts';
import type { PeerView, PendingPhone } from '../../../../src/media/signalling/messages.ts';
import { LEAVE_DIALOG } from '../../../../src/pages/meeting/sentences.ts';
import { departureOf, endsByLeaving, hasCompany } from '../../../../src/pages/meeting/state/departure.ts';
import { INITIAL_STATE, type State } from '../../../../src/pages/meeting/state/state.ts';

const peer = (peerId: string, change: Partial<PeerView> = {}): PeerView => ({
  peerId,
  partyIndex: 0,
  name: peerId,
  host: false,
  handRaised: false,
  microphone: 'on',
  camera: false,
  screen: false,
  connected: true,
  legId: null,
  ...change,
});
const phone = (id: string): PeerView => peer(id, { legId: id });
const ringing: PendingPhone = { legId: 'l9' as LegId, name: 'Nora', state: 'ringing' };
const busy: PendingPhone = { ...ringing, state: 'busy' };

const stateOf = (
  kind: 'meeting' | 'call',
  host: boolean,
  others: readonly PeerView[],
  phones: readonly PendingPhone[] = [],
): State => ({
  ...INITIAL_STATE,
  info: {
    kind,
    title: 'T',
    name: 'Ana',
    host,
    threadUrl: null,
    startedAtMs: 0,
    closed: null,
    capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
  },
  localPeerId: 'me',
  peers: [peer('me', { host }), ...others],
  phones,
});

describe('leaving', () => {
  it.each([
    ['a call with one phone, by its host, ends it', 'call', true, [phone('a')], [], 'end'],
    ['a call with one phone and one that did not answer ends it', 'call', true, [phone('a')], [busy], 'end'],
    ['a call whose phone still rings ends it', 'call', true, [], [ringing], 'end'],
    ['a call of which no one else is left ends it', 'call', true, [], [], 'end'],
    ['a call with a teammate asks', 'call', true, [phone('a'), peer('b')], [], 'ask'],
    ['a call with two phones asks', 'call', true, [phone('a'), phone('b')], [], 'ask'],
    ['a call with a phone while another rings asks', 'call', true, [phone('a')], [ringing], 'ask'],
    ['a call by a guest is their own affair', 'call', false, [phone('a')], [], 'leave'],
    ['a meeting by its host asks', 'meeting', true, [], [], 'ask'],
    ['a meeting with one phone asks, since it goes on', 'meeting', true, [phone('a')], [], 'ask'],
    ['a meeting by a guest is their own affair', 'meeting', false, [peer('b')], [], 'leave'],
  ] as const)('%s', (_, kind, host, others, phones, departure) => {
    expect(departureOf(stateOf(kind, host, others, phones))).toBe(departure);
  });

  it('ends a call for the phone that would be alone, whoever leaves', () => {
    expect(endsByLeaving(stateOf('call', false, [phone('a')]))).toBe(true);
    expect(endsByLeaving(stateOf('call', false, [phone('a'), peer('b')]))).toBe(false);
    expect(endsByLeaving(stateOf('call', false, [phone('a')], [ringing]))).toBe(false);
    expect(endsByLeaving(stateOf('call', false, []))).toBe(false);
    expect(endsByLeaving(stateOf('meeting', false, [phone('a')]))).toBe(false);
  });

  it('never says that others go on where no one does', () => {
    const alone = stateOf('meeting', true, [], [busy]);
    expect(hasCompany(alone)).toBe(false);
    expect(LEAVE_DIALOG.text('meeting', hasCompany(alone))).toBe(
      'No one else is here. If you leave, the meeting ends unless someone joins soon.',
    );
    expect(hasCompany(stateOf('meeting', true, [peer('b')]))).toBe(true);
    expect(LEAVE_DIALOG.title('call')).toBe('Hang up?');
    expect(LEAVE_DIALOG.end('call')).toBe('Hang up for everyone');
  });
});
