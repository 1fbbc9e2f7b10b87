import { initialsOf } from '../format.ts';
import { Video } from './Video.tsx';

/** Oneself, as in a mirror. */
export function SelfPicture({ track, name }: { track: MediaStreamTrack | null; name: string }) {
  if (track === null) {
    return (
      <div class="no-picture" role="img" aria-label="Your camera is off">
        <span class="avatar is-neutral" aria-hidden="true">
          {initialsOf(name)}
        </span>
      </div>
    );
  }
  return <Video track={track} label="Your camera" mirrored />;
}
