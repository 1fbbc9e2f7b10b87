import { useEffect, useRef } from 'preact/hooks';
import { useBox } from '../box.ts';
import { partyStyle } from '../colours.ts';
import { initialsOf } from '../format.ts';
import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { isPinned, type Picture, streamOf } from '../state.ts';
import { useVisibleHeight } from '../use-visible-height.ts';
import { Icon } from './Icon.tsx';
import { Video } from './Video.tsx';

/** One person, or the screen that one shares. */
export function Tile({ of: picture, large = false }: { of: Picture; large?: boolean }) {
  const { peerId, source } = picture;
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const peer = useSelect((state) => state.peers.find((each) => each.peerId === peerId));
  const stream = useSelect((state) => streamOf(state, peerId, source));
  const isMe = useSelect((state) => state.me === peerId);
  const speaking = useSelect((state) => source === 'camera' && state.levels[peerId] !== undefined);
  const isSpeaker = useSelect((state) => source === 'camera' && state.speaker === peerId);
  const pinned = useSelect((state) => isPinned(state, picture));
  const ownMicrophone = useSelect((state) => state.own.microphone);
  const media = useBox(meeting.media);
  const own = useBox(meeting.tracks.box, (tracks) => tracks[source]);
  const element = useRef<HTMLElement>(null);
  const heightPx = useVisibleHeight(element);

  const consumerId = stream?.consumerId;
  useEffect(() => {
    if (consumerId !== undefined) meeting.watched.watch(consumerId, heightPx, window.devicePixelRatio);
  }, [meeting, consumerId, heightPx]);

  if (peer === undefined) return null;
  const received = stream === undefined || stream.paused ? null : (media?.track(stream.consumerId) ?? null);
  const track = isMe ? own : received;
  const microphone = isMe ? ownMicrophone : peer.microphone;
  const name = isMe ? `${peer.name} (you)` : peer.name;
  const screenName = isMe ? 'Your screen' : `Screen of ${peer.name}`;
  const looks = [
    'tile',
    source === 'screen' && 'is-screen',
    speaking && 'is-speaking',
    isSpeaker && 'is-speaker',
  ];
  return (
    <article
      ref={element}
      class={looks.filter(Boolean).join(' ')}
      style={partyStyle(peer.partyIndex)}
      aria-label={source === 'screen' ? screenName : name}
    >
      {/* Behind the picture, so that nothing is empty before its first frame. */}
      <div class="no-picture">
        <span class="avatar" aria-hidden="true">
          {peer.legId === null ? initialsOf(peer.name) : <Icon name="phone" />}
        </span>
      </div>
      {track !== null && (
        <Video
          track={track}
          label={source === 'screen' ? screenName : `Camera of ${name}`}
          mirrored={isMe && source === 'camera'}
          whole={source === 'screen'}
        />
      )}
      {!peer.connected && <p class="tile-away">Connection lost, coming back …</p>}
      {source === 'camera' && peer.handRaised && (
        <span class="tile-hand" role="img" aria-label="Hand raised">
          <Icon name="hand" />
        </span>
      )}
      <div class="tile-name">
        {source === 'camera' && microphone !== 'on' && (
          <span class="tile-muted" role="img" aria-label={microphone === 'off' ? 'No microphone' : 'Muted'}>
            <Icon name="mic-off" />
          </span>
        )}
        <span>{source === 'screen' ? screenName : name}</span>
      </div>
      {(pinned || !large) && (
        <button
          type="button"
          class="tile-pin"
          aria-pressed={pinned}
          aria-label={pinned ? 'Show everybody' : `Show ${source === 'screen' ? screenName : name} large`}
          onClick={() => dispatch({ type: 'pin', picture: pinned ? null : picture })}
        >
          <Icon name="pin" />
        </button>
      )}
    </article>
  );
}
