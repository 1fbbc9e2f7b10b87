import { useEffect, useRef } from 'preact/hooks';

/** Shows a track. Its sound, if any, is played elsewhere. */
export function Video(props: {
  track: MediaStreamTrack;
  label: string;
  mirrored?: boolean;
  whole?: boolean;
}) {
  const { track } = props;
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = new MediaStream([track]);
    // A play() that is cut short by the next one, or by the tile going away, is no failure.
    video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  const look = `video${props.mirrored ? ' is-mirrored' : ''}${props.whole ? ' is-whole' : ''}`;
  return <video ref={element} class={look} muted playsInline aria-label={props.label} />;
}
