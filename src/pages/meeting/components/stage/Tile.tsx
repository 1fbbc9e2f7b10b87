import { useEffect, useRef } from 'preact/hooks';
import type { PeerView } from '../../../../media/signalling/messages.ts';
import { useObservable } from '../../../shared/use-observable.ts';
import { STAGE } from '../../sentences.ts';
import { isPinned, streamOf, type TileSource } from '../../state/state.ts';
import { initialsOf } from '../../view/format.ts';
import { speakerStyle } from '../../view/speaker-colours.ts';
import { useVisibleHeight } from '../../view/use-visible-height.ts';
import { Icon } from '../controls/Icon.tsx';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { Video } from './Video.tsx';

/** A person, or the screen that they share. */
export function Tile({ tile, isLarge = false }: { tile: TileSource; isLarge?: boolean }) {
  const { peerId, source } = tile;
  const peer = useSelect((state) => state.peers.find((each) => each.peerId === peerId));
  const isLocal = useSelect((state) => state.localPeerId === peerId);
  const isAudible = useSelect((state) => source === 'camera' && state.audioLevels[peerId] !== undefined);
  const isActiveSpeaker = useSelect((state) => source === 'camera' && state.activeSpeakerId === peerId);
  const element = useRef<HTMLElement>(null);
  const track = useTrack(tile, useVisibleHeight(element));
  if (peer === undefined) return null;
  const isScreen = source === 'screen';
  const label = isScreen ? STAGE.screen(peer.name, isLocal) : STAGE.person(peer.name, isLocal);
  const classes = [
    'tile',
    isScreen && 'is-screen',
    isAudible && 'is-audible',
    isActiveSpeaker && 'is-active-speaker',
  ];
  return (
    <article
      ref={element}
      class={classes.filter(Boolean).join(' ')}
      style={speakerStyle(peer.partyIndex)}
      aria-label={label}
    >
      {/* Behind the video, so that the tile is never empty before its first frame. */}
      <div class="tile-placeholder">
        <span class="avatar" aria-hidden="true">
          {peer.legId === null ? initialsOf(peer.name) : <Icon name="phone" />}
        </span>
      </div>
      {track !== null && (
        <Video
          track={track}
          label={isScreen ? label : STAGE.camera(peer.name, isLocal)}
          mirrored={isLocal && !isScreen}
          contained={isScreen}
        />
      )}
      {!peer.connected && <p class="tile-offline">{STAGE.reconnecting}</p>}
      {!isScreen && peer.handRaised && (
        <span class="tile-hand" role="img" aria-label={STAGE.handRaised}>
          <Icon name="hand" />
        </span>
      )}
      <div class="tile-name">
        {!isScreen && <MutedMark peer={peer} isLocal={isLocal} />}
        <span>{label}</span>
      </div>
      <PinButton tile={tile} label={label} isLarge={isLarge} />
    </article>
  );
}

/** The track to show, and tells the server at which size; null while there is none. */
const useTrack = ({ peerId, source }: TileSource, heightPx: number): MediaStreamTrack | null => {
  const { meeting } = usePage();
  const isLocal = useSelect((state) => state.localPeerId === peerId);
  const stream = useSelect((state) => streamOf(state, peerId, source));
  const media = useObservable(meeting.media);
  const localTrack = useObservable(meeting.tracks.current, (tracks) => tracks[source]);
  const consumerId = stream?.consumerId;
  useEffect(() => {
    if (consumerId === undefined) return;
    meeting.videoSubscriptions.setVisibleHeight(consumerId, heightPx, window.devicePixelRatio);
  }, [meeting, consumerId, heightPx]);
  if (isLocal) return localTrack;
  return stream === undefined || stream.paused ? null : (media?.track(stream.consumerId) ?? null);
};

function MutedMark({ peer, isLocal }: { peer: PeerView; isLocal: boolean }) {
  const localMicrophone = useSelect(({ localMedia: { microphone, interrupted } }) =>
    interrupted && microphone === 'on' ? 'muted' : microphone,
  );
  const microphone = isLocal ? localMicrophone : peer.microphone;
  if (microphone === 'on') return null;
  return (
    <span class="tile-muted" role="img" aria-label={microphone === 'off' ? STAGE.noMicrophone : STAGE.muted}>
      <Icon name="mic-off" />
    </span>
  );
}

/** A large tile has one only when it is pinned: a shared screen is large by itself. */
function PinButton({ tile, label, isLarge }: { tile: TileSource; label: string; isLarge: boolean }) {
  const dispatch = useDispatch();
  const pinned = useSelect((state) => isPinned(state, tile));
  if (isLarge && !pinned) return null;
  return (
    <button
      type="button"
      class="tile-pin"
      aria-pressed={pinned}
      aria-label={STAGE.pin(label)}
      title={STAGE.pin(label)}
      onClick={() => dispatch({ type: 'pin', tile: pinned ? null : tile })}
    >
      <Icon name="pin" />
    </button>
  );
}
