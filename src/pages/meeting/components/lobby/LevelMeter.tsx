import { useEffect, useRef } from 'preact/hooks';
import { meterLevel } from '../../media/level-meter.ts';
import { LOBBY } from '../../sentences.ts';

/** The microphone's level, updated many times a second without rendering. */
export function LevelMeter({ track }: { track: MediaStreamTrack | null }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (track === null) return;
    return meterLevel(track, (level) => {
      const element = bar.current;
      if (element === null) return;
      element.style.setProperty('--level', level.toFixed(3));
      element.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    });
  }, [track]);
  return (
    <div class="meter-row">
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw the meter element each in their own way. */}
      <div
        ref={bar}
        class={track === null ? 'meter is-off' : 'meter'}
        role="meter"
        aria-label={LOBBY.microphoneLevel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
      >
        <span />
      </div>
      <p class="muted small">{track === null ? LOBBY.microphoneOff : LOBBY.testMicrophone}</p>
    </div>
  );
}
