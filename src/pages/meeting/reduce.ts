import type { JoinResponse, Notification, Transcript } from '../../media/signalling/messages.ts';
import {
  applyNotification,
  joined,
  withHand,
  withNotice,
  withOver,
  withoutNotice,
  withoutStream,
  withPast,
} from './notifications.ts';
import type { Dialog, Info, Notice, Over, Own, Panel, Picture, State, Stream } from './state.ts';

/** What happens to the page: to its person, its line and its media. */
export type Action =
  | { readonly type: 'info'; readonly info: Info }
  | { readonly type: 'joining' }
  | { readonly type: 'joined'; readonly joined: JoinResponse; readonly atMs: number }
  | { readonly type: 'not-joined'; readonly problem: string }
  | { readonly type: 'line-silent'; readonly silent: boolean }
  | { readonly type: 'line-lost' }
  | { readonly type: 'over'; readonly over: Over }
  | { readonly type: 'told'; readonly told: Notification; readonly atMs: number }
  | { readonly type: 'media-gone' }
  | { readonly type: 'received'; readonly stream: Stream }
  | { readonly type: 'own'; readonly own: Partial<Own> }
  | { readonly type: 'consented'; readonly accepted: boolean }
  | { readonly type: 'hand'; readonly raised: boolean }
  | { readonly type: 'captions-wanted'; readonly wanted: boolean }
  | { readonly type: 'transcript'; readonly transcript: Transcript }
  | { readonly type: 'panel'; readonly panel: Panel }
  | { readonly type: 'dialog'; readonly dialog: Dialog }
  | { readonly type: 'pin'; readonly picture: Picture | null }
  | { readonly type: 'notice'; readonly text: string; readonly tone?: Notice['tone'] }
  | { readonly type: 'notice-read'; readonly id: number };

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
      return withOver(state, action.over);
    case 'told':
      return applyNotification(state, action.told, action.atMs);
    case 'media-gone':
      return { ...state, streams: [], levels: {} };
    case 'received':
      return {
        ...state,
        streams: [...withoutStream(state.streams, action.stream.consumerId), action.stream],
      };
    case 'own':
      return { ...state, own: { ...state.own, ...action.own } };
    case 'consented':
      return { ...state, consented: action.accepted };
    case 'hand':
      return withHand(state, action.raised);
    case 'captions-wanted':
      return { ...state, captionsWanted: action.wanted, captions: { ...state.captions, live: [] } };
    case 'transcript':
      return withPast(state, action.transcript);
    case 'panel':
      return { ...state, panel: action.panel };
    case 'dialog':
      return { ...state, dialog: action.dialog };
    case 'pin':
      return { ...state, pinned: action.picture };
    case 'notice':
      return withNotice(state, action.text, action.tone);
    case 'notice-read':
      return withoutNotice(state, action.id);
  }
};
