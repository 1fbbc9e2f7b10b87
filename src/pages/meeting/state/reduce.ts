import type { JoinResponse, Notification, Transcript } from '../../../media/signalling/messages.ts';
import { withTranscript } from './captions.ts';
import { applyJoin, withLocalHand, withNames } from './join.ts';
import { withNotice, withoutNotice } from './notices.ts';
import { applyNotification, withEnding } from './notifications.ts';
import {
  type Dialog,
  type Ending,
  isMuted,
  type LocalMedia,
  type MeetingInfo,
  type Notice,
  type Panel,
  type RemoteStream,
  type State,
  type TileSource,
} from './state.ts';

/** What the person does, and what happens to the page's channel and media. Times are on the page's clock. */
export type Action =
  | { readonly type: 'info'; readonly info: MeetingInfo }
  | { readonly type: 'joining' }
  | { readonly type: 'joined'; readonly join: JoinResponse; readonly atMs: number }
  | { readonly type: 'join-failed'; readonly sentence: string }
  | { readonly type: 'channel-unresponsive'; readonly unresponsive: boolean }
  | { readonly type: 'channel-lost' }
  | { readonly type: 'ended'; readonly ending: Ending }
  | { readonly type: 'notification'; readonly notification: Notification; readonly atMs: number }
  | { readonly type: 'media-closed' }
  | { readonly type: 'stream-added'; readonly stream: RemoteStream }
  | { readonly type: 'local-media'; readonly change: Partial<LocalMedia> }
  /** `shown`: whether the person is to be told. */
  | { readonly type: 'spoke-muted'; readonly shown: boolean }
  | { readonly type: 'consent'; readonly accepted: boolean }
  | { readonly type: 'hand'; readonly raised: boolean }
  | { readonly type: 'captions-wanted'; readonly wanted: boolean }
  | { readonly type: 'transcript'; readonly transcript: Transcript }
  | { readonly type: 'panel'; readonly panel: Panel }
  | { readonly type: 'dialog'; readonly dialog: Dialog }
  | { readonly type: 'pin'; readonly tile: TileSource | null }
  | { readonly type: 'notice'; readonly text: string; readonly tone?: Notice['tone'] }
  | { readonly type: 'notice-dismissed'; readonly id: number };

export const reduce = (state: State, action: Action): State => {
  switch (action.type) {
    case 'info':
      return applyInfo(state, action.info);
    case 'joining':
      return { ...state, phase: 'joining', joinError: null };
    case 'joined':
      return applyJoin(state, action.join, action.atMs);
    case 'join-failed':
      return { ...state, phase: 'lobby', joinError: action.sentence };
    case 'channel-unresponsive':
      return { ...state, connection: action.unresponsive ? 'unresponsive' : 'connected' };
    case 'channel-lost':
      return { ...state, connection: 'lost', audioLevels: {} };
    case 'ended':
      return withEnding(state, action.ending);
    case 'notification':
      return applyNotification(state, action.notification, action.atMs);
    case 'media-closed':
      return { ...state, streams: [], audioLevels: {} };
    case 'stream-added':
      return withStream(state, action.stream);
    case 'local-media':
      return withLocalMedia(state, action.change);
    case 'spoke-muted':
      return { ...state, spokeMuted: action.shown && isMuted(state) };
    case 'consent':
      return { ...state, consented: action.accepted };
    case 'hand':
      return withLocalHand(state, action.raised);
    case 'captions-wanted':
      return { ...state, captionsWanted: action.wanted, captions: { ...state.captions, live: [] } };
    case 'transcript':
      return applyTranscript(state, action.transcript);
    case 'panel':
      return { ...state, panel: action.panel };
    case 'dialog':
      return { ...state, dialog: action.dialog };
    case 'pin':
      return { ...state, pinned: action.tile };
    case 'notice':
      return withNotice(state, action.text, action.tone);
    case 'notice-dismissed':
      return withoutNotice(state, action.id);
  }
};

const applyInfo = (state: State, info: MeetingInfo): State =>
  info.closed === null
    ? { ...state, info }
    : { ...state, info, phase: 'ended', ending: { kind: 'closed', sentence: info.closed } };

const withLocalMedia = (state: State, change: Partial<LocalMedia>): State => {
  const next: State = { ...state, localMedia: { ...state.localMedia, ...change } };
  return { ...next, spokeMuted: next.spokeMuted && isMuted(next) };
};

const withStream = (state: State, stream: RemoteStream): State => ({
  ...state,
  streams: [...state.streams.filter(({ consumerId }) => consumerId !== stream.consumerId), stream],
});

/** The lines spoken before, and the names of those who left. For those who are here, `peers` is newer. */
const applyTranscript = (state: State, transcript: Transcript): State => ({
  ...state,
  captions: withTranscript(state.captions, transcript),
  names: withNames(withNames(state.names, transcript.parties), state.peers),
});
