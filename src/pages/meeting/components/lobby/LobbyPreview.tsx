import { useObservable } from '../../../shared/use-observable.ts';
import { LOBBY } from '../../sentences.ts';
import { ToggleButton } from '../controls/ToggleButton.tsx';
import { usePage, useSettings } from '../page-context.ts';
import { LevelMeter } from './LevelMeter.tsx';
import { SelfView } from './SelfView.tsx';

/** One's own camera and microphone, before anyone else sees and hears them. */
export function LobbyPreview({ name }: { name: string }) {
  const { meeting } = usePage();
  const [{ microphoneOn, cameraOn }, change] = useSettings();
  const { microphone, camera } = useObservable(meeting.tracks.current);
  return (
    <section class="lobby-preview" aria-label={LOBBY.preview}>
      <div class="lobby-video">
        <SelfView track={camera} name={name} />
        <p class="lobby-name">{name}</p>
        <div class="lobby-toggles">
          <ToggleButton
            icon={microphoneOn ? 'mic' : 'mic-off'}
            label={LOBBY.microphone}
            pressed={microphoneOn}
            onClick={() => change({ microphoneOn: !microphoneOn })}
          />
          <ToggleButton
            icon={cameraOn ? 'camera' : 'camera-off'}
            label={LOBBY.camera}
            pressed={cameraOn}
            onClick={() => change({ cameraOn: !cameraOn })}
          />
        </div>
      </div>
      <LevelMeter track={microphone} />
    </section>
  );
}
