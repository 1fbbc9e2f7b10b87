import { useEffect, useRef, useState } from 'preact/hooks';
import { useBox } from '../box.ts';
import { usePage, useSelect, useSettings } from '../page-context.ts';

/** Plays everybody else. Browsers may want a click first; then one button is asked for it, for all voices. */
export function Sounds() {
  const { meeting } = usePage();
  const streams = useSelect((state) => state.streams);
  const media = useBox(meeting.media);
  const [blocked, setBlocked] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  const unblock = (): void => {
    setBlocked(false);
    for (const audio of room.current?.querySelectorAll('audio') ?? [])
      audio.play().catch(() => setBlocked(true));
  };
  return (
    <div ref={room}>
      {streams
        .filter(({ source }) => source === 'microphone')
        .map(({ consumerId }) => (
          <Sound key={consumerId} track={media?.track(consumerId) ?? null} setBlocked={setBlocked} />
        ))}
      {blocked && (
        <button type="button" class="button is-main sound-unblock" onClick={unblock}>
          Turn the sound on
        </button>
      )}
    </div>
  );
}

function Sound({
  track,
  setBlocked,
}: {
  track: MediaStreamTrack | null;
  setBlocked: (blocked: boolean) => void;
}) {
  const [{ speakerId }] = useSettings();
  const isThere = useBox(usePage().devices, ({ speakers }) =>
    speakers.some((each) => each.deviceId === speakerId),
  );
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || track === null) return;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') setBlocked(true);
    });
    return () => {
      audio.srcObject = null;
    };
  }, [track, setBlocked]);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || !('setSinkId' in audio)) return;
    // While the chosen speaker is away, the one that the machine uses plays: sound on one that is gone is silence.
    audio.setSinkId(isThere && speakerId !== null ? speakerId : '').catch(() => {});
  }, [speakerId, isThere]);
  // biome-ignore lint/a11y/useMediaCaption: live voices; their captions stand on the picture and in the side panel.
  return <audio ref={element} autoPlay />;
}
