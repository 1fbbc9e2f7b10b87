import type { JoinResponse, PeerView } from '../../../media/signalling/messages.ts';
import type { State } from './state.ts';

/** What the person decides for themselves; see `DesiredState`. */
type Desired = Pick<State, 'consented' | 'captionsWanted' | 'handRaised'>;

/** Joined, for the first time or again after a lost channel. */
export const applyJoin = (state: State, join: JoinResponse, atMs: number): State => {
  const desired = state.phase === 'joined' ? desiredHere(state) : desiredAtServer(join);
  return {
    ...state,
    ...desired,
    phase: 'joined',
    connection: 'connected',
    joinError: null,
    localPeerId: join.peerId,
    clockZeroMs: atMs - join.nowMs,
    peers: join.peers.map((peer) =>
      withDesiredHand(peer, { localPeerId: join.peerId, handRaised: desired.handRaised }),
    ),
    names: withNames(state.names, join.peers),
    captionsOn: join.captionsOn,
    captionsDelayed: join.captionsDelayed,
    captionsUnsaved: join.captionsUnsaved,
    captionsStopped: join.captionsStopped,
    call: join.call,
    mayAddPhone: join.mayAddPhone,
    phones: join.phones,
    info: state.info === null ? null : { ...state.info, title: join.title },
  };
};

const desiredHere = ({ consented, captionsWanted, handRaised }: State): Desired => ({
  consented,
  captionsWanted,
  handRaised,
});
/** After a reload, the server knows what the person chose before. */
const desiredAtServer = ({ consented, captionsWanted, peers, peerId }: JoinResponse): Desired => ({
  consented,
  captionsWanted,
  handRaised: peers.some((peer) => peer.peerId === peerId && peer.handRaised),
});

/** One's own hand is shown as last chosen: the server's view of it may be older. */
export const withDesiredHand = (
  peer: PeerView,
  { localPeerId, handRaised }: Pick<State, 'localPeerId' | 'handRaised'>,
): PeerView => (peer.peerId === localPeerId ? { ...peer, handRaised } : peer);

export const withLocalHand = (state: State, handRaised: boolean): State => ({
  ...state,
  handRaised,
  peers: state.peers.map((peer) => withDesiredHand(peer, { localPeerId: state.localPeerId, handRaised })),
});

export const withNames = (
  names: State['names'],
  people: readonly { readonly partyIndex: number; readonly name: string }[],
): State['names'] => ({
  ...names,
  ...Object.fromEntries(people.map(({ partyIndex, name }) => [partyIndex, name])),
});
