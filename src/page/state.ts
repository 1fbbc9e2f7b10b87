import type {
  Answers,
  Caption,
  Joined,
  Notification,
  PeerView,
  PhoneView,
  Source,
  Transcript,
} from '../media/signalling/messages.ts';
import { type Captions, NO_CAPTIONS, withCaption, withTranscript } from './captions.ts';

/** What the link says about itself, before anybody joins. */
export interface Info {
  readonly title: string;
  readonly name: string;
  readonly host: boolean;
  /** Epoch. */
  readonly startedAtMs: number;
  /** Why nobody can join any more, as a sentence; null while they can. */
  readonly closed: string | null;
}

/** A stream of somebody else that this page receives. */
export interface Stream {
  readonly consumerId: string;
  readonly peerId: string;
  readonly source: Source;
  /** By its sender. */
  readonly paused: boolean;
}

/** What this page sends. */
export interface Own {
  readonly microphone: 'off' | 'muted' | 'on';
  readonly camera: boolean;
  readonly screen: boolean;
}

export type Panel = 'people' | 'transcript' | null;
type Dialog =
  | { readonly kind: 'settings' | 'keys' | 'consent' | 'leave' | 'phone' }
  | { readonly kind: 'remove'; readonly peerId: string }
  | null;

/** How it ended for this page. */
export interface Over {
  readonly kind: 'left' | 'removed' | 'ended' | 'elsewhere' | 'closed';
  readonly sentence: string;
}

/** What the page knows and shows. Changed only by `reduce`, which is pure. */
export interface State {
  readonly info: Info | null;
  readonly phase: 'lobby' | 'joining' | 'in' | 'over';
  /** `silent`: nothing comes on it at the moment, and it may well go on by itself. */
  readonly line: 'live' | 'silent' | 'lost';
  readonly over: Over | null;
  /** Why joining failed, as a sentence. */
  readonly problem: string | null;
  readonly me: string;
  /** By the page's own clock, where the meeting's clock was 0. */
  readonly clockZeroMs: number;
  /** In the order in which they came. */
  readonly peers: readonly PeerView[];
  readonly streams: readonly Stream[];
  readonly own: Own;
  readonly consented: boolean;
  /** For everybody, by the host. */
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  /** Why they ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
  readonly mayAddPhone: boolean;
  /** Telephones that ring, or that did not come. */
  readonly phones: readonly PhoneView[];
  /** For this page. */
  readonly captionsWanted: boolean;
  readonly captions: Captions;
  /** Names by party, also of those who left. */
  readonly names: Readonly<Record<number, string>>;
  readonly talkTime: readonly { readonly partyIndex: number; readonly speakingMs: number }[];
  /** Who is or was the last to be mainly heard. */
  readonly speaker: string | null;
  /** Who is heard right now, with how loud: 0 to 1. */
  readonly levels: Readonly<Record<string, number>>;
  readonly panel: Panel;
  readonly dialog: Dialog;
  /** Shown large by this page's own choice. */
  readonly pinned: string | null;
  readonly notice: Notice | null;
}

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'problem' | 'news';
}

export type Action =
  | { readonly type: 'info'; readonly info: Info }
  | { readonly type: 'joining' }
  | { readonly type: 'joined'; readonly joined: Joined; readonly atMs: number }
  | { readonly type: 'not-joined'; readonly problem: string }
  | { readonly type: 'line-silent'; readonly silent: boolean }
  | { readonly type: 'line-lost' }
  | { readonly type: 'over'; readonly over: Over }
  | { readonly type: 'told'; readonly told: Notification; readonly atMs: number }
  | { readonly type: 'media-gone' }
  | { readonly type: 'received'; readonly stream: Stream }
  | { readonly type: 'own'; readonly own: Partial<Own> }
  | { readonly type: 'consented'; readonly accepted: boolean }
  | { readonly type: 'captions-wanted'; readonly wanted: boolean }
  | { readonly type: 'transcript'; readonly transcript: Answers['getTranscript'] }
  | { readonly type: 'panel'; readonly panel: Panel }
  | { readonly type: 'dialog'; readonly dialog: Dialog }
  | { readonly type: 'pin'; readonly peerId: string | null }
  | { readonly type: 'notice'; readonly text: string; readonly tone?: Notice['tone'] }
  | { readonly type: 'notice-read'; readonly id: number };

export const INITIAL: State = {
  info: null,
  phase: 'lobby',
  line: 'live',
  over: null,
  problem: null,
  me: '',
  clockZeroMs: 0,
  peers: [],
  streams: [],
  own: { microphone: 'off', camera: false, screen: false },
  consented: false,
  captionsOn: true,
  captionsDelayed: false,
  captionsStopped: null,
  mayAddPhone: false,
  phones: [],
  captionsWanted: true,
  captions: NO_CAPTIONS,
  names: {},
  talkTime: [],
  speaker: null,
  levels: {},
  panel: null,
  dialog: null,
  pinned: null,
  notice: null,
};

export const reduce = (state: State, action: Action): State => {
  switch (action.type) {
    case 'info': {
      const { info } = action;
      const over: Over | null = info.closed === null ? null : { kind: 'closed', sentence: info.closed };
      return over === null ? { ...state, info } : { ...state, info, over, phase: 'over' };
    }
    case 'joining':
      return { ...state, phase: 'joining', problem: null };
    case 'joined':
      return joined(state, action.joined, action.atMs);
    case 'not-joined':
      return { ...state, phase: 'lobby', problem: action.problem };
    case 'line-silent':
      return { ...state, line: action.silent ? 'silent' : 'live' };
    case 'line-lost':
      return { ...state, line: 'lost', levels: {} };
    case 'over':
      // The first reason is the true one: a line that is closed after "removed" is no news.
      return state.phase === 'over' ? state : { ...state, phase: 'over', over: action.over, dialog: null };
    case 'told':
      return told(state, action.told, action.atMs);
    case 'media-gone':
      return { ...state, streams: [], levels: {} };
    case 'received':
      return { ...state, streams: [...without(state.streams, action.stream.consumerId), action.stream] };
    case 'own':
      return { ...state, own: { ...state.own, ...action.own } };
    case 'consented':
      return { ...state, consented: action.accepted };
    case 'captions-wanted':
      return { ...state, captionsWanted: action.wanted, captions: { ...state.captions, live: [] } };
    case 'transcript':
      return transcript(state, action.transcript);
    case 'panel':
      return { ...state, panel: action.panel };
    case 'dialog':
      return { ...state, dialog: action.dialog };
    case 'pin':
      return { ...state, pinned: action.peerId };
    case 'notice':
      return notice(state, action.text, action.tone);
    case 'notice-read':
      return state.notice?.id === action.id ? { ...state, notice: null } : state;
  }
};

const joined = (state: State, join: Joined, atMs: number): State => ({
  ...state,
  phase: 'in',
  line: 'live',
  problem: null,
  me: join.peerId,
  clockZeroMs: atMs - join.nowMs,
  peers: join.peers,
  names: withNames(state.names, join.peers),
  consented: join.consented,
  captionsOn: join.captionsOn,
  captionsDelayed: join.captionsDelayed,
  captionsStopped: join.captionsStopped,
  mayAddPhone: join.mayAddPhone,
  phones: join.phones,
  captionsWanted: join.captionsWanted,
  info: state.info === null ? null : { ...state.info, title: join.title },
});

const told = (state: State, news: Notification, atMs: number): State => {
  switch (news.tell) {
    case 'peerJoined':
    case 'peerUpdated':
      return withPeer(state, news.peer);
    case 'peerLeft':
      return withoutPeer(state, news.peerId);
    case 'consumerClosed':
      return { ...state, streams: without(state.streams, news.consumerId) };
    case 'consumerPaused':
    case 'consumerResumed': {
      const paused = news.tell === 'consumerPaused';
      const streams = state.streams.map((each) =>
        each.consumerId === news.consumerId ? { ...each, paused } : each,
      );
      return { ...state, streams };
    }
    case 'activeSpeaker':
      return { ...state, speaker: news.peerId };
    case 'audioLevels':
      return { ...state, levels: levels(news.levels) };
    case 'caption':
      return heard(state, news.caption, atMs);
    case 'captionsState':
      return captionsState(state, news);
    case 'phones':
      return phones(state, news.phones);
    case 'talkTime':
      return { ...state, talkTime: news.parties };
    case 'youWereMuted':
      return notice({ ...state, own: { ...state.own, microphone: 'muted' } }, `${news.by} muted you.`);
    case 'removed':
      return over(state, 'removed', `${news.by} removed you from this meeting.`);
    case 'meetingEnded':
      return over(
        state,
        'ended',
        news.by === null ? 'The meeting ended.' : `${news.by} ended the meeting for everybody.`,
      );
    // These are for what carries the media and the line, not for what is shown.
    case 'welcome':
    case 'newConsumer':
    case 'mediaLost':
    case 'reconnectTo':
      return state;
  }
};

const over = (state: State, kind: Over['kind'], sentence: string): State =>
  reduce(state, { type: 'over', over: { kind, sentence } });

const notice = (state: State, text: string, tone: Notice['tone'] = 'news'): State => ({
  ...state,
  notice: { id: (state.notice?.id ?? 0) + 1, text, tone },
});

const withPeer = (state: State, peer: PeerView): State => {
  const at = state.peers.findIndex(({ peerId }) => peerId === peer.peerId);
  const before = state.peers[at];
  const next: State = {
    ...state,
    peers: before === undefined ? [...state.peers, peer] : state.peers.with(at, peer),
    names: withNames(state.names, [peer]),
  };
  const news = peer.peerId === state.me ? null : newsOf(before, peer);
  return news === null ? next : notice(next, news);
};

const newsOf = (before: PeerView | undefined, now: PeerView): string | null => {
  if (before === undefined) return `${now.name} joined.`;
  if (now.handRaised && !before.handRaised) return `${now.name} raised a hand.`;
  if (now.screen && !before.screen) return `${now.name} is sharing a screen.`;
  return null;
};

const withoutPeer = (state: State, peerId: string): State => {
  const gone = state.peers.find((peer) => peer.peerId === peerId);
  if (gone === undefined) return state;
  const next: State = {
    ...state,
    peers: state.peers.filter((peer) => peer !== gone),
    streams: state.streams.filter((stream) => stream.peerId !== peerId),
    speaker: state.speaker === peerId ? null : state.speaker,
    pinned: state.pinned === peerId ? null : state.pinned,
    dialog: state.dialog?.kind === 'remove' && state.dialog.peerId === peerId ? null : state.dialog,
  };
  return notice(next, `${gone.name} left.`);
};

const withNames = (names: State['names'], people: readonly { partyIndex: number; name: string }[]) => ({
  ...names,
  ...Object.fromEntries(people.map(({ partyIndex, name }) => [partyIndex, name])),
});

const without = (streams: readonly Stream[], consumerId: string): readonly Stream[] =>
  streams.filter((stream) => stream.consumerId !== consumerId);

/** From -60 (a quiet room) to -20 dBov (a voice close by), as 0 to 1. */
const levels = (heard: readonly { peerId: string; dbov: number }[]): State['levels'] =>
  Object.fromEntries(
    heard.map(({ peerId, dbov }) => [peerId, Math.min(1, Math.max(0.05, (dbov + 60) / 40))]),
  );

const heard = (state: State, caption: Caption, atMs: number): State =>
  state.captionsWanted ? { ...state, captions: withCaption(state.captions, caption, atMs) } : state;

/** What is said aloud of a telephone that did not come. */
const DID_NOT_COME: Readonly<Record<Exclude<PhoneView['state'], 'ringing'>, (name: string) => string>> = {
  busy: (name) => `${name} is busy.`,
  'no-answer': (name) => `${name} does not answer.`,
  failed: (name) => `${name} could not be reached.`,
};

const phones = (state: State, now: readonly PhoneView[]): State => {
  const next: State = { ...state, phones: now };
  const rang = new Set(state.phones.filter((each) => each.state === 'ringing').map(({ legId }) => legId));
  for (const { legId, name, state: is } of now) {
    if (is !== 'ringing' && rang.has(legId)) return notice(next, DID_NOT_COME[is](name));
  }
  return next;
};

const captionsState = (state: State, news: Extract<Notification, { tell: 'captionsState' }>): State => {
  const next: State = {
    ...state,
    captionsOn: news.on,
    captionsDelayed: news.delayed,
    captionsStopped: news.stopped,
  };
  if (news.stopped !== null && state.captionsStopped === null) return notice(next, news.stopped);
  if (news.on === state.captionsOn) return next;
  return notice(next, news.on ? 'Captions are on for everybody.' : 'The host turned captions off.');
};

const transcript = (state: State, answer: Transcript): State => ({
  ...state,
  captions: withTranscript(state.captions, answer),
  // Who is here says best what they are called.
  names: withNames(withNames(state.names, answer.parties), state.peers),
});

// ---------------------------------------------------------------- what components ask

export const mine = (state: State): PeerView | undefined =>
  state.peers.find(({ peerId }) => peerId === state.me);

export const streamOf = (state: State, peerId: string, source: Source): Stream | undefined =>
  state.streams.find((stream) => stream.peerId === peerId && stream.source === source);

export const nameOf = (state: Pick<State, 'names'>, partyIndex: number): string =>
  state.names[partyIndex] ?? 'Somebody';
