import type { Caption, Notification, PeerView, PendingPhone } from '../../../media/signalling/messages.ts';
import { ENDINGS, NOTICES } from '../sentences.ts';
import { withCaption } from './captions.ts';
import { withDesiredHand, withNames } from './join.ts';
import { withNotice } from './notices.ts';
import { type Ending, kindOf, localPeer, type State } from './state.ts';

export const applyNotification = (state: State, notification: Notification, atMs: number): State => {
  switch (notification.notification) {
    case 'peerJoined':
    case 'peerUpdated':
      return withPeer(state, notification.peer);
    case 'peerLeft':
      return withoutPeer(state, notification.peerId);
    case 'consumerClosed':
      return withoutStream(state, notification.consumerId);
    case 'consumerPaused':
      return withStreamPaused(state, notification.consumerId, true);
    case 'consumerResumed':
      return withStreamPaused(state, notification.consumerId, false);
    case 'activeSpeaker':
      return { ...state, activeSpeakerId: notification.peerId };
    case 'audioLevels':
      return { ...state, audioLevels: normalizeLevels(notification.levels) };
    case 'caption':
      return withLiveCaption(state, notification.caption, atMs);
    case 'captionsState':
      return withCaptionsState(state, notification);
    case 'phones':
      return withPhones(state, notification.phones);
    case 'call':
      return { ...state, call: notification.call };
    case 'talkTime':
      return { ...state, talkTime: notification.parties };
    case 'youWereMuted':
      return withNotice(
        { ...state, localMedia: { ...state.localMedia, microphone: 'muted' } },
        NOTICES.mutedYou(notification.by),
      );
    case 'removed':
      return withEnding(state, {
        kind: 'removed',
        sentence: ENDINGS.removedBy(notification.by, kindOf(state)),
      });
    case 'meetingEnded':
      return withEnding(state, { kind: 'ended', sentence: endedSentence(state, notification.by) });
    // These concern the channel and the media, not what is shown.
    case 'welcome':
    case 'newConsumer':
    case 'mediaLost':
    case 'reconnectTo':
      return state;
  }
};

/** The first ending counts: a channel that closes after `removed` says nothing new. */
export const withEnding = (state: State, ending: Ending): State =>
  state.phase === 'ended' ? state : { ...state, phase: 'ended', ending, dialog: null };

const endedSentence = (state: State, by: string | null): string => {
  const kind = kindOf(state);
  if (by === null) return ENDINGS.ended(kind);
  // Only the host can end it.
  return localPeer(state)?.host ? ENDINGS.endedByYou(kind) : ENDINGS.endedBy(by, kind);
};

// ---------------------------------------------------------------- people

const withPeer = (state: State, update: PeerView): State => {
  const peer = withDesiredHand(update, state);
  const index = state.peers.findIndex(({ peerId }) => peerId === peer.peerId);
  const before = state.peers[index];
  const next: State = {
    ...state,
    peers: before === undefined ? [...state.peers, peer] : state.peers.with(index, peer),
    names: withNames(state.names, [peer]),
  };
  const text = peer.peerId === state.localPeerId ? null : peerNotice(before, peer);
  return text === null ? next : withNotice(next, text);
};

const peerNotice = (before: PeerView | undefined, now: PeerView): string | null => {
  if (before === undefined) return NOTICES.joined(now.name);
  if (now.handRaised && !before.handRaised) return NOTICES.handRaised(now.name);
  if (now.screen && !before.screen) return NOTICES.screenShared(now.name);
  return null;
};

const withoutPeer = (state: State, peerId: string): State => {
  const peer = state.peers.find((each) => each.peerId === peerId);
  if (peer === undefined) return state;
  const next: State = {
    ...state,
    peers: state.peers.filter((each) => each !== peer),
    streams: state.streams.filter((stream) => stream.peerId !== peerId),
    activeSpeakerId: state.activeSpeakerId === peerId ? null : state.activeSpeakerId,
    pinned: state.pinned?.peerId === peerId ? null : state.pinned,
    dialog: state.dialog?.kind === 'remove' && state.dialog.peerId === peerId ? null : state.dialog,
  };
  return withNotice(next, NOTICES.left(peer.name));
};

// ---------------------------------------------------------------- streams

const withoutStream = (state: State, consumerId: string): State => ({
  ...state,
  streams: state.streams.filter((stream) => stream.consumerId !== consumerId),
});

const withStreamPaused = (state: State, consumerId: string, paused: boolean): State => ({
  ...state,
  streams: state.streams.map((stream) => (stream.consumerId === consumerId ? { ...stream, paused } : stream)),
});

/** From -60 dBov (a quiet room) to -20 (a voice close by), as 0 to 1; never 0 for a peer that is audible. */
const normalizeLevels = (
  levels: readonly { readonly peerId: string; readonly dbov: number }[],
): State['audioLevels'] =>
  Object.fromEntries(
    levels.map(({ peerId, dbov }) => [peerId, Math.min(1, Math.max(0.05, (dbov + 60) / 40))]),
  );

// ---------------------------------------------------------------- captions and phones

const withLiveCaption = (state: State, caption: Caption, atMs: number): State =>
  state.captionsWanted ? { ...state, captions: withCaption(state.captions, caption, atMs) } : state;

const withCaptionsState = (
  state: State,
  { on, delayed, unsaved, stopped }: Extract<Notification, { notification: 'captionsState' }>,
): State => {
  const next: State = {
    ...state,
    captionsOn: on,
    captionsDelayed: delayed,
    captionsUnsaved: unsaved,
    captionsStopped: stopped,
  };
  if (stopped !== null && state.captionsStopped === null) return withNotice(next, stopped);
  if (on === state.captionsOn) return next;
  return withNotice(next, on ? NOTICES.captionsOn : NOTICES.captionsOff);
};

/** A phone that stops ringing without joining is announced once. */
const withPhones = (state: State, phones: readonly PendingPhone[]): State => {
  const next: State = { ...state, phones };
  const wasRinging = new Set(
    state.phones.filter((phone) => phone.state === 'ringing').map(({ legId }) => legId),
  );
  for (const phone of phones) {
    if (phone.state !== 'ringing' && wasRinging.has(phone.legId)) {
      return withNotice(next, NOTICES.phone[phone.state](phone.name));
    }
  }
  return next;
};
