import { LOBBY } from '../../sentences.ts';
import { initialsOf } from '../../view/format.ts';
import { Video } from '../stage/Video.tsx';

/** One's own camera, mirrored. */
export function SelfView({ track, name }: { track: MediaStreamTrack | null; name: string }) {
  if (track === null) {
    return (
      <div class="tile-placeholder" role="img" aria-label={LOBBY.cameraOff}>
        <span class="avatar is-neutral" aria-hidden="true">
          {initialsOf(name)}
        </span>
      </div>
    );
  }
  return <Video track={track} label={LOBBY.yourCamera} mirrored />;
}
