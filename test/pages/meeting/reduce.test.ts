import { describe, expect, it } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { JoinResponse, Notification, PeerView } from '../../../src/media/signalling/messages.ts';
import { type Action, reduce } from '../../../src/pages/meeting/reduce.ts';
import { INITIAL, mine, nameOf, type State, streamOf } from '../../../src/pages/meeting/state.ts';

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
const joined: JoinResponse = {
  peerId: 'p0',
  resumeToken: 'token',
  resumed: false,
  media: null,
  title: 'Stand-up',
  nowMs: 60_000,
  captionsOn: true,
  captionsDelayed: false,
  consented: true,
  captionsWanted: true,
  iceServers: [],
  peers: [peer('p0', { host: true }), peer('p1')],
  mayAddPhone: true,
  phones: [],
  captionsStopped: null,
};
const following = (from: State, ...actions: Action[]): State => actions.reduce(reduce, from);
const tell = (told: Notification, atMs = 0): Action => ({ type: 'told', told, atMs });
const noticesOf = (state: State): string[] => state.notices.map(({ text }) => text);
const IN = following(INITIAL, { type: 'joining' }, { type: 'joined', joined, atMs: 100_000 });
const camera = { consumerId: 'c1', peerId: 'p1', source: 'camera', paused: false } as const;

describe('joining', () => {
  it('knows who is here, who one is, and where the meeting’s clock was 0', () => {
    expect(IN).toMatchObject({ phase: 'in', line: 'live', clockZeroMs: 40_000 });
    expect(mine(IN)?.host).toBe(true);
    expect(nameOf(IN, 1)).toBe('Person 1');
    expect(nameOf(IN, 7)).toBe('Somebody');
  });

  it('goes back to the lobby with the sentence why not', () => {
    const state = following(INITIAL, { type: 'joining' }, { type: 'not-joined', problem: 'Full.' });
    expect(state).toMatchObject({ phase: 'lobby', problem: 'Full.' });
    expect(following(state, { type: 'joining' }).problem).toBeNull();
  });

  it('does not open a lobby for a meeting that is over', () => {
    const info = { title: 'T', name: 'N', host: false, startedAtMs: 0, closed: 'It is over.' };
    expect(following(INITIAL, { type: 'info', info })).toMatchObject({
      phase: 'over',
      over: { kind: 'closed', sentence: 'It is over.' },
    });
  });

  it('keeps captions and choices when the line comes back', () => {
    const lost = following(
      IN,
      tell({
        notification: 'caption',
        caption: { partyIndex: 1, id: 'a', text: 'Hi.', committed: 3, startMs: 0, endMs: 1, isFinal: true },
      }),
      { type: 'panel', panel: 'transcript' },
      { type: 'line-silent', silent: true },
      { type: 'line-lost' },
    );
    expect(lost.line).toBe('lost');
    const back = following(lost, { type: 'joined', joined: { ...joined, resumed: true }, atMs: 0 });
    expect(back).toMatchObject({ line: 'live', panel: 'transcript' });
    expect(back.captions.lines).toHaveLength(1);
  });
});

describe('one’s own hand', () => {
  const RAISED = following(IN, { type: 'hand', raised: true });

  it('is up as soon as its person wishes, whatever older news say', () => {
    expect(mine(RAISED)?.handRaised).toBe(true);
    const told = following(
      RAISED,
      tell({ notification: 'peerUpdated', peer: peer('p0', { microphone: 'muted' }) }),
    );
    expect(mine(told)).toMatchObject({ handRaised: true, microphone: 'muted' });
  });

  it('is as wished when the line comes back, with captions and consent', () => {
    const wished = following(RAISED, { type: 'line-lost' }, { type: 'captions-wanted', wanted: false });
    const back = following(wished, {
      type: 'joined',
      joined: { ...joined, resumed: true, consented: false },
      atMs: 0,
    });
    expect(back).toMatchObject({ handRaised: true, captionsWanted: false, consented: true });
    expect(mine(back)?.handRaised).toBe(true);
  });

  it('is as the server knows it for a page that was loaded anew', () => {
    const there = { ...joined, resumed: true, peers: [peer('p0', { handRaised: true })] };
    expect(following(INITIAL, { type: 'joined', joined: there, atMs: 0 }).handRaised).toBe(true);
  });
});

describe('the line', () => {
  it('is silent until it is heard of again', () => {
    const silent = following(IN, { type: 'line-silent', silent: true });
    expect(silent.line).toBe('silent');
    expect(following(silent, { type: 'line-silent', silent: false }).line).toBe('live');
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
  ])('tells in a sentence, or not at all, when somebody %s', (_, told, sentence) => {
    expect(noticesOf(following(IN, tell(told)))).toEqual(sentence === null ? [] : [sentence]);
  });

  it('takes what belongs to somebody who leaves, and keeps the name for what they said', () => {
    const state = following(
      IN,
      { type: 'received', stream: camera },
      { type: 'pin', picture: { peerId: 'p1', source: 'screen' } },
      { type: 'dialog', dialog: { kind: 'remove', peerId: 'p1' } },
      tell({ notification: 'activeSpeaker', peerId: 'p1' }),
      tell({ notification: 'peerLeft', peerId: 'p1' }),
    );
    expect(state).toMatchObject({ streams: [], pinned: null, dialog: null, speaker: null });
    expect(nameOf(state, 1)).toBe('Person 1');
  });

  it('keeps people in their places when they change', () => {
    const state = following(
      IN,
      tell({ notification: 'peerUpdated', peer: peer('p0', { handRaised: true }) }),
    );
    expect(state.peers.map(({ peerId }) => peerId)).toEqual(['p0', 'p1']);
  });

  it('shows levels as 0 to 1, never nothing for somebody who is heard', () => {
    const levels = [
      { peerId: 'p0', dbov: 0 },
      { peerId: 'p1', dbov: -127 },
    ];
    expect(following(IN, tell({ notification: 'audioLevels', levels })).levels).toEqual({ p0: 1, p1: 0.05 });
  });
});

describe('streams', () => {
  it('follow their senders', () => {
    const here = following(IN, { type: 'received', stream: camera });
    expect(streamOf(here, 'p1', 'camera')).toEqual(camera);
    expect(streamOf(here, 'p1', 'screen')).toBeUndefined();
    const paused = following(here, tell({ notification: 'consumerPaused', consumerId: 'c1' }));
    expect(streamOf(paused, 'p1', 'camera')?.paused).toBe(true);
    const resumed = following(paused, tell({ notification: 'consumerResumed', consumerId: 'c1' }));
    expect(streamOf(resumed, 'p1', 'camera')?.paused).toBe(false);
    expect(following(resumed, tell({ notification: 'consumerClosed', consumerId: 'c1' })).streams).toEqual(
      [],
    );
    expect(following(resumed, { type: 'media-gone' }).streams).toEqual([]);
  });
});

describe('captions', () => {
  const caption = { partyIndex: 1, id: 'a', text: 'Hi', committed: 0, startMs: 0, endMs: 1, isFinal: false };

  it('are not taken by somebody who turned them off', () => {
    const state = following(
      IN,
      { type: 'captions-wanted', wanted: false },
      tell({ notification: 'caption', caption }),
    );
    expect(state.captions.live).toEqual([]);
  });

  it('say why they ended for good', () => {
    const stopped = 'Ben declined to be recorded and transcribed.';
    const state = following(IN, tell({ notification: 'captionsState', on: false, delayed: false, stopped }));
    expect(state).toMatchObject({ captionsOn: false, captionsStopped: stopped });
    expect(noticesOf(state)).toEqual([stopped]);
  });

  it.each([
    [false, ['The host turned captions off.']],
    [true, []],
  ])('say when they are switched for everybody: %s', (on, sentences) => {
    const state = following(IN, tell({ notification: 'captionsState', on, delayed: true, stopped: null }));
    expect(state).toMatchObject({ captionsOn: on, captionsDelayed: true });
    expect(noticesOf(state)).toEqual(sentences);
  });

  it('have names of those who were here before, and who is here says best what they are called', () => {
    const transcript = {
      lines: [],
      last: 4,
      more: false,
      parties: [
        { partyIndex: 1, name: 'Old name' },
        { partyIndex: 5, name: 'Gone' },
      ],
    };
    const state = following(IN, { type: 'transcript', transcript });
    expect([nameOf(state, 1), nameOf(state, 5)]).toEqual(['Person 1', 'Gone']);
    expect(state.captions.since).toBe(4);
  });
});

describe('the end', () => {
  it.each<[Notification, State['over']]>([
    [
      { notification: 'removed', by: 'Maya' },
      { kind: 'removed', sentence: 'Maya removed you from this meeting.' },
    ],
    [
      { notification: 'meetingEnded', by: 'Maya' },
      { kind: 'ended', sentence: 'Maya ended the meeting for everybody.' },
    ],
    [
      { notification: 'meetingEnded', by: null },
      { kind: 'ended', sentence: 'The conversation is over.' },
    ],
  ])('is told in a sentence, and the first reason stays: %o', (told, over) => {
    const later: Action = { type: 'over', over: { kind: 'elsewhere', sentence: 'Later.' } };
    expect(following(IN, tell(told), later)).toMatchObject({ phase: 'over', over });
  });

  it('mutes whom the host mutes', () => {
    const state = following(
      IN,
      { type: 'own', own: { microphone: 'on' } },
      tell({ notification: 'youWereMuted', by: 'M' }),
    );
    expect(state.own.microphone).toBe('muted');
    expect(noticesOf(state)).toEqual(['M muted you.']);
  });
});

describe('notices', () => {
  const news = (text: string): Action => ({ type: 'notice', text });
  const problem = (text: string): Action => ({ type: 'notice', text, tone: 'problem' });
  /** Reads the one that is shown with these words. */
  const read = (state: State, text: string): State =>
    following(state, { type: 'notice-read', id: state.notices.find((each) => each.text === text)!.id });

  it('are read one by one, and never the next one by mistake', () => {
    const one = following(IN, news('One'));
    const none = read(one, 'One');
    expect(none.notices).toEqual([]);
    const two = following(none, news('Two'));
    expect(noticesOf(following(two, { type: 'notice-read', id: one.notices[0]!.id }))).toEqual(['Two']);
  });

  it('of problems stay until they are read, whatever news comes', () => {
    const state = following(IN, problem('Lost.'), news('One'), problem('Broken.'), news('Two'));
    expect(noticesOf(state)).toEqual(['Lost.', 'Broken.', 'Two']);
    expect(noticesOf(read(state, 'Lost.'))).toEqual(['Broken.', 'Two']);
    expect(noticesOf(read(state, 'Two'))).toEqual(['Lost.', 'Broken.']);
  });

  it('of a problem do not take news away before it was read', () => {
    expect(noticesOf(following(IN, news('One'), problem('Lost.')))).toEqual(['One', 'Lost.']);
  });

  it('of a problem that comes again are one, told anew', () => {
    const once = following(IN, problem('Lost.'), problem('Broken.'));
    const again = following(once, problem('Lost.'));
    expect(noticesOf(again)).toEqual(['Broken.', 'Lost.']);
    expect(again.notices[1]!.id).not.toBe(once.notices[0]!.id);
  });
});

describe('telephones', () => {
  const ringing = { legId: 'l1' as LegId, name: '+44 20 7946 0101', state: 'ringing' } as const;

  it.each([
    ['busy', '+44 20 7946 0101 is busy.'],
    ['no-answer', '+44 20 7946 0101 does not answer.'],
    ['failed', '+44 20 7946 0101 could not be reached.'],
    ['room-full', 'There was no place left for +44 20 7946 0101.'],
  ] as const)('that did not come are told of once: %s', (is, sentence) => {
    const state = following(
      IN,
      tell({ notification: 'phones', phones: [ringing] }),
      tell({ notification: 'phones', phones: [{ ...ringing, state: is }] }),
    );
    expect(noticesOf(state)).toEqual([sentence]);
    const again = following(state, { type: 'notice-read', id: state.notices[0]!.id });
    expect(
      reduce(again, tell({ notification: 'phones', phones: [{ ...ringing, state: is }] })).notices,
    ).toEqual([]);
  });

  it('that came are told of as everybody else', () => {
    const state = following(
      IN,
      tell({ notification: 'phones', phones: [ringing] }),
      tell({ notification: 'phones', phones: [] }),
      tell({ notification: 'peerJoined', peer: peer('p2', { legId: 'l1', name: ringing.name }) }),
    );
    expect(state.phones).toEqual([]);
    expect(noticesOf(state)).toEqual(['+44 20 7946 0101 joined.']);
  });
});
