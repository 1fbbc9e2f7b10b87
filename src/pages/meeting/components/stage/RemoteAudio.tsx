import { useEffect, useRef, useState } from 'preact/hooks';
import { useObservable } from '../../../shared/use-observable.ts';
import { STAGE } from '../../sentences.ts';
import { usePage, useSelect, useSettings } from '../page-context.ts';

/** Plays the others. Some browsers allow that only after a click: then one button starts all of it. */
export function RemoteAudio() {
  const { meeting } = usePage();
  const streams = useSelect((state) => state.streams);
  const media = useObservable(meeting.media);
  const [isBlocked, setBlocked] = useState(false);
  const container = useRef<HTMLDivElement>(null);
  const unblock = (): void => {
    setBlocked(false);
    for (const audio of container.current?.querySelectorAll('audio') ?? [])
      audio.play().catch(() => setBlocked(true));
  };
  return (
    <div ref={container}>
      {streams
        .filter(({ source }) => source === 'microphone')
        .map(({ consumerId }) => (
          <Audio
            key={consumerId}
            track={media?.track(consumerId) ?? null}
            onBlocked={() => setBlocked(true)}
          />
        ))}
      {isBlocked && (
        <button type="button" class="button is-primary audio-unblock" onClick={unblock}>
          {STAGE.turnOnAudio}
        </button>
      )}
    </div>
  );
}

function Audio({ track, onBlocked }: { track: MediaStreamTrack | null; onBlocked: () => void }) {
  const [{ speakerId }] = useSettings();
  const isSpeakerPresent = useObservable(usePage().devices, ({ speakers }) =>
    speakers.some((each) => each.deviceId === speakerId),
  );
  const element = useRef<HTMLAudioElement>(null);
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;
  useEffect(() => {
    const audio = element.current;
    if (audio === null || track === null) return;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') blocked.current();
    });
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || !('setSinkId' in audio)) return;
    // While the chosen speaker is unplugged, the system's plays: a sink that is gone would be silent.
    audio.setSinkId(isSpeakerPresent && speakerId !== null ? speakerId : '').catch(() => {});
  }, [speakerId, isSpeakerPresent]);
  // biome-ignore lint/a11y/useMediaCaption: live voices; their captions are over the video and in the side panel.
  return <audio ref={element} autoPlay />;
}
