import type {
  Caption,
  JoinResponse,
  Notification,
  PeerView,
  PendingPhone,
  Transcript,
} from '../../media/signalling/messages.ts';
import { withCaption, withTranscript } from './captions.ts';
import type { Notice, Over, State, Stream } from './state.ts';

/** In the meeting, for the first time or again. */
export const joined = (state: State, join: JoinResponse, atMs: number): State => {
  const wishes = state.phase === 'in' ? wishesOf(state) : wishesThere(join);
  return {
    ...state,
    ...wishes,
    phase: 'in',
    line: 'live',
    problem: null,
    me: join.peerId,
    clockZeroMs: atMs - join.nowMs,
    peers: join.peers.map((peer) => asWished(peer, { me: join.peerId, ...wishes })),
    names: withNames(state.names, join.peers),
    captionsOn: join.captionsOn,
    captionsDelayed: join.captionsDelayed,
    captionsStopped: join.captionsStopped,
    mayAddPhone: join.mayAddPhone,
    phones: join.phones,
    info: state.info === null ? null : { ...state.info, title: join.title },
  };
};

type Wished = Pick<State, 'consented' | 'captionsWanted' | 'handRaised'>;
const wishesOf = ({ consented, captionsWanted, handRaised }: State): Wished => ({
  consented,
  captionsWanted,
  handRaised,
});
/** Of a page that was loaded anew, the server knows what its person wished before. */
const wishesThere = ({ consented, captionsWanted, peers, peerId }: JoinResponse): Wished => ({
  consented,
  captionsWanted,
  handRaised: peers.some((peer) => peer.peerId === peerId && peer.handRaised),
});

/** Of oneself, one's own wish is shown: what the server says of it may be older. */
const asWished = (peer: PeerView, { me, handRaised }: Pick<State, 'me' | 'handRaised'>): PeerView =>
  peer.peerId === me ? { ...peer, handRaised } : peer;

/** One's own hand, as wished. */
export const withHand = (state: State, handRaised: boolean): State => ({
  ...state,
  handRaised,
  peers: state.peers.map((peer) => asWished(peer, { me: state.me, handRaised })),
});

/** What the server tells, as it is told. */
export const applyNotification = (state: State, news: Notification, atMs: number): State => {
  switch (news.notification) {
    case 'peerJoined':
    case 'peerUpdated':
      return withPeer(state, news.peer);
    case 'peerLeft':
      return withoutPeer(state, news.peerId);
    case 'consumerClosed':
      return { ...state, streams: withoutStream(state.streams, news.consumerId) };
    case 'consumerPaused':
    case 'consumerResumed': {
      const paused = news.notification === 'consumerPaused';
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
      return withNotice({ ...state, own: { ...state.own, microphone: 'muted' } }, `${news.by} muted you.`);
    case 'removed':
      return withOver(state, { kind: 'removed', sentence: `${news.by} removed you from this meeting.` });
    case 'meetingEnded':
      return withOver(state, {
        kind: 'ended',
        sentence:
          news.by === null ? 'The conversation is over.' : `${news.by} ended the meeting for everybody.`,
      });
    // These are for what carries the media and the line, not for what is shown.
    case 'welcome':
    case 'newConsumer':
    case 'mediaLost':
    case 'reconnectTo':
      return state;
  }
};

/** The first reason is the true one: a line that is closed after "removed" is no news. */
export const withOver = (state: State, over: Over): State =>
  state.phase === 'over' ? state : { ...state, phase: 'over', over, dialog: null };

/** News takes the place of older news. A problem stays until it is read, and the same one is shown once, as the last. */
export const withNotice = (state: State, text: string, tone: Notice['tone'] = 'news'): State => {
  const id = state.noticesMade + 1;
  const kept = state.notices.filter((each) =>
    tone === 'news' ? each.tone === 'problem' : each.text !== text,
  );
  return { ...state, notices: [...kept, { id, text, tone }], noticesMade: id };
};

export const withoutNotice = (state: State, id: number): State => ({
  ...state,
  notices: state.notices.filter((each) => each.id !== id),
});

const withPeer = (state: State, told: PeerView): State => {
  const peer = asWished(told, state);
  const at = state.peers.findIndex(({ peerId }) => peerId === peer.peerId);
  const before = state.peers[at];
  const next: State = {
    ...state,
    peers: before === undefined ? [...state.peers, peer] : state.peers.with(at, peer),
    names: withNames(state.names, [peer]),
  };
  const news = peer.peerId === state.me ? null : newsOf(before, peer);
  return news === null ? next : withNotice(next, news);
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
    pinned: state.pinned?.peerId === peerId ? null : state.pinned,
    dialog: state.dialog?.kind === 'remove' && state.dialog.peerId === peerId ? null : state.dialog,
  };
  return withNotice(next, `${gone.name} left.`);
};

const withNames = (names: State['names'], people: readonly { partyIndex: number; name: string }[]) => ({
  ...names,
  ...Object.fromEntries(people.map(({ partyIndex, name }) => [partyIndex, name])),
});

export const withoutStream = (streams: readonly Stream[], consumerId: string): readonly Stream[] =>
  streams.filter((stream) => stream.consumerId !== consumerId);

/** From -60 (a quiet room) to -20 dBov (a voice close by), as 0 to 1. */
const levels = (heard: readonly { peerId: string; dbov: number }[]): State['levels'] =>
  Object.fromEntries(
    heard.map(({ peerId, dbov }) => [peerId, Math.min(1, Math.max(0.05, (dbov + 60) / 40))]),
  );

const heard = (state: State, caption: Caption, atMs: number): State =>
  state.captionsWanted ? { ...state, captions: withCaption(state.captions, caption, atMs) } : state;

/** What is said aloud of a telephone that did not come. */
const DID_NOT_COME: Readonly<Record<Exclude<PendingPhone['state'], 'ringing'>, (name: string) => string>> = {
  busy: (name) => `${name} is busy.`,
  'no-answer': (name) => `${name} does not answer.`,
  failed: (name) => `${name} could not be reached.`,
  'room-full': (name) => `There was no place left for ${name}.`,
};

const phones = (state: State, now: readonly PendingPhone[]): State => {
  const next: State = { ...state, phones: now };
  const rang = new Set(state.phones.filter((each) => each.state === 'ringing').map(({ legId }) => legId));
  for (const { legId, name, state: is } of now) {
    if (is !== 'ringing' && rang.has(legId)) return withNotice(next, DID_NOT_COME[is](name));
  }
  return next;
};

const captionsState = (
  state: State,
  news: Extract<Notification, { notification: 'captionsState' }>,
): State => {
  const next: State = {
    ...state,
    captionsOn: news.on,
    captionsDelayed: news.delayed,
    captionsStopped: news.stopped,
  };
  if (news.stopped !== null && state.captionsStopped === null) return withNotice(next, news.stopped);
  if (news.on === state.captionsOn) return next;
  return withNotice(next, news.on ? 'Captions are on for everybody.' : 'The host turned captions off.');
};

/** What was said before. */
export const withPast = (state: State, answer: Transcript): State => ({
  ...state,
  captions: withTranscript(state.captions, answer),
  // Who is here says best what they are called.
  names: withNames(withNames(state.names, answer.parties), state.peers),
});
