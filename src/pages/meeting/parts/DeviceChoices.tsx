import { useBox } from '../box.ts';
import type { Wanted } from '../devices.ts';
import { usePage, useSettings } from '../page-context.ts';
import { DeviceChoice } from './DeviceChoice.tsx';

/** Microphone, camera and, where the browser lets pages choose, speaker. */
export function DeviceChoices() {
  const { devices, meeting } = usePage();
  const [settings, set] = useSettings();
  const { microphones, cameras, speakers } = useBox(devices);
  const { microphone, camera } = useBox(meeting.tracks.box);
  const choose = (kind: Wanted, id: string): void => {
    set(kind === 'microphone' ? { microphoneId: id } : { cameraId: id });
    void meeting.deviceChosen(kind);
  };
  const inUse = (track: MediaStreamTrack | null): string | undefined => track?.getSettings().deviceId;
  return (
    <div class="devices">
      <DeviceChoice
        icon="mic"
        label="Microphone"
        devices={microphones}
        chosen={inUse(microphone) ?? settings.microphoneId}
        onChoose={(id) => choose('microphone', id)}
      />
      <DeviceChoice
        icon="camera"
        label="Camera"
        devices={cameras}
        chosen={inUse(camera) ?? settings.cameraId}
        onChoose={(id) => choose('camera', id)}
      />
      <DeviceChoice
        icon="speaker"
        label="Speaker"
        devices={speakers}
        chosen={settings.speakerId}
        onChoose={(speakerId) => set({ speakerId })}
      />
    </div>
  );
}
