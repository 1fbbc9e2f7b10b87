import type { PeerView, PendingPhone, Source } from '../../media/signalling/messages.ts';
import { type Captions, NO_CAPTIONS } from './captions.ts';

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

/** What a tile shows: somebody, or the screen that they share. */
export interface Picture {
  readonly peerId: string;
  readonly source: 'camera' | 'screen';
}

export type Panel = 'people' | 'transcript' | null;
export type Dialog =
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
  /** As its person wishes, also while the server does not know it yet. */
  readonly consented: boolean;
  readonly handRaised: boolean;
  /** For this page. */
  readonly captionsWanted: boolean;
  /** For everybody, by the host. */
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  /** Why they ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
  readonly mayAddPhone: boolean;
  /** Telephones that ring, or that did not come. */
  readonly phones: readonly PendingPhone[];
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
  readonly pinned: Picture | null;
  /** In the order in which they came: problems until they are closed, and the latest news. */
  readonly notices: readonly Notice[];
  /** How many there were so far, so that each has an id of its own. */
  readonly noticesMade: number;
}

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'problem' | 'news';
}

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
  handRaised: false,
  captionsWanted: true,
  captionsOn: true,
  captionsDelayed: false,
  captionsStopped: null,
  mayAddPhone: false,
  phones: [],
  captions: NO_CAPTIONS,
  names: {},
  talkTime: [],
  speaker: null,
  levels: {},
  panel: null,
  dialog: null,
  pinned: null,
  notices: [],
  noticesMade: 0,
};

// ---------------------------------------------------------------- what components ask

export const mine = (state: State): PeerView | undefined =>
  state.peers.find(({ peerId }) => peerId === state.me);

export const streamOf = (state: State, peerId: string, source: Source): Stream | undefined =>
  state.streams.find((stream) => stream.peerId === peerId && stream.source === source);

export const isPinned = ({ pinned }: Pick<State, 'pinned'>, { peerId, source }: Picture): boolean =>
  pinned?.peerId === peerId && pinned.source === source;

export const nameOf = (state: Pick<State, 'names'>, partyIndex: number): string =>
  state.names[partyIndex] ?? 'Somebody';
