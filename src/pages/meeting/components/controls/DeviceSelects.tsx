import { useObservable } from '../../../shared/use-observable.ts';
import type { DeviceKind } from '../../media/devices.ts';
import { DEVICES } from '../../sentences.ts';
import { usePage, useSettings } from '../page-context.ts';
import { Icon, type IconName } from './Icon.tsx';

/** Microphone, camera and, where the browser lets pages choose it, speaker. */
export function DeviceSelects() {
  const { devices, meeting } = usePage();
  const [settings, change] = useSettings();
  const { microphones, cameras, speakers } = useObservable(devices);
  const { microphone, camera } = useObservable(meeting.tracks.current);
  const select = (kind: DeviceKind, deviceId: string): void => {
    change(kind === 'microphone' ? { microphoneId: deviceId } : { cameraId: deviceId });
    void meeting.deviceChanged(kind);
  };
  return (
    <div class="device-selects">
      <DeviceSelect
        icon="mic"
        label={DEVICES.microphone}
        devices={microphones}
        selected={deviceIdOf(microphone) ?? settings.microphoneId}
        onChange={(id) => select('microphone', id)}
      />
      <DeviceSelect
        icon="camera"
        label={DEVICES.camera}
        devices={cameras}
        selected={deviceIdOf(camera) ?? settings.cameraId}
        onChange={(id) => select('camera', id)}
      />
      <DeviceSelect
        icon="speaker"
        label={DEVICES.speaker}
        devices={speakers}
        selected={settings.speakerId}
        onChange={(speakerId) => change({ speakerId })}
      />
    </div>
  );
}

const deviceIdOf = (track: MediaStreamTrack | null): string | undefined => track?.getSettings().deviceId;

function DeviceSelect(props: {
  icon: IconName;
  label: string;
  devices: readonly MediaDeviceInfo[];
  selected: string | null;
  onChange: (deviceId: string) => void;
}) {
  const { devices, label, selected } = props;
  if (devices.length === 0) return null;
  const isKnown = devices.some(({ deviceId }) => deviceId === selected);
  return (
    <label class="device-select">
      <Icon name={props.icon} />
      <span class="visually-hidden">{label}</span>
      <select
        value={isKnown ? selected! : devices[0]!.deviceId}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {devices.map(({ deviceId, label: name }, index) => (
          <option key={deviceId} value={deviceId}>
            {name || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
