import type { Capture } from '../../../core/meeting/capture.ts';
import type { CallState, PeerView, PendingPhone, Source } from '../../../media/signalling/messages.ts';
import { type MeetingKind, SOMEONE } from '../sentences.ts';
import { type Captions, NO_CAPTIONS } from './captions.ts';

/** What the server says about the link, before joining. */
export interface MeetingInfo {
  readonly kind: MeetingKind;
  readonly capture: Capture;
  readonly title: string;
  /** Of the person whose link it is. */
  readonly name: string;
  readonly host: boolean;
  /** Of its thread in Slack; null when it is unknown. */
  readonly threadUrl: string | null;
  /** Epoch. */
  readonly startedAtMs: number;
  /** Why it can no longer be joined, as a sentence; null while it can. */
  readonly closed: string | null;
}

/** A stream that this page receives. */
export interface RemoteStream {
  readonly consumerId: string;
  readonly peerId: string;
  readonly source: Source;
  /** By its sender. */
  readonly paused: boolean;
}

/** What this page sends. */
export interface LocalMedia {
  /** `off`: nothing is sent, for want of consent or of a device. */
  readonly microphone: 'off' | 'muted' | 'on';
  /** The system has taken the microphone away for a while: for a phone call, for instance. */
  readonly interrupted: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

/** What a tile shows: a person, or the screen that they share. */
export interface TileSource {
  readonly peerId: string;
  readonly source: 'camera' | 'screen';
}

export type Panel = 'people' | 'transcript' | null;
export type Dialog =
  | { readonly kind: 'settings' | 'shortcuts' | 'consent' | 'leave' | 'phone' }
  | { readonly kind: 'remove'; readonly peerId: string }
  | null;

/** How the meeting ended for this page. */
export interface Ending {
  /** `replaced`: by another page of the same person. `closed`: it can no longer be joined. */
  readonly kind: 'left' | 'removed' | 'ended' | 'replaced' | 'closed';
  readonly sentence: string;
}

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** `info` goes away by itself; `error` stays until it is dismissed. */
  readonly tone: 'error' | 'info';
}

/** What the page knows and shows. Changed by `reduce` alone, which is pure. */
export interface State {
  readonly info: MeetingInfo | null;
  readonly phase: 'lobby' | 'joining' | 'joined' | 'ended';
  /** Of the signalling channel. `unresponsive`: nothing arrives, and it may recover by itself. */
  readonly connection: 'connected' | 'unresponsive' | 'lost';
  readonly ending: Ending | null;
  /** Why joining failed, as a sentence. */
  readonly joinError: string | null;
  readonly localPeerId: string;
  /** Where the meeting's clock was 0, on the page's clock. */
  readonly clockZeroMs: number;
  /** In the order in which they joined. */
  readonly peers: readonly PeerView[];
  readonly streams: readonly RemoteStream[];
  readonly localMedia: LocalMedia;
  /** Whether they were just noticed speaking while muted. */
  readonly spokeMuted: boolean;
  /** This and the next two are as the person chose last, also while the server does not know yet. */
  readonly consented: boolean;
  readonly handRaised: boolean;
  /** On this page. */
  readonly captionsWanted: boolean;
  /** For everyone, by the host. */
  readonly captionsOn: boolean;
  readonly captionsDelayed: boolean;
  readonly captionsUnsaved: boolean;
  /** Why captions ended for good, as a sentence; null while they may be switched on. */
  readonly captionsStopped: string | null;
  /** Null for a meeting, and before joining. */
  readonly call: CallState | null;
  readonly mayAddPhone: boolean;
  /** Phones that are ringing or could not be connected. */
  readonly phones: readonly PendingPhone[];
  readonly captions: Captions;
  /** By party, including those who left. */
  readonly names: Readonly<Record<number, string>>;
  readonly talkTime: readonly { readonly partyIndex: number; readonly speakingMs: number }[];
  /** The current active speaker, or the last one. */
  readonly activeSpeakerId: string | null;
  /** Of peers that are audible now: 0 to 1. */
  readonly audioLevels: Readonly<Record<string, number>>;
  readonly panel: Panel;
  readonly dialog: Dialog;
  readonly pinned: TileSource | null;
  /** Errors until they are dismissed, and the latest info; oldest first. */
  readonly notices: readonly Notice[];
  readonly lastNoticeId: number;
}

export const INITIAL_STATE: State = {
  info: null,
  phase: 'lobby',
  connection: 'connected',
  ending: null,
  joinError: null,
  localPeerId: '',
  clockZeroMs: 0,
  peers: [],
  streams: [],
  localMedia: { microphone: 'off', interrupted: false, camera: false, screen: false },
  spokeMuted: false,
  consented: false,
  handRaised: false,
  captionsWanted: true,
  captionsOn: true,
  captionsDelayed: false,
  captionsUnsaved: false,
  captionsStopped: null,
  call: null,
  mayAddPhone: false,
  phones: [],
  captions: NO_CAPTIONS,
  names: {},
  talkTime: [],
  activeSpeakerId: null,
  audioLevels: {},
  panel: null,
  dialog: null,
  pinned: null,
  notices: [],
  lastNoticeId: 0,
};

// ---------------------------------------------------------------- selectors

export const kindOf = ({ info }: Pick<State, 'info'>): MeetingKind => info?.kind ?? 'meeting';

export const localPeer = (state: State): PeerView | undefined =>
  state.peers.find(({ peerId }) => peerId === state.localPeerId);

/** Muted by choice, or by the host. */
export const isMuted = ({ phase, localMedia }: Pick<State, 'phase' | 'localMedia'>): boolean =>
  phase === 'joined' && localMedia.microphone === 'muted' && !localMedia.interrupted;

/** Whether others can hear this page. */
export const isHeard = ({ localMedia }: Pick<State, 'localMedia'>): boolean =>
  localMedia.microphone === 'on' && !localMedia.interrupted;

export const streamOf = (state: State, peerId: string, source: Source): RemoteStream | undefined =>
  state.streams.find((stream) => stream.peerId === peerId && stream.source === source);

export const isPinned = ({ pinned }: Pick<State, 'pinned'>, { peerId, source }: TileSource): boolean =>
  pinned?.peerId === peerId && pinned.source === source;

export const nameOf = (state: Pick<State, 'names'>, partyIndex: number): string =>
  state.names[partyIndex] ?? SOMEONE;
