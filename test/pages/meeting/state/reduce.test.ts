import { describe, expect, it } from 'vitest';
import type { LegId } from '../../../../src/core/ids.ts';
import type { JoinResponse, Notification, PeerView } from '../../../../src/media/signalling/messages.ts';
import { type Action, reduce } from '../../../../src/pages/meeting/state/reduce.ts';
import {
  INITIAL_STATE,
  localPeer,
  nameOf,
  type State,
  streamOf,
} from '../../../../src/pages/meeting/state/state.ts';

const peer = (peerId: string, change: Partial<PeerView> = {}): PeerView => ({
  peerId,
  partyIndex: Number(peerId.slice(1)),
  name: `Person ${peerId.slice(1)}`,
  host: false,
  handRaised: false,
  microphone: 'on',
  camera: true,
  screen: false,
  connected: true,
  legId: null,
  ...change,
});
const joinResponse: JoinResponse = {
  peerId: 'p0',
  resumeToken: 'token',
  resumed: false,
  media: null,
  title: 'Stand-up',
  nowMs: 60_000,
  captionsOn: true,
  captionsDelayed: false,
  captionsUnsaved: false,
  consented: true,
  captionsWanted: true,
  iceServers: [],
  peers: [peer('p0', { host: true }), peer('p1')],
  mayAddPhone: true,
  phones: [],
  captionsStopped: null,
  call: null,
};
const stateAfter = (from: State, ...actions: Action[]): State => actions.reduce(reduce, from);
const notify = (notification: Notification, atMs = 0): Action => ({
  type: 'notification',
  notification,
  atMs,
});
const noticesOf = (state: State): string[] => state.notices.map(({ text }) => text);
const JOINED = stateAfter(
  INITIAL_STATE,
  { type: 'joining' },
  { type: 'joined', join: joinResponse, atMs: 100_000 },
);
const camera = { consumerId: 'c1', peerId: 'p1', source: 'camera', paused: false } as const;

describe('joining', () => {
  it('has everyone’s names, the local peer, and where the meeting’s clock was 0', () => {
    expect(JOINED).toMatchObject({ phase: 'joined', connection: 'connected', clockZeroMs: 40_000 });
    expect(localPeer(JOINED)?.host).toBe(true);
    expect(nameOf(JOINED, 1)).toBe('Person 1');
    expect(nameOf(JOINED, 7)).toBe('Someone');
  });

  it('returns to the lobby with the sentence when it fails', () => {
    const state = stateAfter(INITIAL_STATE, { type: 'joining' }, { type: 'join-failed', sentence: 'Full.' });
    expect(state).toMatchObject({ phase: 'lobby', joinError: 'Full.' });
    expect(stateAfter(state, { type: 'joining' }).joinError).toBeNull();
  });

  it('shows no lobby for a meeting that has ended', () => {
    const info = {
      kind: 'meeting',
      title: 'T',
      name: 'N',
      host: false,
      threadUrl: null,
      startedAtMs: 0,
      capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
      closed: 'It has ended.',
    } as const;
    expect(stateAfter(INITIAL_STATE, { type: 'info', info })).toMatchObject({
      phase: 'ended',
      ending: { kind: 'closed', sentence: 'It has ended.' },
    });
  });

  it('again keeps captions and what is open', () => {
    const lost = stateAfter(
      JOINED,
      notify({
        notification: 'caption',
        caption: { partyIndex: 1, id: 'a', text: 'Hi.', committed: 3, startMs: 0, endMs: 1, isFinal: true },
      }),
      { type: 'panel', panel: 'transcript' },
      { type: 'channel-unresponsive', unresponsive: true },
      { type: 'channel-lost' },
    );
    expect(lost.connection).toBe('lost');
    const back = stateAfter(lost, { type: 'joined', join: { ...joinResponse, resumed: true }, atMs: 0 });
    expect(back).toMatchObject({ connection: 'connected', panel: 'transcript' });
    expect(back.captions.lines).toHaveLength(1);
  });
});

describe('the local hand', () => {
  const RAISED = stateAfter(JOINED, { type: 'hand', raised: true });

  it('is raised at once, whatever older updates say', () => {
    expect(localPeer(RAISED)?.handRaised).toBe(true);
    const updated = stateAfter(
      RAISED,
      notify({ notification: 'peerUpdated', peer: peer('p0', { microphone: 'muted' }) }),
    );
    expect(localPeer(updated)).toMatchObject({ handRaised: true, microphone: 'muted' });
  });

  it('stays as chosen after a reconnect, and so do captions and consent', () => {
    const chosen = stateAfter(RAISED, { type: 'channel-lost' }, { type: 'captions-wanted', wanted: false });
    const back = stateAfter(chosen, {
      type: 'joined',
      join: { ...joinResponse, resumed: true, consented: false },
      atMs: 0,
    });
    expect(back).toMatchObject({ handRaised: true, captionsWanted: false, consented: true });
    expect(localPeer(back)?.handRaised).toBe(true);
  });

  it('is as the server has it after a reload', () => {
    const there = { ...joinResponse, resumed: true, peers: [peer('p0', { handRaised: true })] };
    expect(stateAfter(INITIAL_STATE, { type: 'joined', join: there, atMs: 0 }).handRaised).toBe(true);
  });
});

describe('the connection', () => {
  it('is unresponsive until a message comes', () => {
    const unresponsive = stateAfter(JOINED, { type: 'channel-unresponsive', unresponsive: true });
    expect(unresponsive.connection).toBe('unresponsive');
    expect(stateAfter(unresponsive, { type: 'channel-unresponsive', unresponsive: false }).connection).toBe(
      'connected',
    );
  });
});

describe('people', () => {
  it.each<[string, Notification, string | null]>([
    ['joins', { notification: 'peerJoined', peer: peer('p2') }, 'Person 2 joined.'],
    [
      'raises a hand',
      { notification: 'peerUpdated', peer: peer('p1', { handRaised: true }) },
      'Person 1 raised a hand.',
    ],
    [
      'shares a screen',
      { notification: 'peerUpdated', peer: peer('p1', { screen: true }) },
      'Person 1 is sharing a screen.',
    ],
    ['leaves', { notification: 'peerLeft', peerId: 'p1' }, 'Person 1 left.'],
    ['is muted', { notification: 'peerUpdated', peer: peer('p1', { microphone: 'muted' }) }, null],
    ['is oneself', { notification: 'peerUpdated', peer: peer('p0', { handRaised: true }) }, null],
    ['leaves twice', { notification: 'peerLeft', peerId: 'p9' }, null],
  ])('are announced, or not, when someone %s', (_, notification, sentence) => {
    expect(noticesOf(stateAfter(JOINED, notify(notification)))).toEqual(sentence === null ? [] : [sentence]);
  });

  it('leave with all that is theirs, but for their name in the transcript', () => {
    const state = stateAfter(
      JOINED,
      { type: 'stream-added', stream: camera },
      { type: 'pin', tile: { peerId: 'p1', source: 'screen' } },
      { type: 'dialog', dialog: { kind: 'remove', peerId: 'p1' } },
      notify({ notification: 'activeSpeaker', peerId: 'p1' }),
      notify({ notification: 'peerLeft', peerId: 'p1' }),
    );
    expect(state).toMatchObject({ streams: [], pinned: null, dialog: null, activeSpeakerId: null });
    expect(nameOf(state, 1)).toBe('Person 1');
  });

  it('keep their order when they change', () => {
    const state = stateAfter(
      JOINED,
      notify({ notification: 'peerUpdated', peer: peer('p0', { handRaised: true }) }),
    );
    expect(state.peers.map(({ peerId }) => peerId)).toEqual(['p0', 'p1']);
  });

  it('have levels of 0 to 1, and never 0 when audible', () => {
    const levels = [
      { peerId: 'p0', dbov: 0 },
      { peerId: 'p1', dbov: -127 },
    ];
    expect(stateAfter(JOINED, notify({ notification: 'audioLevels', levels })).audioLevels).toEqual({
      p0: 1,
      p1: 0.05,
    });
  });
});

describe('streams', () => {
  it('follow their senders', () => {
    const here = stateAfter(JOINED, { type: 'stream-added', stream: camera });
    expect(streamOf(here, 'p1', 'camera')).toEqual(camera);
    expect(streamOf(here, 'p1', 'screen')).toBeUndefined();
    const paused = stateAfter(here, notify({ notification: 'consumerPaused', consumerId: 'c1' }));
    expect(streamOf(paused, 'p1', 'camera')?.paused).toBe(true);
    const resumed = stateAfter(paused, notify({ notification: 'consumerResumed', consumerId: 'c1' }));
    expect(streamOf(resumed, 'p1', 'camera')?.paused).toBe(false);
    expect(stateAfter(resumed, notify({ notification: 'consumerClosed', consumerId: 'c1' })).streams).toEqual(
      [],
    );
    expect(stateAfter(resumed, { type: 'media-closed' }).streams).toEqual([]);
  });
});

describe('captions', () => {
  const caption = { partyIndex: 1, id: 'a', text: 'Hi', committed: 0, startMs: 0, endMs: 1, isFinal: false };

  it('are ignored while they are turned off', () => {
    const state = stateAfter(
      JOINED,
      { type: 'captions-wanted', wanted: false },
      notify({ notification: 'caption', caption }),
    );
    expect(state.captions.live).toEqual([]);
  });

  it('are announced with the reason when they end for good', () => {
    const stopped = 'Ben declined to be recorded and transcribed.';
    const state = stateAfter(
      JOINED,
      notify({ notification: 'captionsState', on: false, delayed: false, unsaved: false, stopped }),
    );
    expect(state).toMatchObject({ captionsOn: false, captionsStopped: stopped });
    expect(noticesOf(state)).toEqual([stopped]);
  });

  it.each([
    [false, ['The host turned captions off.']],
    [true, []],
  ])('are announced when they are switched for everyone: %s', (on, sentences) => {
    const state = stateAfter(
      JOINED,
      notify({ notification: 'captionsState', on, delayed: true, unsaved: true, stopped: null }),
    );
    expect(state).toMatchObject({ captionsOn: on, captionsDelayed: true, captionsUnsaved: true });
    expect(noticesOf(state)).toEqual(sentences);
  });

  it('have the names of people who left, and the newest names of people who are here', () => {
    const transcript = {
      lines: [],
      last: 4,
      more: false,
      parties: [
        { partyIndex: 1, name: 'Old name' },
        { partyIndex: 5, name: 'Gone' },
      ],
    };
    const state = stateAfter(JOINED, { type: 'transcript', transcript });
    expect([nameOf(state, 1), nameOf(state, 5)]).toEqual(['Person 1', 'Gone']);
    expect(state.captions.since).toBe(4);
  });
});

describe('the end', () => {
  const asGuest = stateAfter(JOINED, {
    type: 'notification',
    notification: { notification: 'peerUpdated', peer: peer('p0') },
    atMs: 0,
  });
  const call = stateAfter(
    {
      ...INITIAL_STATE,
      info: {
        kind: 'call',
        title: 'Call',
        name: '',
        host: true,
        threadUrl: null,
        startedAtMs: 0,
        closed: null,
        capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
      },
    },
    { type: 'joined', join: joinResponse, atMs: 0 },
  );

  it.each<[State, Notification, State['ending']]>([
    [
      asGuest,
      { notification: 'removed', by: 'Maya' },
      { kind: 'removed', sentence: 'Maya removed you from the meeting.' },
    ],
    [
      asGuest,
      { notification: 'meetingEnded', by: 'Maya' },
      { kind: 'ended', sentence: 'Maya ended the meeting.' },
    ],
    [
      JOINED,
      { notification: 'meetingEnded', by: 'Person 0' },
      { kind: 'ended', sentence: 'You ended the meeting.' },
    ],
    [JOINED, { notification: 'meetingEnded', by: null }, { kind: 'ended', sentence: 'The meeting ended.' }],
    [call, { notification: 'meetingEnded', by: null }, { kind: 'ended', sentence: 'The call ended.' }],
  ])('has a sentence, and the first ending stays', (state, notification, ending) => {
    const later: Action = { type: 'ended', ending: { kind: 'replaced', sentence: 'Later.' } };
    expect(stateAfter(state, notify(notification), later)).toMatchObject({ phase: 'ended', ending });
  });
});

describe('the local microphone', () => {
  it('is muted by the host', () => {
    const state = stateAfter(
      JOINED,
      { type: 'local-media', change: { microphone: 'on' } },
      notify({ notification: 'youWereMuted', by: 'M' }),
    );
    expect(state.localMedia.microphone).toBe('muted');
    expect(noticesOf(state)).toEqual(['M muted you.']);
  });
});

describe('notices', () => {
  const info = (text: string): Action => ({ type: 'notice', text });
  const error = (text: string): Action => ({ type: 'notice', text, tone: 'error' });
  const dismiss = (state: State, text: string): State =>
    stateAfter(state, { type: 'notice-dismissed', id: state.notices.find((each) => each.text === text)!.id });

  it('are dismissed by id, and never the next one by mistake', () => {
    const one = stateAfter(JOINED, info('One'));
    const none = dismiss(one, 'One');
    expect(none.notices).toEqual([]);
    const two = stateAfter(none, info('Two'));
    expect(noticesOf(stateAfter(two, { type: 'notice-dismissed', id: one.notices[0]!.id }))).toEqual(['Two']);
  });

  it('stay until they are dismissed when they are errors', () => {
    const state = stateAfter(JOINED, error('Lost.'), info('One'), error('Broken.'), info('Two'));
    expect(noticesOf(state)).toEqual(['Lost.', 'Broken.', 'Two']);
    expect(noticesOf(dismiss(state, 'Lost.'))).toEqual(['Broken.', 'Two']);
    expect(noticesOf(dismiss(state, 'Two'))).toEqual(['Lost.', 'Broken.']);
  });

  it('of an error leave an info in place', () => {
    expect(noticesOf(stateAfter(JOINED, info('One'), error('Lost.')))).toEqual(['One', 'Lost.']);
  });

  it('of an error that repeats are one, moved to the end with a new id', () => {
    const once = stateAfter(JOINED, error('Lost.'), error('Broken.'));
    const again = stateAfter(once, error('Lost.'));
    expect(noticesOf(again)).toEqual(['Broken.', 'Lost.']);
    expect(again.notices[1]!.id).not.toBe(once.notices[0]!.id);
  });
});

describe('phones', () => {
  const ringing = { legId: 'l1' as LegId, name: '+44 20 7946 0101', state: 'ringing' } as const;

  it.each([
    ['busy', '+44 20 7946 0101 is busy.'],
    ['no-answer', '+44 20 7946 0101 didn’t answer.'],
    ['failed', 'Couldn’t reach +44 20 7946 0101.'],
    ['room-full', '+44 20 7946 0101 couldn’t join: it’s full.'],
  ] as const)('that did not join are announced once: %s', (ended, sentence) => {
    const state = stateAfter(
      JOINED,
      notify({ notification: 'phones', phones: [ringing] }),
      notify({ notification: 'phones', phones: [{ ...ringing, state: ended }] }),
    );
    expect(noticesOf(state)).toEqual([sentence]);
    const again = stateAfter(state, { type: 'notice-dismissed', id: state.notices[0]!.id });
    expect(
      reduce(again, notify({ notification: 'phones', phones: [{ ...ringing, state: ended }] })).notices,
    ).toEqual([]);
  });

  it('that join are announced as anyone else', () => {
    const state = stateAfter(
      JOINED,
      notify({ notification: 'phones', phones: [ringing] }),
      notify({ notification: 'phones', phones: [] }),
      notify({ notification: 'peerJoined', peer: peer('p2', { legId: 'l1', name: ringing.name }) }),
    );
    expect(state.phones).toEqual([]);
    expect(noticesOf(state)).toEqual(['+44 20 7946 0101 joined.']);
  });
});

describe('speaking while muted', () => {
  const muted = stateAfter(JOINED, { type: 'local-media', change: { microphone: 'muted' } });
  const told = stateAfter(muted, { type: 'spoke-muted', shown: true });

  it('is shown until they unmute, or for a while', () => {
    expect(told.spokeMuted).toBe(true);
    expect(stateAfter(told, { type: 'local-media', change: { microphone: 'on' } }).spokeMuted).toBe(false);
    expect(stateAfter(told, { type: 'local-media', change: { camera: true } }).spokeMuted).toBe(true);
    expect(stateAfter(told, { type: 'spoke-muted', shown: false }).spokeMuted).toBe(false);
  });

  it('is nothing to someone who is heard', () => {
    expect(stateAfter(JOINED, { type: 'spoke-muted', shown: true }).spokeMuted).toBe(false);
  });
});
