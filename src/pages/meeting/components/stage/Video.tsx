import { useEffect, useRef } from 'preact/hooks';

/** Shows a video track; audio is played by `RemoteAudio`. */
export function Video(props: {
  track: MediaStreamTrack;
  label: string;
  mirrored?: boolean;
  /** Shown whole instead of cropped to the tile. */
  contained?: boolean;
}) {
  const { track } = props;
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = new MediaStream([track]);
    // It rejects when the next track or the tile's removal interrupts it, which is no error.
    video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  const classes = `video${props.mirrored ? ' is-mirrored' : ''}${props.contained ? ' is-contained' : ''}`;
  return <video ref={element} class={classes} muted playsInline aria-label={props.label} />;
}
